"""`manage.py demo`: a simulated gym, the portal in front of it, and the gym's web site, on this machine alone."""

import signal
import socket
from socketserver import ThreadingMixIn
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer

from portal.handler import PortalHandler
from selfservice.demo import staff
from selfservice.demo.gym import studios_of
from selfservice.demo.site import address, gym_site
from selfservice.sandbox import Gym, Sandbox, start


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class Command(BaseCommand):
    """Start all three, print who can sign in and where the mails are read, and serve until Ctrl-C."""

    help = "Start the simulated API and the portal against it; nothing to configure, nothing leaves this machine."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """All ports can be chosen, in case one is taken."""
        parser.add_argument("--port", type=int, default=8000, help="where the portal listens (default 8000)")
        parser.add_argument("--api-port", type=int, default=9400, help="where the simulated API listens (default 9400)")
        parser.add_argument("--site-port", type=int, default=8001, help="where the gym's web site is (default 8001)")

    def handle(self, *_args: Any, port: int, api_port: int, site_port: int, **_options: Any) -> None:
        """Run until Ctrl-C or SIGTERM."""
        _refuse_busy(port, "--port", "PORT")
        _refuse_busy(api_port, "--api-port", "API_PORT")
        _refuse_busy(site_port, "--site-port", "SITE_PORT")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        call_command("migrate", verbosity=0, interactive=False)
        with (
            start(api_port) as api,
            studios_of(api, address(site_port)),
            gym_site(site_port, f"http://localhost:{port}") as site,
            _portal(port) as portal,
        ):
            staff.prepare_staff()
            self._say(port, api, site)
            try:
                portal.serve_forever(0.05)
            except KeyboardInterrupt:
                self.stdout.write("\nThe demo has ended; what was changed in it is gone.")

    def _say(self, port: int, api: Sandbox, site: str) -> None:
        lines = [
            "",
            f"  The portal              http://localhost:{port}/",
            f"  … on a gym's web site   {site}/",
            f"  Mails, with the codes   http://localhost:{port}/demo/mails/   (and here)",
            f"  The studio's side       {api.base_url}/_studio/   (accept or reject what waits)",
            "",
            f"  The desk, for staff     http://localhost:{port}/berlin-mitte/desk/",
            f"    e-mail {staff.EMAIL}, password {staff.PASSWORD}",
            f"    code   {staff.current_code()} now; in an app, or later from: oathtool --totp -b {staff.secret()}",
            "",
            "  Who can sign in, and what they show:",
            *(line for studio in _members() for line in studio),
            "",
            "  Ctrl-C ends the demo.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _portal(port: int) -> _Server:
    server = _Server(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(PortalHandler())
    return server


def _members() -> list[list[str]]:
    studios: dict[str, list[str]] = {}
    for slug, name, email, _customer_id, shows in Gym.demo_members():
        lines = studios.setdefault(slug, ["", f"  {slug}"])
        lines.append(f"    {email or '(no e-mail address)':<34} {name:<24} {shows}")
    return list(studios.values())


def _refuse_busy(port: int, option: str, variable: str) -> None:
    other = f"choose another with {option}, or make demo {variable}=NUMBER"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(f"Port {port} is in use; {other}.") from None
        except OverflowError:
            raise CommandError(f"{port} is no port from 1 to 65535; {other}.") from None
