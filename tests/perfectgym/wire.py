"""A scripted HTTP server on loopback that can misbehave on every byte, for what the simulated API can't play."""

import contextlib
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Seen:
    """One request as it arrived; `connection` counts connections from 1."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    def json(self) -> object:
        return json.loads(self.body)


# What to do for a request: bytes to send (the connection stays), or anything with the socket (it then closes).
Step = bytes | Callable[[socket.socket], None]


def reply(body: object = None, status: int = 200, headers: Iterable[str] = ()) -> bytes:
    """Return a whole answer; bytes go out as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(raw)}", "Content-Type: application/json", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


def reset(sock: socket.socket) -> None:
    """End the connection with RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def close(sock: socket.socket) -> None:
    """Answer nothing and close."""


def stall(sock: socket.socket) -> None:
    """Answer nothing until the client gives up."""
    with contextlib.suppress(OSError):
        while sock.recv(4096):
            pass


def then(data: bytes, after: Callable[[socket.socket], None] = close) -> Callable[[socket.socket], None]:
    """Send `data`, then do `after`."""

    def step(sock: socket.socket) -> None:
        sock.sendall(data)
        after(sock)

    return step


def drip(start: bytes, byte: bytes = b"a", every: float = 0.02) -> Callable[[socket.socket], None]:
    """Send `start`, then one byte again and again until the client gives up."""

    def step(sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            sock.sendall(start)
            while True:
                sock.sendall(byte)
                time.sleep(every)

    return step


def late(seconds: float, data: bytes) -> Callable[[socket.socket], None]:
    """Send `data` after `seconds`, if the client is still there."""

    def step(sock: socket.socket) -> None:
        time.sleep(seconds)
        with contextlib.suppress(OSError):
            sock.sendall(data)

    return step


class Server:
    """Plays `steps` in order, one per request, and repeats the last; `route` chooses by request instead."""

    def __init__(
        self,
        *steps: Step,
        route: Callable[[Seen], Step] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.steps, self.route, self.tls = list(steps), route, tls
        self.seen: list[Seen] = []
        self.connections = 0
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def drop_idle(self) -> None:
        """Close every open connection, as a server does with idle ones."""
        with self._lock:
            for sock in self._open:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                self._start(self._serve, sock, self.connections)

    def _serve(self, sock: socket.socket, number: int) -> None:
        try:
            if self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
            with self._lock:
                self._open.add(sock)
            self._talk(sock, number)
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(sock)
            sock.close()

    def _next_step(self) -> Step:
        with self._lock:
            return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]

    def _talk(self, sock: socket.socket, number: int) -> None:
        buffer = b""
        while True:
            while b"\r\n\r\n" not in buffer:
                if not (data := sock.recv(65536)):
                    return
                buffer += data
            head, _, buffer = buffer.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            method, target, _version = first.split(" ")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", 0))
            while len(buffer) < length:
                buffer += sock.recv(65536)
            body, buffer = buffer[:length], buffer[length:]
            seen = Seen(method, target, headers, body, number)
            with self._lock:
                self.seen.append(seen)
            step = self.route(seen) if self.route else self._next_step()
            if not isinstance(step, bytes):
                step(sock)
                return
            sock.sendall(step)
