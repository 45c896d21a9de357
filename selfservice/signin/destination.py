"""Where to go after signing in: a page of the same studio, whatever the link said."""

from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ..studios.studio import Studio


def page_below(start: str, path: str) -> ResolverMatch | None:
    """Return the page of ours that `path` leads to; None when there is none, or when it is not below `start`."""
    if not (path.startswith(start) and url_has_allowed_host_and_scheme(path, allowed_hosts=None)):
        return None
    try:
        return resolve(path)
    except Resolver404:
        return None


def known_page(studio: Studio, path: str) -> str:
    """Return `path` if it is a page of this studio beyond the sign-in, else ""."""
    page = page_below(f"/{studio.slug}/", path)
    return path if page and not (page.url_name or "").startswith("sign-") else ""


def destination(studio: Studio, path: str = "") -> str:
    """Return `path` if it is a page of this studio, else the studio's start page for members."""
    return known_page(studio, path) or reverse("profile:overview", kwargs={"studio": studio.slug})
