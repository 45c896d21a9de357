"""The script for a gym's web site, and the door through which a frame on it begins."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.i18n import set_language

from ..cookies import set_cookie
from ..signin.session import signed_in
from ..studios.middleware import known_language
from ..studios.studio import Studio
from .context import cookie_name
from .loader import loader
from .pages import OVERVIEW, routes

YEAR = 365 * 24 * 60 * 60
A_WHILE = 10 * 60
# Stands in the address of the first page of a frame: the cookie that was set on the way there has to be there.
CHECK = "embed"
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)  # a weight of 0 is a no (RFC 9110, 12.4.2)


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Send the script that puts the portal into a page; any site may load it, for it holds nothing of anybody."""
    file = loader()
    compressed = bool(GZIP.search(request.headers.get("Accept-Encoding", "")))
    whole = HttpResponse(file.compressed if compressed else file.content, content_type="text/javascript; charset=utf-8")
    # Weak, because the same tag stands for the compressed and for the plain bytes.
    whole.headers["ETag"] = f'W/"{file.version}"'
    is_pinned = request.GET.get("v") == file.version
    whole.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if is_pinned else f"public, max-age={A_WHILE}"
    patch_vary_headers(whole, ("Accept-Encoding",))
    if compressed:
        whole.headers["Content-Encoding"] = "gzip"
    answer: HttpResponse = get_conditional_response(request, etag=whole.headers["ETag"], response=whole) or whole
    # Also on a 304, whose headers take the place of those that the browser has kept.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@require_safe
def door(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Lead a frame to the page that the web site asked for, in its language; the cookie set here shows if any work."""
    pages = routes(studio)
    target = pages.get(request.GET.get("page", ""), pages[OVERVIEW])
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return redirect(target)
    response = redirect(target if signed_in(request, studio) else _sign_in_url(studio, target))
    set_cookie(response, cookie_name(), "1")
    language = known_language(request.GET.get("language", ""))
    # In a frame the cookie is that site's own; in a window no link shall switch the language.
    if language and request.framed:  # type: ignore[attr-defined]  # set by FramedCookiesMiddleware
        set_cookie(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@require_safe
def window(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Lead a new window, opened from a frame in which cookies don't work, to the sign-in; remember the way back."""
    response = redirect("sign-in", studio=studio.slug)
    site = request.GET.get("site", "")
    if site in studio.embed_origins:
        set_cookie(response, cookie_name(), site)
    return response


def language(request: HttpRequest, studio: Studio) -> HttpResponse:  # noqa: ARG001  # the studio is in the address
    """Switch the language; below the studio, so that what goes wrong with it has the studio's look, also in a frame."""
    return set_language(request)


def _sign_in_url(studio: Studio, target: str) -> str:
    return f"{reverse('sign-in', kwargs={'studio': studio.slug})}?{urlencode({'next': target, CHECK: '1'})}"
