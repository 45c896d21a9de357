"""Who is on duty at the desk: signed in with two factors, not locked, and working for the studio of the page."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import django_otp
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_otp.models import Device

from ..cookies import set_cookie
from ..models import Duty, Helped
from ..studios.studio import Studio
from . import accounts

KEY = "desk"
BACKEND = "django.contrib.auth.backends.ModelBackend"
LONGEST = timedelta(hours=8)
# A busy page must not write with every request.
SEEN_AGAIN = timedelta(seconds=15)
# How long after a page has gone the next one has to be there; else the browser or its tab was closed.
CLOSED = timedelta(seconds=20)
PROVEN = timedelta(minutes=10)


class State(StrEnum):
    """What this browser shows: the desk, nothing until somebody unlocks it, or only what a member is to sign."""

    OPEN = "open"
    LOCKED = "locked"
    HANDED_OVER = "handed-over"


@dataclass(frozen=True)
class Staff:
    """Somebody on duty for a studio."""

    account: User
    studio: Studio
    duty: Duty

    @property
    def name(self) -> str:
        """The address that the account and the audit trail call them by."""
        return self.account.get_username()

    @property
    def idle_seconds(self) -> int:
        """How long the desk stays open while nobody does anything."""
        return int(settings.DESK_IDLE_MINUTES * 60)

    @property
    def has_just_proven(self) -> bool:
        """Whether their last code is at most ten minutes old."""
        proven = Duty.objects.filter(pk=self.duty.pk, proven__gte=timezone.now() - PROVEN)
        return proven.exists()


class NotOnDuty(Exception):
    """Nobody may see the desk here now: nobody is signed in, or the state says what has to happen first."""

    def __init__(self, state: State | None = None) -> None:
        super().__init__(state or "nobody")
        self.state = state


class AnotherStudio(Exception):
    """The person on duty does not work for the studio of this page."""


def sign_in(request: HttpRequest, account: User, device: Device) -> None:
    """Start a session under a new key; whatever the browser's session held before is gone."""
    now = timezone.now()
    Duty.objects.filter(since__lt=now - LONGEST).delete()
    request.session.clear_expired()
    end(request)
    login(request, account, backend=BACKEND)
    django_otp.login(request, device)
    name = secrets.token_hex(16)
    Duty.objects.create(name=name, user=account, state=State.OPEN, since=now, seen=now, proven=now)
    request.session[KEY] = name


def end(request: HttpRequest) -> None:
    """End the session for good, whatever other requests of it are on their way."""
    Duty.objects.filter(name=request.session.get(KEY, "")).delete()
    request.session.flush()


def duty_of(request: HttpRequest) -> Duty | None:
    """Return what is known of this session at the desk, locked or not.

    None when it has ended, or when its account may not sign in any more.
    """
    name, account = request.session.get(KEY), request.user
    if not name or not isinstance(account, User) or not account.is_verified():  # type: ignore[attr-defined]
        return None
    return (
        Duty.objects.select_related("user").filter(name=name, user=account, since__gt=timezone.now() - LONGEST).first()
    )


def whose(request: HttpRequest) -> User | None:
    """Return whose session this is, locked or not, None when there is none."""
    duty = duty_of(request)
    return request.user if duty and isinstance(request.user, User) else None


def on_duty(request: HttpRequest, studio: Studio, *, states: tuple[State, ...] = (State.OPEN,)) -> Staff:
    """Return who is on duty for this studio; raises NotOnDuty or AnotherStudio. Locks when nobody was there."""
    duty = _current(request)
    if duty is None:
        raise NotOnDuty
    if duty.state not in states:
        raise NotOnDuty(State(duty.state))
    if not accounts.works_for(duty.user, studio.slug):
        raise AnotherStudio
    _touch(duty)
    return Staff(duty.user, studio, duty)


def state(request: HttpRequest) -> State | None:
    """Return what the browser may show now, None without a session; one that was left alone is locked from then on."""
    duty = _current(request)
    return State(duty.state) if duty else None


def _current(request: HttpRequest) -> Duty | None:
    """Return the session as it is now. Only what has to change is written: most pages just read."""
    duty, now = duty_of(request), timezone.now()
    idle = now - timedelta(minutes=settings.DESK_IDLE_MINUTES)
    closed = now - CLOSED
    if duty is None or duty.state != State.OPEN or not (duty.seen <= idle or (duty.left and duty.left < closed)):
        return duty
    # Somebody may have touched another window meanwhile.
    alone = Q(seen__lte=idle) | Q(left__lt=closed)
    Duty.objects.filter(alone, pk=duty.pk, state=State.OPEN).update(state=State.LOCKED)
    return duty_of(request)


def is_open(request: HttpRequest) -> bool:
    """Say whether the desk is open in this browser."""
    return state(request) is State.OPEN


def set_state(request: HttpRequest, wanted: State, signing: int | None = None) -> None:
    """Lock, hand over or open."""
    _own(request).update(state=wanted, seen=timezone.now(), left=None, signing=signing)


def turned(response: HttpResponse) -> HttpResponse:
    """Let the browser forget the pages it keeps for Back: it drops those of before a cookie has changed."""
    response.headers["Clear-Site-Data"] = '"cache"'
    name = settings.DESK_COOKIE_NAME  # type: ignore[misc]  # computed, so the plugin does not know it
    set_cookie(response, name, secrets.token_hex(8))
    return response


def proven(request: HttpRequest) -> None:
    """Note that the person on duty has just entered a code."""
    _own(request).update(proven=timezone.now())


def here(request: HttpRequest) -> None:
    """Note that somebody is there; it opens nothing that is locked."""
    if duty := duty_of(request):
        _touch(duty)


def _touch(duty: Duty) -> None:
    now = timezone.now()
    if duty.left is not None or duty.seen <= now - SEEN_AGAIN:
        Duty.objects.filter(pk=duty.pk).exclude(state=State.LOCKED).update(seen=now, left=None)


def left(request: HttpRequest) -> None:
    """Note that a page has gone; if none follows, it was closed."""
    _own(request).update(left=timezone.now())


def open_member(staff: Staff, customer_id: int) -> bool:
    """Note that this member is being helped; say whether that is new."""
    whom = _helped(staff, customer_id)
    line, is_new = Helped.objects.get_or_create(**whom)
    return is_new or (line.done and Helped.objects.filter(**whom, done=True).update(done=False) == 1)


def is_done(staff: Staff, customer_id: int) -> bool:
    """Say whether the person on duty has said that they are done with this member."""
    return Helped.objects.filter(**_helped(staff, customer_id), done=True).exists()


def done_with(staff: Staff, customer_id: int) -> None:
    """Note that helping this member has ended."""
    Helped.objects.update_or_create(**_helped(staff, customer_id), defaults={"done": True})


def _helped(staff: Staff, customer_id: int) -> dict[str, Any]:
    return {"duty": staff.duty, "studio": staff.studio.slug, "customer_id": customer_id}


def _own(request: HttpRequest) -> QuerySet[Duty]:
    return Duty.objects.filter(name=request.session.get(KEY, ""))
