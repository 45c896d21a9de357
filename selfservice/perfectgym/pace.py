"""Lets a process work on one page at a time, while all others wait for the network, or for their turn.

Python runs one thread at a time. When many members come at once, or many answers arrive at once, a thread that needs
little, such as the one that answers a probe, would wait behind all of them. So pages take turns. A turn is no lock: it
ends after a moment, so that a page that hangs holds up the next one for no longer than that.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Longer than a page computes without a break; whoever takes longer hangs, and the next one begins.
TURN_SECONDS = 0.1
# Whoever has waited this long for a turn goes on without.
PATIENCE_SECONDS = 2.0


class _Turns:
    """Whose turn it is; a turn is given back, or taken over once it has lasted too long."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._now: object | None = None
        self._ends = 0.0

    def take(self) -> object:
        """Wait for a turn and return it; after all patience return one that counts for nothing."""
        mine = object()
        until = time.monotonic() + PATIENCE_SECONDS
        with self._changed:
            while self._now and (left := min(self._ends, until) - time.monotonic()) > 0:
                self._changed.wait(left)
            if not self._now or self._ends <= time.monotonic():
                self._now, self._ends = mine, time.monotonic() + TURN_SECONDS
        return mine

    def give_back(self, turn: object) -> None:
        """Let the next one begin, unless it already has."""
        with self._changed:
            if self._now is turn:
                self._now = None
                self._changed.notify()


class _Own(threading.local):
    turn: object | None = None


_turns = _Turns()
_own = _Own()


@contextmanager
def working() -> Iterator[None]:
    """Hold a turn while this thread works on a page; waits for one, but not for long. One is enough for a thread."""
    _own.turn = _own.turn or _turns.take()
    try:
        yield
    finally:
        _give_back()


@contextmanager
def waiting() -> Iterator[None]:
    """Leave this thread's turn to others while it waits for something; does nothing in a thread that has none."""
    had_turn = _give_back()
    try:
        yield
    finally:
        if had_turn:
            _own.turn = _turns.take()


def sleep(seconds: float) -> None:
    """Do nothing for a while, without a turn."""
    with waiting():
        time.sleep(seconds)


def _give_back() -> bool:
    turn, _own.turn = _own.turn, None
    if turn:
        _turns.give_back(turn)
    return bool(turn)
