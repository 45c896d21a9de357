"""`manage.py faults`: every way an answer can go wrong on every call of the portal, and what its pages make of it."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from selfservice.perfectgym.deadline import PAGE_SECONDS
from selfservice.trials import table
from selfservice.trials.run import cases, run
from selfservice.trials.surroundings import surroundings


class Command(BaseCommand):
    """Print the table; end with an error when a page came late or said something untrue."""

    help = "Try every fault of the simulated API on every call of the portal"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Another deadline, or a part of the table."""
        parser.add_argument(
            "--deadline", type=float, default=PAGE_SECONDS, metavar="SECONDS", help="of a page (default: the real one)"
        )
        parser.add_argument("--only", default="", metavar="TEXT", help='lines with this text, such as "stall" or "TLS"')

    def handle(self, *_args: Any, deadline: float, only: str, **_options: Any) -> None:
        """Try, print, count."""
        with TemporaryDirectory() as folder, surroundings(deadline) as around:
            _own_database(Path(folder))
            if not around.has_tls:
                self.stderr.write("There is no openssl on this machine, so TLS is left out.")
            wanted = [
                case
                for case in cases(deadline, tls=around.has_tls)
                if only in f"{case.call} {case.label} {case.transport}"
            ]
            if not wanted:
                raise CommandError(f"No line has the text {only!r}.")
            report = run(around, wanted)
            for text in table.lines(report):
                self.stdout.write(text)
        if not table.is_fine(report):
            sys.exit(1)


def _own_database(folder: Path) -> None:
    """Leave the demo's own file alone."""
    connections.close_all()
    connections.settings["default"]["NAME"] = folder / "faults.sqlite3"
    connections["default"].settings_dict["NAME"] = folder / "faults.sqlite3"
    call_command("migrate", verbosity=0, interactive=False)
