"""What the browser remembers while somebody signs in: a signed cookie, so that nothing of it is stored here."""

from dataclasses import asdict, dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from ..cookies import set_cookie
from ..studios.studio import Studio

# Longer than a code is valid, so that the page can say that it ran out and offer another for the same address.
MAX_AGE = 15 * 60


@dataclass(frozen=True)
class Claim:
    """Somebody claims to own `address` (cleaned); `nonce` finds the challenge to prove it, `then` is the next page."""

    nonce: str
    address: str
    then: str = ""


def read_claim(request: HttpRequest, studio: Studio) -> Claim | None:
    """Return this browser's claim at this studio; None when there is none, when it is too old or not signed by us."""
    try:
        content = signing.loads(request.COOKIES.get(_name(), ""), salt=_salt(studio), max_age=MAX_AGE)
        return Claim(**content)
    except (signing.BadSignature, TypeError):  # TypeError: a release before this one kept other parts
        return None


def keep_claim(response: HttpResponse, studio: Studio, claim: Claim) -> None:
    """Let the browser remember the claim for another 15 minutes."""
    set_cookie(response, _name(), signing.dumps(asdict(claim), salt=_salt(studio)), MAX_AGE)


def forget_claim(response: HttpResponse) -> None:
    """Let the browser forget the claim."""
    # Not delete_cookie(), which marks __Host- cookies as Secure only by their name and knows no HttpOnly.
    response.set_cookie(
        _name(),
        max_age=0,
        expires="Thu, 01 Jan 1970 00:00:00 GMT",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _name() -> str:
    return settings.SIGN_IN_COOKIE_NAME  # type: ignore[misc,no-any-return]  # computed, so the plugin does not know it


def _salt(studio: Studio) -> str:
    return f"selfservice.signin.claim:{studio.slug}"
