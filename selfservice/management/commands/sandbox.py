"""`manage.py sandbox`: serves the simulated PerfectGym API alone."""

from __future__ import annotations

import errno
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from selfservice.sandbox import Gym, Sandbox, start
from selfservice.sandbox.demo import load_keys


class Command(BaseCommand):
    """Serve until Ctrl-C."""

    help = "Serve the simulated PerfectGym API on this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Port and latency."""
        parser.add_argument("--port", type=int, default=9400, help="0 takes any free port (default: 9400)")
        parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="delay before every answer")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Start, say where, wait."""
        port = options["port"]
        try:
            sandbox = start(port, latency=options["latency"])
        except (OSError, OverflowError) as error:
            self.stderr.write(_sentence(port, error))
            sys.exit(1)
        with sandbox:
            self._introduce(sandbox)
            try:
                sandbox.wait()
            except KeyboardInterrupt:
                self.stdout.write("Stopped.")

    def _introduce(self, sandbox: Sandbox) -> None:
        self.stdout.write(f"Simulated PerfectGym API: {sandbox.base_url}")
        self.stdout.write(f"The studio's page:        {sandbox.studio_url}")
        self.stdout.write("API keys:")
        for value, key in load_keys().items():
            self.stdout.write(f"  {value}  ({key.studio.slug}: {', '.join(sorted(key.scopes))})")
        self.stdout.write("Members:")
        for member in Gym.demo_members():
            address = member.email or "no e-mail address"
            self.stdout.write(f"  {member.studio}  {member.name} ({address}, {member.customer_id}): {member.shows}")
        self.stdout.write("Stop with Ctrl-C.")
        self.stdout.flush()


def _sentence(port: int, error: OSError | OverflowError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {port} is already in use; choose another one with --port."
    return f"Port {port} can't be used; choose another one with --port."
