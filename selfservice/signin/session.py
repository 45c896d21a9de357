"""Who is signed in: a member's session belongs to one studio and holds the customer id and two times, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ..models import BrowserSession
from ..sessions import KEY, row_key
from ..studios.studio import Studio

LONGEST_SECONDS = 8 * 60 * 60
# A busy page must not write the session with every request; the idle limit is long enough not to notice.
SEEN_AGAIN_SECONDS = 15
WARN_SECONDS = 60
RENEW = "renew"


@dataclass(frozen=True)
class Member:
    """A signed-in member: everything a page may do, it does for this customer of this studio."""

    studio: Studio
    customer_id: int


@dataclass(frozen=True)
class TimeLeft:
    """How long a sign-in holds without another click: seconds; `can_stay`: a click prolongs it. `mark` is mark()'s."""

    mark: str
    seconds: int
    can_stay: bool

    @property
    def warn_seconds(self) -> int:
        """How long before the end a page warns; where sessions are very short, not from their beginning."""
        return min(WARN_SECONDS, settings.MEMBER_IDLE_MINUTES * 30)


def sign_in(request: HttpRequest, studio: Studio, customer_id: int) -> None:
    """Start a member's session under a new key; whatever the browser's session held before is gone."""
    request.session.clear_expired()  # everybody's: so they need no clearing by themselves
    request.session.flush()
    rotate_token(request)
    now = _now()
    request.session[KEY] = {"studio": studio.slug, "customer": customer_id, "since": now, "seen": now}


def signed_in(request: HttpRequest, studio: Studio) -> Member | None:
    """Return who is signed in at this studio, and take note that they are still there.

    None for everybody else: not signed in, at another studio, idle for MEMBER_IDLE_MINUTES, or over eight hours.
    """
    kept = _kept(request, studio)
    if kept is None:
        return None
    if _left(kept) <= 0:
        request.session.flush()
        request.sign_in_ended = True  # type: ignore[attr-defined]  # for whoever has to say why
        return None
    if request.session.pop(RENEW, False):
        renew_key(request)
    if _now() - kept["seen"] >= SEEN_AGAIN_SECONDS:
        request.session[KEY] = kept | {"seen": _now()}
    request.signed_in = _time_left(request, request.session[KEY])  # type: ignore[attr-defined]  # for the templates
    return Member(studio, kept["customer"])


def time_left(request: HttpRequest, studio: Studio) -> TimeLeft | None:
    """Return how long the sign-in at this studio still holds, without prolonging it; None when it does not."""
    kept = _kept(request, studio)
    return _time_left(request, kept) if kept and _left(kept) > 0 else None


def _kept(request: HttpRequest, studio: Studio) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = request.session.get(KEY)
    return kept if kept and kept["studio"] == studio.slug else None


def _left(kept: Mapping[str, Any]) -> int:
    seen, since = int(kept["seen"]), int(kept["since"])
    return min(seen + settings.MEMBER_IDLE_MINUTES * 60, since + LONGEST_SECONDS) - _now()


def _time_left(request: HttpRequest, kept: Mapping[str, Any]) -> TimeLeft:
    left = _left(kept)
    return TimeLeft(mark(request), left, can_stay=kept["since"] + LONGEST_SECONDS - _now() > left)


def sign_out(request: HttpRequest) -> None:
    """End the session; its key is worth nothing from now on."""
    request.session.flush()
    rotate_token(request)


def end_others(request: HttpRequest, studio: Studio, customer_id: int) -> None:
    """End all sessions of this customer but the one of this browser."""
    own = row_key(request.session.session_key)
    BrowserSession.objects.filter(studio=studio.slug, customer_id=customer_id).exclude(session_key=own).delete()


def renew_key(request: HttpRequest) -> None:
    """Let this browser's session go on under a new key; not for an answer of 5xx, with which no cookie is sent."""
    request.session.cycle_key()


def renew_key_later(request: HttpRequest) -> None:
    """Let the next page of this session give it a new key."""
    request.session[RENEW] = True
    request.session.save()  # the middleware saves nothing with an answer of 5xx


def mark(request: HttpRequest) -> str:
    """Return what tells this browser's session from every other, and what nobody can open it with."""
    return salted_hmac("selfservice.session", request.session.session_key or "", algorithm="sha256").hexdigest()[:32]


def _now() -> int:
    return int(timezone.now().timestamp())
