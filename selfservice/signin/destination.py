"""Where to go after signing in: a page of the same studio, whatever the link said."""

from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ..studios.studio import Studio


def known_page(studio: Studio, path: str) -> str:
    """Return `path` if it is a page of this studio beyond the sign-in, else ""."""
    inside = path.startswith(f"/{studio.slug}/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    if not inside:
        return ""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    return "" if (match.url_name or "").startswith("sign-") else path


def destination(studio: Studio, path: str = "") -> str:
    """Return `path` if it is a page of this studio, else the studio's start page for members."""
    return known_page(studio, path) or reverse("profile:overview", kwargs={"studio": studio.slug})
