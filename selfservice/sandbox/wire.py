"""One client connection: writing, waiting and breaking it on purpose."""

from __future__ import annotations

import selectors
import socket
import ssl
import struct
import time
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus

from .api import Answer


class GoneError(Exception):
    """The client has left or the server closes: nothing more to say on this connection."""


def head(answer: Answer, *extra: tuple[str, str], version: str = "HTTP/1.1") -> bytes:
    """Status line and headers, without a length: that is what several faults lie about."""
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Unknown"
    headers = [("Date", formatdate(usegmt=True)), *answer.headers, *extra]
    if answer.body:
        headers.append(("Content-Type", answer.content_type))
    lines = [f"{version} {answer.status} {phrase}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def whole(answer: Answer, *, bodiless: bool = False) -> bytes:
    """A correct response; `bodiless` for HEAD."""
    length = ("Content-Length", str(len(answer.body)))
    return head(answer, length) + (b"" if bodiless else answer.body)


class Wire:
    """The connection as faults see it. Every method raises GoneError when the client has left."""

    def __init__(self, connection: socket.socket, closing: Callable[[float], bool]) -> None:
        self._connection = connection
        self._closing = closing

    def send(self, data: bytes) -> None:
        """Write all of it."""
        try:
            self._connection.sendall(data)
        except (OSError, ssl.SSLError) as error:
            raise GoneError from error

    def pause(self, seconds: float) -> None:
        """Wait, but not for a client that has hung up nor for a server that is being closed."""
        if seconds <= 0:
            return
        end = time.monotonic() + seconds
        if self._wait_for_input(seconds):
            self._refuse_hung_up()
            # The client sent its next request early; that is no news to wait for again.
            if self._closing(max(0.0, end - time.monotonic())):
                raise GoneError

    def reset(self) -> None:
        """Let the close that follows send RST instead of FIN."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _wait_for_input(self, seconds: float) -> bool:
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._connection, selectors.EVENT_READ)
                return bool(selector.select(seconds))
        except (OSError, ValueError) as error:
            raise GoneError from error

    def _refuse_hung_up(self) -> None:
        # TLS can't be peeked at: there, anything after the request is taken for its close message.
        if isinstance(self._connection, ssl.SSLSocket):
            raise GoneError
        try:
            peeked = self._connection.recv(1, socket.MSG_PEEK)
        except OSError as error:
            raise GoneError from error
        if not peeked:
            raise GoneError
