"""Browsers in which the owner of an address has signed in before: nobody keeps them out by asking for codes elsewhere.

The "device cookie" of OWASP's page on slowing down guessing attacks. It opens nothing, and holds a keyed hash of the
address and a random name, so that each browser has limits of its own.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from ..cookies import set_cookie
from ..fields.email import mailbox
from ..studios.studio import Studio

MAX_AGE = 180 * 24 * 60 * 60
SALT = "selfservice.signin.known"


def known_browser(request: HttpRequest, studio: Studio | None, address: str) -> str:
    """Return this browser's random name if the owner of this cleaned address was the last to sign in here, else "".

    Without a studio it is about the sign-in of staff, who work for several.
    """
    try:
        owner, browser = signing.loads(request.COOKIES.get(_name(studio), ""), salt=SALT, max_age=MAX_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return browser if constant_time_compare(owner, _owner(studio, address)) else ""


def remember(request: HttpRequest, response: HttpResponse, studio: Studio | None, address: str) -> None:
    """Note in this browser that the owner of this cleaned address has signed in; it keeps the name it had for them."""
    browser = known_browser(request, studio, address) or secrets.token_urlsafe(16)
    set_cookie(response, _name(studio), signing.dumps([_owner(studio, address), browser], salt=SALT), MAX_AGE)


def _owner(studio: Studio | None, address: str) -> str:
    where = studio.slug if studio else ""
    return salted_hmac(SALT, f"{where}:{mailbox(address)}", algorithm="sha256").hexdigest()


def _name(studio: Studio | None) -> str:
    return settings.KNOWN_COOKIE_NAME if studio else settings.KNOWN_STAFF_COOKIE_NAME  # type: ignore[misc,no-any-return]  # computed, so the plugin does not know them
