"""One HTTP exchange with PerfectGym: bounded in time and size, verified, and nothing of it kept."""

import logging
import os
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from .deadline import Deadline, Exchange
from .errors import GymError, Unavailable

if TYPE_CHECKING:
    from urllib3._base_connection import BaseHTTPConnection

TOO_LARGE = "too large"
# Four parallel reads for each of the 192 threads in which a process makes pages.
THREADS = 4 * 192
# Studios on hosts of their own whose connections are kept alive at the same time.
HOSTS = 64
CONNECT_SECONDS = 2.0
READ_SECONDS = 4.0
# Servers commonly close an idle connection after five seconds; a change sent into that moment has an unknown outcome.
IDLE_SECONDS = 4.0
MAX_BODY = 256 * 1024
CHUNK = 64 * 1024
FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)

# urllib3 would log addresses with customer ids and search terms, and whole header lines, even as warnings.
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `flaw` says why `body` is not the whole body, "" when it is."""

    status: int
    headers: requests.structures.CaseInsensitiveDict[str] = field(repr=False)
    body: bytes = field(repr=False)
    flaw: str


class _Current(threading.local):
    exchange = Exchange()


_current = _Current()


def send(request: requests.PreparedRequest, deadline: Deadline, exchange: Exchange) -> Answer:
    """Send `request` once and read the answer; raises Unavailable when there is none by the deadline."""
    left = deadline.left()
    if left <= 0:
        raise Unavailable(reason="deadline")
    _current.exchange = exchange
    try:
        timeout = (min(CONNECT_SECONDS, left), min(READ_SECONDS, left))
        response = engine().session.send(request, stream=True, allow_redirects=False, timeout=timeout)
        with closing(response):
            flaw, body = _read(response, deadline, exchange)
            return Answer(response.status_code, response.headers, body, flaw)
    except FAILURES as failure:
        error = _unavailable(failure, exchange)
    finally:
        exchange.detach()
    # Outside the handler: the library's exception carries the address and the headers with the key.
    raise error


def _read(response: requests.Response, deadline: Deadline, exchange: Exchange) -> tuple[str, bytes]:
    """Return (flaw, body); the body as it came, for a compressed one could unpack to any size."""
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        return "compressed", b""
    try:
        flaw, body = _collect(response.raw, deadline)
    except urllib3.exceptions.TimeoutError:
        flaw, body = "timeout", b""
    except FAILURES:
        flaw, body = "cut short", b""
    # Headers that end too early look complete, and so does a body without a length that the deadline cut.
    if exchange.is_cut:
        return "deadline", b""
    has_length = response.headers.keys() & {"content-length", "transfer-encoding"}
    return flaw or ("" if body or has_length else "cut short"), body


def _collect(raw: urllib3.HTTPResponse, deadline: Deadline) -> tuple[str, bytes]:
    body = bytearray()
    while chunk := raw.read1(CHUNK, decode_content=False):
        body += chunk
        if len(body) > MAX_BODY:
            return TOO_LARGE, b""
        if deadline.left() <= 0:
            return "deadline", b""
    return "", bytes(body)


def _unavailable(failure: Exception, exchange: Exchange) -> GymError:
    if exchange.is_cut:
        return Unavailable(reason="deadline")
    if isinstance(failure, requests.exceptions.SSLError):
        return Unavailable(reason="TLS", retryable="CERTIFICATE_VERIFY_FAILED" not in str(failure))
    return Unavailable(reason="timeout" if isinstance(failure, requests.Timeout) else "network")


class _Connection(HTTPConnection):
    _sent_at = 0.0

    @property
    def is_connected(self) -> bool:
        """Asked before a kept connection is used again."""
        return time.monotonic() - self._sent_at < IDLE_SECONDS and super().is_connected

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        try:
            _current.exchange.attach(sock)
        except OSError:
            sock.close()
            raise
        return sock

    def send(self, data: Any) -> None:  # noqa: ANN401 - the signature is http.client's
        """Say that the request leaves now; until here, connecting and the handshake, nothing was sent."""
        if self.sock is None:
            self.connect()
        self._sent_at = time.monotonic()
        _current.exchange.attach(self.sock, sends=True)
        super().send(data)


class _TLSConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection

    def _put_conn(self, conn: "BaseHTTPConnection | None") -> None:
        _current.exchange.detach()
        super()._put_conn(conn)


class _TLSPool(_Pool, HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: object) -> None:  # noqa: FBT001, FBT002 - the signature is requests'
        super().init_poolmanager(connections, maxsize, block, ssl_context=ssl_context(), **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}

    def cert_verify(self, conn: HTTPSConnectionPool, *_unused: object) -> None:
        """Demand a certificate; the shared context holds the CAs, which the original reads again per connection."""
        conn.cert_reqs = "CERT_REQUIRED"


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Know no redirects: even one that is not followed would have its body read without limit."""


def ssl_context() -> ssl.SSLContext:
    """Return the context of all connections: public CAs as requests ships them, host names checked."""
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


class Engine:
    """The session and the threads of one process."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="perfectgym")
        self.session = _Session()
        self.session.trust_env = False
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = _Adapter(pool_connections=HOSTS, pool_maxsize=THREADS)
        self.session.mount("http://", adapter)
        self.session.mount("https://", adapter)


def engine() -> Engine:
    """Return this process's engine; a forked process makes its own, for threads and connections don't survive."""
    with _making:
        return _engine_of(os.getpid())


@lru_cache(maxsize=1)
def _engine_of(_process: int) -> Engine:
    return Engine()


def renew_engine() -> None:
    """Let the next call make this process's engine anew; for callers that have no call under way."""
    with _making:
        old = _engine_of(os.getpid())
        old.session.close()
        old.threads.shutdown(wait=False)
        _engine_of.cache_clear()


# Held across a fork, so that no child is born with a lock that nobody will release.
_making = threading.Lock()
os.register_at_fork(before=_making.acquire, after_in_parent=_making.release, after_in_child=_making.release)
