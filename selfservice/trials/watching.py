"""What happens behind a page: the lines that calls log, the threads they take, the memory of this process."""

import ctypes
import gc
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import ParamSpec, TypeVar

from ..perfectgym import transport
from ..perfectgym.calls import Call

P = ParamSpec("P")
T = TypeVar("T")
LOGGER = logging.getLogger("selfservice.perfectgym")
KIBIBYTES_A_MEGABYTE = 1024
M_ARENA_MAX = -8  # malloc.h


class Lines(logging.Handler):
    """The lines of the API client, by studio."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._kept: dict[str, list[logging.LogRecord]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line that tells of a call."""
        if record.name == LOGGER.name and hasattr(record, "studio"):
            self._kept.setdefault(record.studio, []).append(record)

    def of(self, studio: str) -> list[logging.LogRecord]:
        """Return a studio's lines."""
        return list(self._kept.get(studio, ()))

    def forget(self, studio: str) -> None:
        """Drop a studio's lines."""
        self._kept.pop(studio, None)


@contextmanager
def kept_lines() -> Iterator[Lines]:
    """Keep the lines of the API client; nobody else gets any, for every other one tells of what was asked for."""
    lines, level, handlers = Lines(), LOGGER.level, logging.root.handlers
    logging.root.handlers = [lines]
    LOGGER.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        LOGGER.setLevel(level)
        logging.root.handlers = handlers


class WatchedThreads(ThreadPoolExecutor):
    """The threads of the API client, which can tell whether they work for a studio."""

    def __init__(self) -> None:
        super().__init__(transport.THREADS, thread_name_prefix="perfectgym")
        self._guard = Lock()
        self._under_way: Counter[str] = Counter()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Take a call, and note whose it is until a thread is through with it."""
        owners = (getattr(arg, "__self__", None) for arg in args)
        studio = next((owner.studio for owner in owners if isinstance(owner, Call)), "")
        self._count(studio, 1)
        future = super().submit(fn, *args, **kwargs)
        future.add_done_callback(lambda _done: self._count(studio, -1))
        return future

    def _count(self, studio: str, by: int) -> None:
        with self._guard:
            self._under_way[studio] += by
            self._under_way += Counter()  # forgets those at zero

    def work_for(self, studio: str) -> bool:
        """Whether a call of this studio is under way."""
        with self._guard:
            return self._under_way[studio] > 0

    def idle(self) -> bool:
        """Whether no call at all is under way."""
        with self._guard:
            return not self._under_way


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for something that is about to be true; says whether it was in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def share_one_arena() -> None:
    """Let all threads take memory from one place.

    By itself the C library opens a place for every few threads, each of which fills up on its own: a growth that ends,
    but not before many hundred pages, and that hides one that does not. Without such a library nothing happens.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def memory() -> float:
    """Return the megabytes that this process holds when everything unused is given back."""
    gc.collect()
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"))
    return int(found[1]) / KIBIBYTES_A_MEGABYTE if found else 0.0
