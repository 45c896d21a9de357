"""`manage.py audit purge --older-than DAYS`: the only way in which anything leaves the audit trail."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from selfservice.audit import purge


class Command(BaseCommand):
    """Remove what is too old to keep, and leave an entry that says so."""

    help = "Remove entries of the audit trail that are too old to keep; the trail notes that it was done."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and how old an entry has to be."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        purging = actions.add_parser("purge", help="remove old entries")
        purging.add_argument("--older-than", type=int, required=True, metavar="DAYS", help="at least 1")

    def handle(self, *_args: Any, older_than: int, **_options: Any) -> None:
        """Do it and say how many entries that were."""
        if not 1 <= older_than <= 36_500:
            raise CommandError("--older-than takes a number of days from 1 to 36500.")
        removed = purge(timezone.now() - timedelta(days=older_than))
        self.stdout.write(f"Removed {removed} entries older than {older_than} days; the trail says so.")
