"""What templates know about the frame that they stand in, and about the web site that somebody came from."""

import json
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from ..studios.studio import Studio
from .csp import framing_origins
from .pages import page_name, routes


def embedding(request: HttpRequest) -> dict[str, Any]:
    """Add `embedded` to pages in a frame, `way_back` to those in a window that a frame has opened."""
    origins = framing_origins(request)
    if not origins:
        return {}
    if getattr(request, "framed", False):
        return {"embedded": _facts(request, request.studio, origins)}  # type: ignore[attr-defined]  # whose list it is
    site = request.COOKIES.get(cookie_name(), "")
    return {"way_back": site if site in origins else ""}


def cookie_name() -> str:
    """Return the cookie that shows whether cookies work here, and in a window which site somebody came from."""
    return settings.EMBED_COOKIE_NAME  # type: ignore[misc,no-any-return]  # computed, so the plugin does not know it


def _facts(request: HttpRequest, studio: Studio, origins: tuple[str, ...]) -> dict[str, str]:
    """Return what the script in the frame and the people in front of it are told; nothing of a person."""
    return {
        "host": _host(request),
        "origins": " ".join(origins),
        "page": page_name(request),
        "routes": json.dumps(routes(studio)),
    }


def _host(request: HttpRequest) -> str:
    """Return the portal's host name, "" on the page that refuses a name which is not the portal's."""
    with suppress(DisallowedHost):
        return request.get_host()
    return ""
