"""Cookies inside a frame on another site: a set of their own, which browsers keep for that site alone (CHIPS).

A browser that blocks cookies of other sites still takes those that are Partitioned. They have names of their own, for
on a site of the same domain the browser would send those of a window beside them, and nobody could tell which is which.
"""

from collections.abc import Callable, Container, Mapping
from http.cookies import Morsel

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

HOST_PREFIX = "__Host-"
MARK = "framed-"
FRAMES = frozenset({"iframe", "frame", "object", "embed", "fencedframe"})
# What static/js/session.js sends from inside a frame; no other site can, for a browser would ask us first (CORS).
HEADER = "X-Framed"


class PartitionedMorsel(Morsel[str]):
    """A cookie with the attribute Partitioned, which Python knows only from 3.14 on."""

    def OutputString(self, attrs: Container[str] | None = None) -> str:  # noqa: N802  # the name is the base class's
        """Return the cookie as a header has it."""
        return f"{super().OutputString(attrs)}; Partitioned"


class FramedCookiesMiddleware:
    """Sets request.framed, and gives requests from inside a frame cookies of their own; stands before all others."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; whoever reads or sets a cookie uses its plain name, in a frame and outside."""
        framed = comes_from_a_frame(request)
        request.framed = framed  # type: ignore[attr-defined]  # what this middleware is for
        if not framed:
            return self.get_response(request)
        request.COOKIES = _seen_in_a_frame(request.COOKIES)
        response = self.get_response(request)
        for name, cookie in list(response.cookies.items()):
            del response.cookies[name]
            response.cookies[framed_name(name)] = _partitioned(framed_name(name), cookie)
        return response


def comes_from_a_frame(request: HttpRequest) -> bool:
    """Say whether a page in a frame asks: the browser says so of pages, our script of what it fetches.

    No page can make a browser say it of something else. A browser that says nothing has its pages treated as windows.
    """
    destination = request.headers.get("Sec-Fetch-Dest", "")
    return destination in FRAMES or (destination == "empty" and request.headers.get(HEADER) == "1")


def framed_name(name: str) -> str:
    """Return what a cookie is called inside a frame; `__Host-` stays in front, where browsers look for it."""
    prefix = HOST_PREFIX if name.startswith(HOST_PREFIX) else ""
    return f"{prefix}{MARK}{name.removeprefix(prefix)}"


def _seen_in_a_frame(cookies: Mapping[str, str]) -> dict[str, str]:
    """Return the cookies of the frame by their plain names, and nothing of those that belong to a window.

    Exactly as framed_name() writes them: a neighbouring host may set `framed-__Host-…`, which is none of ours.
    """
    plain = {name: name.replace(MARK, "", 1) for name in cookies}
    return {plain[name]: value for name, value in cookies.items() if framed_name(plain[name]) == name}


def _partitioned(name: str, cookie: "Morsel[str]") -> PartitionedMorsel:
    """Return the cookie for a frame; deletions too, or the browser would look for another cookie than it has."""
    partitioned = PartitionedMorsel()
    partitioned.set(name, cookie.value, cookie.coded_value)
    partitioned.update(cookie)
    partitioned["samesite"] = "None"
    partitioned["secure"] = True
    return partitioned
