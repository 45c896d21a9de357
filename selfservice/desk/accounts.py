"""Staff accounts: Django's users, called by their e-mail address, with the studios that they may work for."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..audit import Action, record
from ..models import SetUpLink, StaffStudio
from . import factors

LINK_VALID = timedelta(hours=24)


class NoSuchAccount(Exception):
    """Nobody has an account with this address."""


def find(email: str) -> User:
    """Return the account with this address; raises NoSuchAccount."""
    account = User.objects.filter(username=_called(email)).first()
    if account is None:
        raise NoSuchAccount
    return account


def everybody() -> list[User]:
    """Return all accounts with their studios, in the order of their addresses."""
    return list(User.objects.prefetch_related("studios").order_by("username"))


def studios_of(account: User) -> list[str]:
    """Return the slugs of the studios that an account may work for."""
    return sorted(StaffStudio.objects.filter(user=account).values_list("studio", flat=True))


def works_for(account: User, studio: str) -> bool:
    """Say whether an account may work for this studio."""
    return StaffStudio.objects.filter(user=account, studio=studio).exists()


def is_ready(account: User) -> bool:
    """Say whether the person has set up their password and their codes."""
    return bool(TOTPDevice.objects.filter(user=account, confirmed=True).exists())


@transaction.atomic
def add(email: str, studios: Iterable[str], *, manager: bool, actor: str) -> tuple[User, str]:
    """Create an account, or let one that exists work for more studios; return it and the token of its set-up link.

    The token is "" when the account has been set up already. A manager sees /admin/. `actor` is who does it.
    """
    account, _ = User.objects.get_or_create(username=_called(email), defaults={"email": _called(email)})
    account.is_staff = account.is_staff or manager
    account.is_active = True
    account.save()
    for studio in studios:
        StaffStudio.objects.get_or_create(user=account, studio=studio)
        _record("added", account, studio, actor, ["manager"] if manager else [])
    return account, "" if is_ready(account) else new_link(account)


@transaction.atomic
def disable(account: User, actor: str) -> None:
    """Let nobody in with this account, from the next click on.

    Whoever lets it in again gives it a new set-up link: neither its sessions nor a lost phone come back with it.
    """
    account.is_active = False
    _take_all(account)
    note("disabled", account, actor)


@transaction.atomic
def reset(account: User, actor: str) -> str:
    """Take password, codes and backup codes from an account, end its sessions, return the token of a set-up link.

    An account that was disabled stays so, and its link opens nothing.
    """
    _take_all(account)
    note("reset", account, actor)
    return new_link(account)


def new_link(account: User) -> str:
    """Return the token of a set-up link, valid for a day and once; the one before it stops working."""
    token = secrets.token_urlsafe(32)
    kept = {"token_hash": _hash(token), "expires": timezone.now() + LINK_VALID}
    SetUpLink.objects.update_or_create(user=account, defaults=kept)
    return token


def owner_of(token: str) -> User | None:
    """Return whose account this link sets up, None when it has been used or has run out."""
    link = SetUpLink.objects.filter(token_hash=_hash(token), expires__gt=timezone.now()).select_related("user").first()
    return link.user if link and link.user.is_active else None


@transaction.atomic
def set_up(token: str, account: User, password: str, key: str) -> list[str]:
    """Give the owner of this link password and key, once; return the backup codes, [] when it was used."""
    used, _ = SetUpLink.objects.filter(token_hash=_hash(token), user=account, expires__gt=timezone.now()).delete()
    if not used:
        return []
    account.set_password(password)
    account.save()
    note("set-up", account, account.get_username())
    return factors.enrol(account, key)


def _called(email: str) -> str:
    return email.strip().lower()


def _take_all(account: User) -> None:
    """Take password, codes, link and, with the password, sessions from an account."""
    account.set_unusable_password()
    account.save()
    factors.remove(account)
    SetUpLink.objects.filter(user=account).delete()


def note(outcome: str, account: User, actor: str, *, fields: Iterable[str] = (), before: Iterable[str] = ()) -> None:
    """Record what was done to an account, at each of its studios and those it worked for `before`."""
    for studio in sorted({*studios_of(account), *before}) or [""]:
        _record(outcome, account, studio, actor, fields)


def _record(outcome: str, account: User, studio: str, actor: str, fields: Iterable[str] = ()) -> None:
    record(
        Action.ACCOUNT,
        studio=studio,
        actor=actor,
        customer_id=None,
        fields=fields,
        outcome=outcome,
        account=account.get_username(),
    )


def _hash(token: str) -> str:
    return salted_hmac("selfservice.desk.set-up", token, algorithm="sha256").hexdigest()
