"""The deadline of a page, and the means to end a call at it."""

import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

PAGE_SECONDS = 5.0


@dataclass(frozen=True)
class Deadline:
    """The moment until which a page waits for upstream, shared by all of the page's calls."""

    at: float  # on the monotonic clock

    @classmethod
    def after(cls, seconds: float = PAGE_SECONDS) -> Self:
        """Return the deadline `seconds` from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds left, never below zero."""
        return max(0.0, self.at - time.monotonic())


class Exchange:
    """A call on its way, so that whoever waits for it can end it at the deadline and say whether it ever left."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.is_cut = False
        self.unsettled = False

    def attach(self, sock: socket.socket, *, sends: bool = False) -> None:
        """Remember the connection in use; raises OSError after the deadline, so that nothing is sent any more."""
        with self._lock:
            if self.is_cut:
                raise TimeoutError
            # A duplicate: the library may close its own at any moment, and the number then be another call's.
            if self._socket is None:
                self._socket = socket.socket(sock.family, sock.type, sock.proto, fileno=os.dup(sock.fileno()))
            self.unsettled = self.unsettled or sends

    def detach(self) -> None:
        """Forget the connection, before another call may use it."""
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def settle(self, *, unsettled: bool) -> None:
        """Upstream refused what was sent last, so only what was sent before can still be unsettled."""
        with self._lock:
            self.unsettled = unsettled

    def cut(self) -> bool:
        """End the exchange now; returns whether something was sent that upstream has not refused."""
        with self._lock:
            self.is_cut = True
            if self._socket is not None:
                with suppress(OSError):  # upstream may have closed it
                    self._socket.shutdown(socket.SHUT_RDWR)
            return self.unsettled
