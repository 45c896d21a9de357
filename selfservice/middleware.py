"""Rules that hold for every request and every answer, whichever view gives it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .errors import error_page

GetResponse = Callable[[HttpRequest], HttpResponse]

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
        """Answer the request, or refuse it with 400 or 413 unread."""
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if charset not in CHARSETS or not _length(request).isdigit():
            return _unread(request, 400)
        if int(_length(request)) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return _unread(request, 413)
        return self.get_response(request)


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
    """Forbids every cache to keep a page, unless the view itself decided otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its caching and permissions spelled out."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
