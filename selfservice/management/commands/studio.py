"""`manage.py studio`: whether key, base URL and scopes of the studios work; what a web site pastes to show one."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from selfservice.embed.snippet import instructions, own_address
from selfservice.perfectgym.client import Deadline
from selfservice.perfectgym.errors import GymError, KeyRejected, NotFound, ScopeMissing
from selfservice.studios.loading import StudiosFileError
from selfservice.studios.registry import all_studios
from selfservice.studios.studio import Studio

# A customer nobody has and an address nobody owns: reading them shows whether a scope is there, and nobody's data.
NOBODY = 0
NOBODYS_ADDRESS = "scope-check@portal.invalid"


class Command(BaseCommand):
    """Look at studios from the command line."""

    help = "check [SLUG]: say whether key, base URL and scopes of the studios work; embed SLUG: what a web site pastes"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Name what to do, and for which studio."""
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="say whether key, base URL and scopes work")
        check.add_argument("slug", nargs="?", help="one studio; without it all of them")
        embed = actions.add_parser("embed", help="print what a web site pastes to show the portal in a frame")
        embed.add_argument("slug", help="the studio")
        embed.add_argument("--base-url", default="", help="where the portal is (default: the first of ALLOWED_HOSTS)")

    def handle(self, *_args: Any, action: str, slug: str | None, **options: Any) -> None:
        """Do what was named; end with an error when something does not work."""
        if action == "embed":
            for studio in self._chosen(slug):
                self.stdout.write(instructions(studio, options["base_url"] or own_address()))
        else:
            self._check_all(slug)

    def _check_all(self, slug: str | None) -> None:
        logging.getLogger("selfservice.perfectgym").setLevel(logging.WARNING)  # this command says it in words
        failed = [studio.slug for studio in self._chosen(slug) if not self._check(studio)]
        if failed:
            raise CommandError(f"Not ready: {', '.join(failed)}.")

    def _chosen(self, slug: str | None) -> list[Studio]:
        try:
            studios = all_studios()
        except StudiosFileError as error:
            raise CommandError(str(error)) from None
        if slug is None:
            return list(studios.values())
        if slug not in studios:
            raise CommandError(f"There is no studio {slug}; there are {', '.join(studios)}.")
        return [studios[slug]]

    def _check(self, studio: Studio) -> bool:
        """Ask for the key first, then read once per scope; print a line for each."""
        self.stdout.write(f"{studio.slug} at {studio.base_url}")
        language = studio.language
        if not self._line("API key", lambda: studio.gym.check_key(deadline=_soon())):
            return False
        reads: dict[str, Callable[[], object]] = {
            "CUSTOMER_SELF_SERVICE_READ": lambda: studio.gym.read(
                NOBODY, "contact-data", language=language, deadline=_soon()
            ),
            "CUSTOMER_READ": lambda: studio.gym.search_customers(
                email=NOBODYS_ADDRESS, language=language, deadline=_soon()
            ),
            "STUDIO_READ": lambda: studio.gym.studio_information(language=language, deadline=_soon()),
        }
        works = [self._line(scope, read) for scope, read in reads.items()]
        self.stdout.write(
            "  CUSTOMER_SELF_SERVICE_WRITE: can't be tried without changing something; the first change shows it"
        )
        return all(works)

    def _line(self, what: str, read: Callable[[], object]) -> bool:
        problem = _problem(read)
        self.stdout.write(f"  {what}: {problem or 'works'}")
        return not problem


def _soon() -> Deadline:
    return Deadline.after(5)


def _problem(read: Callable[[], object]) -> str:
    try:
        read()
    except NotFound:
        return ""  # allowed to ask, and there is nobody
    except KeyRejected:
        return "the API does not accept this key; compare it with the one in PerfectGym"
    except ScopeMissing:
        return "the key lacks this scope; have it added in PerfectGym"
    except GymError as error:
        return f"no usable answer from this base URL ({error})"
    return ""
