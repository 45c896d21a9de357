"""One-time codes: made, tried and used up. The database holds keyed hashes alone, the browser holds the nonce.

A code is worth something only together with the nonce of the browser that asked for it: every challenge has its own. A
challenge may be bound to more than that, such as the change that it confirms; whoever asks for it then adds the same.
With at most forty codes a day for an address (see limits) and five tries for each, 200 guesses a day meet 10^8.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from ..models import SignInChallenge

VALID = timedelta(minutes=10)
TRIES = 5
DIGITS = 8
KEPT = timedelta(days=1)


class State(StrEnum):
    """Where a challenge stands."""

    OPEN = "open"
    PROVEN = "proven"
    EXPIRED = "expired"
    TOO_MANY_TRIES = "too-many-tries"
    USED = "used"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Standing:
    """A challenge as it is now. `mailed`: somebody got its code, so trying it means something."""

    state: State
    tries_left: int = 0
    mailed: bool = False


def new_code() -> str:
    """Return eight random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def spaced(code: str) -> str:
    """Return a code as a mail shows it."""
    return f"{code[:4]} {code[4:]}"


def new_nonce() -> str:
    """Return what the browser keeps, and what nobody can guess."""
    return secrets.token_urlsafe(24)


def begin(studio: str, code: str | None) -> str:
    """Open a challenge and return its nonce, for the browser alone; without a code it looks alike, but none fits."""
    nonce = new_nonce()
    put(studio, nonce, code)
    return nonce


def put(studio: str, nonce: str, code: str | None) -> None:
    """Open the challenge that this nonce finds, in place of the one before it, whose code is worth nothing from now on.

    Challenges that ended long ago are cleared away on this occasion.
    """
    now = timezone.now()
    SignInChallenge.objects.filter(created__lt=now - KEPT).delete()
    code_hash = _hash("code", nonce, code) if code else ""
    SignInChallenge.objects.update_or_create(
        studio=studio,
        browser_hash=_hash("browser", nonce),
        defaults={"code_hash": code_hash, "created": now, "tries": 0, "proven": None, "used": False},
    )


def bound(nonce: str, bound_to: str) -> str:
    """Return the nonce of a challenge that is bound to more than itself: found only together with the same."""
    return f"{nonce}:{bound_to}"


def give_up(studio: str, nonce: str) -> None:
    """Make the code of this challenge worthless."""
    _challenge(studio, nonce).delete()


def standing(studio: str, nonce: str) -> Standing:
    """Return where the challenge stands; UNKNOWN at any studio but its own."""
    challenge = _challenge(studio, nonce).first()
    if challenge is None:
        return Standing(State.UNKNOWN)
    return Standing(_state(challenge), max(0, TRIES - challenge.tries), mailed=bool(challenge.code_hash))


def attempt(studio: str, nonce: str, code: str) -> Standing:
    """Try a code of eight digits. PROVEN when it is right; OPEN when it is wrong and there are tries left."""
    challenge = _challenge(studio, nonce)
    trying = challenge.filter(proven=None, created__gt=timezone.now() - VALID, tries__lt=TRIES)
    # One statement spends the try before anything is compared: however many guesses arrive at once, five are looked at.
    if trying.update(tries=F("tries") + 1):
        expected = challenge.values_list("code_hash", flat=True).first() or ""
        if constant_time_compare(expected, _hash("code", nonce, code)):
            challenge.filter(proven=None).update(proven=timezone.now())
    return standing(studio, nonce)


def use_up(studio: str, nonce: str) -> bool:
    """Say whether this proven challenge may sign somebody in, and make sure that it never does again."""
    proven = _challenge(studio, nonce).filter(used=False, proven__gt=timezone.now() - VALID)
    return proven.update(used=True) == 1


def give_back(studio: str, nonce: str) -> None:
    """Let a proof count again that was used up for something that then provably did not happen."""
    _challenge(studio, nonce).filter(used=True).update(used=False)


def _challenge(studio: str, nonce: str) -> QuerySet[SignInChallenge]:
    return SignInChallenge.objects.filter(studio=studio, browser_hash=_hash("browser", nonce))


def _state(challenge: SignInChallenge) -> State:
    if challenge.used:
        return State.USED
    if (challenge.proven or challenge.created) <= timezone.now() - VALID:
        return State.EXPIRED
    if challenge.proven:
        return State.PROVEN
    return State.TOO_MANY_TRIES if challenge.tries >= TRIES else State.OPEN


def _hash(kind: str, *parts: str) -> str:
    return salted_hmac(f"selfservice.signin.{kind}", ":".join(parts), algorithm="sha256").hexdigest()
