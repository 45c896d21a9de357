"""Notices, before anything is typed, that a browser keeps no cookies inside the frame, and shows a way that works."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from ..studios.studio import Studio
from .context import cookie_name
from .views import CHECK

GetResponse = Callable[[HttpRequest], HttpResponse]


class CookieCheckMiddleware:
    """Stands before the CSRF check, which without cookies could only say that something is wrong."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Answer in the place of a page that needs cookies where there are none; leave everything else alone."""
        studio = kwargs.get("studio")
        if not isinstance(studio, Studio):
            return None
        if request.method == "POST":
            return None if _keeps_cookies(request) or not _framed(request) else _blocked(request, studio, 403)
        return _instead_of_sign_in(request, studio) if _is_sign_in(request) else None


def _instead_of_sign_in(request: HttpRequest, studio: Studio) -> HttpResponse | None:
    destination = request.headers.get("Sec-Fetch-Dest")
    # A window is none of our business, also not with the address of a frame that somebody opened in a tab.
    if destination == "document":
        return None
    # A browser that says nothing would not say of the next page either that it stands in a frame.
    if CHECK in request.GET and (destination is None or not _keeps_cookies(request)):
        return _blocked(request, studio, 200)
    # A frame that did not begin at its door may have cookies all the same: there it is found out.
    return redirect("embed", studio=studio.slug) if _framed(request) and not _keeps_cookies(request) else None


def _is_sign_in(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.url_name or "").startswith("sign-in")


def _keeps_cookies(request: HttpRequest) -> bool:
    return bool(request.COOKIES.get(cookie_name()))


def _framed(request: HttpRequest) -> bool:
    return bool(getattr(request, "framed", False))


def _blocked(request: HttpRequest, studio: Studio, status: int) -> HttpResponse:
    """Say that nobody can be signed in here, and offer a window of its own; looks as in a frame, and tells the site."""
    request.framed = True  # type: ignore[attr-defined]  # for what is rendered; the cookies are settled by now
    site = studio.embed_origins[0] if studio.embed_origins else ""
    url = f"{reverse('embed-window', kwargs={'studio': studio.slug})}?{urlencode({'site': site})}"
    return render(request, "embed/blocked.html", {"window_url": url}, status=status)
