"""`manage.py staff`: accounts of the people at the desk."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from selfservice.desk import accounts
from selfservice.studios.registry import find_studio

OPERATOR = "operator"
LONGEST = 150  # what Django keeps of a name


class Command(BaseCommand):
    """Add, list, disable and reset staff accounts."""

    help = "Accounts of the staff: add EMAIL --studio SLUG, list, disable EMAIL, reset EMAIL."

    def add_arguments(self, parser: CommandParser) -> None:
        """One command for each thing to do."""
        commands = parser.add_subparsers(dest="command", required=True)
        add = commands.add_parser("add", help="create an account, or let one work for another studio; prints its link")
        add.add_argument("email")
        add.add_argument("--studio", action="append", required=True, help="its name in studios.toml; may be repeated")
        add.add_argument("--manager", action="store_true", help="may also use /admin/: accounts and audit trail")
        commands.add_parser("list", help="all accounts and where they work")
        for name, does in (
            ("disable", "let nobody in with this account any more"),
            ("reset", "take password and app from an account; prints a new link"),
        ):
            commands.add_parser(name, help=does).add_argument("email")
        for one in (add, commands.choices["reset"]):
            one.add_argument("--url", default="", help="where the portal is, such as https://portal.gym.example")

    def handle(self, *_args: Any, command: str, **options: Any) -> None:
        """Do it."""
        getattr(self, command)(**options)

    def add(self, email: str, studio: list[str], manager: bool, url: str, **_options: Any) -> None:  # noqa: FBT001
        """Create the account and print its set-up link."""
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is no e-mail address.") from None
        if len(email) > LONGEST:
            raise CommandError(f"{email} is longer than {LONGEST} characters.")
        for slug in studio:
            if find_studio(slug) is None:
                raise CommandError(f"There is no studio {slug} in {settings.STUDIOS_FILE}.")
        account, token = accounts.add(email, studio, manager=manager, actor=OPERATOR)
        self.stdout.write(f"{account.get_username()} works for {', '.join(accounts.studios_of(account))}.")
        if token:
            self._say_link(studio[0], token, url)

    def list(self, **_options: Any) -> None:
        """Print all accounts."""
        for account in accounts.everybody():
            where = ", ".join(sorted(grant.studio for grant in account.studios.all())) or "no studio"
            state = ("ready" if accounts.is_ready(account) else "not set up") if account.is_active else "disabled"
            role = " (manager)" if account.is_staff else ""
            self.stdout.write(f"{account.get_username():<40} {state:<12} {where}{role}")

    def disable(self, email: str, **_options: Any) -> None:
        """Let nobody in with it, from the next click on."""
        account = _found(email)
        accounts.disable(account, OPERATOR)
        self.stdout.write(f"{account.get_username()} can't sign in any more.")

    def reset(self, email: str, url: str, **_options: Any) -> None:
        """Print a new set-up link."""
        account = _found(email)
        if not account.is_active:
            raise CommandError(f"{account.get_username()} is disabled; staff add with --studio lets it in again.")
        token = accounts.reset(account, OPERATOR)
        own = accounts.studios_of(account)
        if not own:
            raise CommandError(f"{account.get_username()} works for no studio; use staff add with --studio.")
        self._say_link(own[0], token, url)

    def _say_link(self, studio: str, token: str, url: str) -> None:
        path = reverse("desk-set-up", kwargs={"studio": studio, "token": token})
        self.stdout.write(f"Set-up link, valid for a day and once:\n{(url or _base_url()).rstrip('/')}{path}")


def _found(email: str) -> User:
    try:
        return accounts.find(email)
    except accounts.NoSuchAccount:
        raise CommandError(f"There is no account {email}.") from None


def _base_url() -> str:
    """Return where the portal is, as far as the settings tell."""
    host = next((host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"), "localhost")
    return f"https://{host}" if settings.SESSION_COOKIE_SECURE else f"http://{host}:8000"
