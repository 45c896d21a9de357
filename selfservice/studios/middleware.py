"""Puts the studio of the URL, and the language of the page, in place before anything else looks at a request."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from .registry import find_studio
from .studio import Studio

GetResponse = Callable[[HttpRequest], HttpResponse]


class StudioMiddleware:
    """Sets request.studio from the first part of the path, also for pages that don't exist: errors keep its look.

    Views of a studio's pages get the Studio itself as their argument `studio`, never a slug that could be unknown.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its studio in place."""
        slug = request.path_info.lstrip("/").partition("/")[0]
        request.studio = find_studio(slug)  # type: ignore[attr-defined]  # what this middleware is for
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, kwargs: dict[str, Any]) -> None:
        """Hand the Studio to the view, or raise Http404 for a studio that does not exist."""
        if "studio" in kwargs:
            kwargs["studio"] = request.studio  # type: ignore[attr-defined]
            if kwargs["studio"] is None:
                raise Http404


class LanguageMiddleware:
    """Chooses the language: what the person picked, what the browser asks for, what the studio speaks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in its language."""
        language = picked(request) or _asked(request) or _spoken(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response


def picked(request: HttpRequest) -> str:
    """Return the language that the person chose with the button, "" when none."""
    return known_language(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))


def _asked(request: HttpRequest) -> str:
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500])
    return next(filter(None, (known_language(code) for code, _ in wanted)), "")


def _spoken(request: HttpRequest) -> str:
    studio: Studio | None = getattr(request, "studio", None)
    return studio.language if studio else settings.LANGUAGE_CODE


def known_language(code: str) -> str:
    """Return the portal's language for a code such as `de-AT`, or ""."""
    base = code.lower().partition("-")[0]
    return base if base in dict(settings.LANGUAGES) else ""
