"""Every address of the portal, found in the URL map itself, so that a new one can't be forgotten."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from selfservice.datasets import DATA_SETS

# What to put into the parts of a path that vary; a part that is not here fails, so that somebody thinks about it.
PARTS = {"studio": ["berlin-mitte"], "slug": list(DATA_SETS), "customer_id": ["1001"], "token": ["made-up"]}
# Django's own site is asked for at these.
ADMIN = ("", "login/", "logout/", "auth/user/", "auth/user/add/", "auth/user/1/change/", "selfservice/auditentry/")


def all_paths() -> list[str]:
    """Return an address for each route, and for each data set."""
    return sorted({path for route in _routes("/", get_resolver().url_patterns) for path in _filled(route)})


def studio_paths() -> list[str]:
    """Return the addresses below a studio."""
    return [path for path in all_paths() if path.startswith("/berlin-mitte/")]


def personal_paths() -> list[str]:
    """Return the addresses that show or change a member's data to the member."""
    return [path for path in studio_paths() if "/profile/" in path]


def desk_paths() -> list[str]:
    """Return the addresses for which somebody has to be on duty at the desk."""
    open_to_all = ("sign-in/", "set-up/made-up/", "unlock/", "lock/", "presence/", "signed/", "sign-out/")
    desk = "/berlin-mitte/desk/"
    return [path for path in studio_paths() if path.startswith(desk) and not path.endswith(open_to_all)]


def _routes(before: str, patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and pattern.namespace == "admin":
            yield from (route + path for path in ADMIN)
        elif isinstance(pattern, URLResolver):
            yield from _routes(route, pattern.url_patterns)
        else:
            yield route


def _filled(route: str) -> list[str]:
    paths = [route]
    for part in re.findall(r"<[^>]+>", route):
        name = part.strip("<>").rpartition(":")[2]
        assert name in PARTS, f"{route}: teach tests/security/routes.py what {name} may be"
        paths = [path.replace(part, value) for path in paths for value in PARTS[name]]
    assert not re.search(r"[\\^$?*+()\[\]]", route), f"{route}: a regular expression is none of an address"
    return paths
