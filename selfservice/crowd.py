"""What keeps a crowd, or a studio whose system hangs, from holding up everybody else."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import ceil

from django.http import HttpRequest, HttpResponse

from .errors import TRY_AGAIN, kept_page
from .perfectgym.client import PAGE_SECONDS
from .perfectgym.pace import working
from .text import Text
from .troubles import FULL

GetResponse = Callable[[HttpRequest], HttpResponse]

# How many pages may be in the making at the same time. gunicorn has 192 threads for each process, so that some are
# free for probes and files whatever happens, and no single studio can hold more than its share.
PAGES = 176
PAGES_OF_A_STUDIO = 80
# More than anybody opens at once, and little enough that no member fills their studio's share. Changes wait for one
# another, so they may fill less.
PAGES_OF_A_MEMBER = 64
CHANGES_OF_A_MEMBER = 24


class NoRoom(Exception):
    """This member has so many pages in the making that another one has to wait."""


class PaceMiddleware:
    """Lets pages be worked on in turns, see perfectgym.pace."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request when it is its turn."""
        with working():
            return self.get_response(request)


class AdmissionMiddleware:
    """Turns a page of a studio away at once when too many are in the making, instead of letting it wait for a thread.

    What is turned away has not begun: nothing of it was read, nothing was sent.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._lock = threading.Lock()
        self._pages: Counter[str] = Counter()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, and give its room back."""
        try:
            return self.get_response(request)
        finally:
            self._leave(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Take room for a page before anything of it waits; answer with 503 when there is none."""
        return None if self._enter(request) else full_page(request)

    def _enter(self, request: HttpRequest) -> bool:
        studio = getattr(request, "studio", None)
        slug = studio.slug if studio else ""
        with self._lock:
            if self._pages[slug] >= PAGES_OF_A_STUDIO or self._pages.total() >= PAGES:
                return False
            self._pages[slug] += 1
        request.room_at = slug  # type: ignore[attr-defined]  # for _leave
        return True

    def _leave(self, request: HttpRequest) -> None:
        slug = getattr(request, "room_at", None)
        if slug is not None:
            with self._lock:
                self._pages[slug] -= 1


_lock = threading.Lock()
_of_members: Counter[tuple[str, int]] = Counter()


@contextmanager
def share(studio: str, customer_id: int, *, changes: bool) -> Iterator[None]:
    """Take one of the member's places while a page is made, or a change; raises NoRoom when there is none."""
    whose = (studio, customer_id)
    with _lock:
        if _of_members[whose] >= (CHANGES_OF_A_MEMBER if changes else PAGES_OF_A_MEMBER):
            raise NoRoom
        _of_members[whose] += 1
    try:
        yield
    finally:
        with _lock:
            _of_members[whose] -= 1
            if not _of_members[whose]:
                del _of_members[whose]


def full_page(request: HttpRequest) -> HttpResponse:
    """Say that there is no room for a page, of which nothing has begun; it carries what was posted."""
    again: list[Mapping[str, Text]] = [{"label": TRY_AGAIN, "url": request.path}]
    response = kept_page(request, FULL, again if request.method == "GET" else [])
    # By then every page that is in the making now is there.
    response.headers["Retry-After"] = str(ceil(PAGE_SECONDS))
    return response
