"""Who is signed in: a member's session belongs to one studio and holds the customer id and two times, nothing else."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone

from ..studios.studio import Studio

KEY = "member"
LONGEST_SECONDS = 8 * 60 * 60
# A busy page must not write the session with every request; the idle limit is long enough not to notice.
SEEN_AGAIN_SECONDS = 15


@dataclass(frozen=True)
class Member:
    """A signed-in member: everything a page may do, it does for this customer of this studio."""

    studio: Studio
    customer_id: int


def sign_in(request: HttpRequest, studio: Studio, customer_id: int) -> None:
    """Start a member's session under a new key; whatever the browser's session held before is gone."""
    request.session.flush()
    rotate_token(request)
    now = _now()
    request.session[KEY] = {"studio": studio.slug, "customer": customer_id, "since": now, "seen": now}


def signed_in(request: HttpRequest, studio: Studio) -> Member | None:
    """Return who is signed in at this studio, and take note that they are still there.

    None for everybody else: not signed in, at another studio, idle for MEMBER_IDLE_MINUTES, or over eight hours.
    """
    kept = request.session.get(KEY)
    if kept is None or kept["studio"] != studio.slug:
        return None
    now = _now()
    if now - kept["seen"] >= settings.MEMBER_IDLE_MINUTES * 60 or now - kept["since"] >= LONGEST_SECONDS:
        request.session.flush()
        return None
    if now - kept["seen"] >= SEEN_AGAIN_SECONDS:
        request.session[KEY] = kept | {"seen": now}
    request.signed_in = True  # type: ignore[attr-defined]  # for the templates
    return Member(studio, kept["customer"])


def sign_out(request: HttpRequest) -> None:
    """End the session; its key is worth nothing from now on."""
    request.session.flush()
    rotate_token(request)


def _now() -> int:
    return int(timezone.now().timestamp())
