"""The simulated API over real HTTP on the loopback interface."""

from __future__ import annotations

import logging
import socket
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import TCPServer, ThreadingMixIn
from types import TracebackType
from typing import Any

from . import api
from .api import Answer, Call, as_error, as_json
from .control import Control
from .faults import Fault, Faults
from .gym import Gym
from .misbehave import misbehave
from .recording import Headers, RecordedRequest, Recording, readable
from .wire import GoneError, Wire, whole

logger = logging.getLogger(__name__)
_LARGEST_BODY = 1024 * 1024


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def serve(self) -> None:
        """Answer one request of any method."""
        self._wire = Wire(self.connection, self.server.closing.wait)
        try:
            self._exchange()
        except GoneError:
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = serve  # noqa: N815 - named by http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
        """Stay quiet: addresses hold customer ids."""

    def _exchange(self) -> None:
        length = self._body_length()
        if length is None:
            return
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        if len(body) < length:
            raise GoneError
        call = Call(self.command, path, query, headers, body)
        control = self.server.control.answer(call)
        if control is not None:
            self._say(control)
        elif not path.startswith(f"{self.server.prefix}/"):
            self._say(as_error(404, "path", "en"))
        else:
            self._serve_api(Call(self.command, path.removeprefix(self.server.prefix), query, headers, body))

    def _serve_api(self, call: Call) -> None:
        recorded = Headers(call.headers), readable(call.body), time.monotonic()
        self.server.recording.add(RecordedRequest(call.method, call.path, call.query, *recorded))
        fault = self.server.faults.take(call.method, call.path)
        normal = self._carry_out(call, fault)
        # The work is done before the wait: a client that gives up has not undone anything.
        self._wire.pause(self.server.latency)
        if fault is None:
            self._say(normal)
            return
        lives = misbehave(self._wire, normal, fault, bodiless=self.command == "HEAD")
        self.close_connection = self.close_connection or not lives

    def _carry_out(self, call: Call, fault: Fault | None) -> Answer:
        changes = call.method in ("POST", "DELETE") and "/self-service/" in call.path
        if fault is None or fault.applies or not changes:
            return api.answer(self.server.gym, call)
        # Looks like success, but nothing happened: what a client must not be taken in by.
        body = readable(call.body)
        return as_json({"id": 0, **body}) if isinstance(body, dict) else Answer()

    def _body_length(self) -> int | None:
        """The length of the body, or None after it has been refused."""
        text = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (text.isascii() and text.isdigit()):
            self._refuse(400, "not-json")
            return None
        if len(text) > 10 or int(text) > _LARGEST_BODY:
            self._refuse(413, "too-large")
            return None
        return int(text)

    def _refuse(self, status: int, code: str) -> None:
        self.close_connection = True
        self._say(as_error(status, code, "en"))

    def _say(self, answer: Answer) -> None:
        self._wire.send(whole(answer, bodiless=self.command == "HEAD"))


class _Server(ThreadingMixIn, HTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, sandbox_gym: Gym, latency: float, prefix: str) -> None:
        self.gym, self.latency, self.prefix = sandbox_gym, latency, prefix
        self.faults, self.recording = Faults(), Recording()
        self.control = Control(sandbox_gym, self.faults, self.recording)
        self.closing = threading.Event()
        self._open: dict[socket.socket, threading.Thread] = {}
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """Bind without the name look-up that http.server adds."""
        TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Start a thread per connection and remember both, so that closing can end them."""
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Close a connection; when RST was asked for, without the FIN that would come first."""
        if _resets(request):
            self.close_request(request)
        else:
            super().shutdown_request(request)
        self._open.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002 - as socketserver has it
        """Report mistakes of this program by type only; a broken connection is everyday life here."""
        error = sys.exception()
        if not isinstance(error, (OSError, ssl.SSLError)):
            logger.error("The simulated API failed with %s.", type(error).__name__)

    def end(self) -> None:
        """Stop listening, hang up on everybody and wait for their threads."""
        self.closing.set()
        self.shutdown()
        self.server_close()
        for connection, thread in list(self._open.items()):
            _hang_up(connection)
            thread.join(5)


def _resets(connection: socket.socket) -> bool:
    if connection.fileno() < 0:
        return False
    return bool(connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER))


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        logger.debug("A connection was closed already.")


class Sandbox:
    """A running simulated API. Use it as a context manager, or call `close`.

    `base_url` is what a client is given; `gym` and `faults` steer it; `requests` shows what it was asked.
    """

    def __init__(self, server: _Server, *, secure: bool) -> None:
        self._server = server
        self._origin = f"{'https' if secure else 'http'}://127.0.0.1:{server.server_address[1]}"
        self.base_url = self._origin + server.prefix
        self.studio_url = f"{self._origin}/_studio/"
        self.gym, self.faults = server.gym, server.faults
        self._thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def requests(self) -> list[RecordedRequest]:
        """The latest calls of the API, oldest first (a copy)."""
        return self._server.recording.all()

    def forget_requests(self) -> None:
        """Start recording afresh."""
        self._server.recording.clear()

    def wait(self) -> None:
        """Block until the server is closed."""
        self._thread.join()

    def close(self) -> None:
        """Stop serving, end all connections and their threads. May be called twice."""
        if self._thread.is_alive():
            self._server.end()
            self._thread.join()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def start(
    port: int = 0,
    *,
    latency: float = 0.0,
    prefix: str = "",
    ssl_context: ssl.SSLContext | None = None,
    gym: Gym | None = None,
) -> Sandbox:
    """Serve the simulated API on 127.0.0.1 until it is closed; OSError when the port is taken.

    `latency` (seconds) precedes every answer of the API. `prefix` ("/a/b") puts the API under that path; the studio's
    page and the test controls stay at the root. Without `gym` the members of the demo are there.
    """
    server = _Server(port, gym or Gym.demo(), latency, prefix.rstrip("/"))
    if ssl_context is not None:
        # The handshake happens in the connection's own thread: a silent client must not stop the others.
        server.socket = ssl_context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return Sandbox(server, secure=ssl_context is not None)
