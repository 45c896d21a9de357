"""A small internet on loopback, over TLS: the portal, a gym's web site, and sites that mean harm."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from portal.handler import PortalHandler

PORTAL, GYM, OTHER_GYM, EVIL = "portal.example", "www.gym.test", "www.other-gym.test", "evil.invalid-site.test"
SAME_SITE = "portal.gym.test"
HOSTS = (PORTAL, GYM, OTHER_GYM, EVIL, SAME_SITE)
STUDIO = "berlin-mitte"
Answer = tuple[str, dict[str, str]]


class Web:
    """Where the sites are, and what those beside the portal show."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, Answer] = {}

    def url(self, host: str) -> str:
        return f"https://{host}:{self.port}"

    @property
    def portal(self) -> str:
        return self.url(PORTAL)

    @property
    def gym(self) -> str:
        return self.url(GYM)

    def put(self, html: str, host: str = GYM, path: str = "/", **headers: str) -> str:
        """Let a site show a page, and return its address; `content_security_policy="…"` is a header."""
        self.pages[f"{host}{path}"] = html, {name.replace("_", "-"): value for name, value in headers.items()}
        return self.url(host) + path

    def snippet(self, studio: str = STUDIO, portal: str = PORTAL, **options: str) -> str:
        """Return the script element that a gym pastes; `data_…` by their own names."""
        data = "".join(f' data-{name.replace("_", "-")}="{value}"' for name, value in options.items())
        return f'<script async src="{self.url(portal)}/embed.js" data-studio="{studio}"{data}></script>'

    def gym_page(self, portal: str = "", *, before: str = "", after: str = "") -> str:
        """Return a gym's page around the portal, with something to focus before and behind it."""
        return PAGE.format(portal=portal or self.snippet(), before=before, after=after)

    def answer(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answer as the web sites beside the portal."""
        host = environ["HTTP_HOST"].partition(":")[0]
        html, headers = self.pages.get(f"{host}{environ['PATH_INFO']}", ("", {}))
        start_response("200 OK" if html else "404 Not Found", [("Content-Type", "text/html"), *headers.items()])
        return [html.encode()]


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A gym</title><body style="margin: 0 auto; max-width: 60rem; padding: 0 1rem; font-family: sans-serif">
<h1>Your membership</h1>{before}<p><a id="before" href="#before">Before the portal</a></p>
{portal}
<p><a id="after" href="#after">Behind the portal</a></p>{after}
</body></html>"""


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """Browsers end connections as they like."""


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def served_web(folder: Path, portal: PortalHandler) -> Iterator[Web]:
    """Serve the portal and all sites beside it from one port."""
    server = _Server(("127.0.0.1", 0), _Handler, connections_override={})
    server.base_environ["HTTPS"] = "on"
    server.socket = _context(folder).wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    web = Web(server.server_port)

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_portal = environ["HTTP_HOST"].partition(":")[0] in (PORTAL, SAME_SITE)
        return portal(environ, start_response) if is_portal else web.answer(environ, start_response)

    server.set_app(answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def has_openssl() -> bool:
    return bool(shutil.which("openssl"))


def _context(folder: Path) -> ssl.SSLContext:
    key, certificate = folder / "web.key", folder / "web.crt"
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=web"]
    names = "subjectAltName=" + ",".join(f"DNS:{host}" for host in HOSTS)
    command = ["openssl", "req", "-x509", *new, "-addext", names, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
