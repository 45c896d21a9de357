"""Rules that hold for every request and every answer, whichever view gives it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from .errors import error_page, not_allowed

GetResponse = Callable[[HttpRequest], HttpResponse]

NO_STORE = "private, no-store"
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
CHARSETS = ("utf-8", "utf8")


class RequestGuardMiddleware:
    """Refuses what no page of ours sends, before anything reads it.

    Bodies beyond DATA_UPLOAD_MAX_MEMORY_SIZE, which Django applies to all but file parts; bodies of unknown length;
    and character sets other than UTF-8, some of which take minutes to decode (punycode) or are none at all (zlib).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or refuse it with 400 or 413 unread; a wrong method gets a page that says so."""
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if charset not in CHARSETS or not _length(request).isdigit():
            return _unread(request, 400)
        if int(_length(request)) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return _unread(request, 413)
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return not_allowed(request, response.headers["Allow"].split(", "))
        return response


def _length(request: HttpRequest) -> str:
    """Return the length the browser announced, "0" without a body, "" where it says that it will come in chunks."""
    if request.headers.get("Transfer-Encoding"):
        return ""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length if len(length) < 16 else ""


def _unread(request: HttpRequest, status: int) -> HttpResponse:
    response = error_page(request, status)
    # What was announced is still on its way; the connection can't be used again.
    response.headers["Connection"] = "close"
    return response


class NoStoreMiddleware:
    """Keeps answers out of every cache, unless the view itself decided otherwise, and out of other sites' pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its caching, permissions and readers spelled out."""
        response = self.get_response(request)
        if "no-store" in response.headers.get("Cache-Control", NO_STORE):
            response.headers["Cache-Control"] = NO_STORE  # Django's own pages say it in many words
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
