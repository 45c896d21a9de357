"""A small client that shows what came over the wire, decently or raw."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from selfservice.sandbox import Sandbox

CONTACT = "/v1/customers/1001/self-service/contact-data"
AT_ONCE = "/v1/customers/1002/self-service/contact-data"
NEW_EMAIL = b'{"email":"new@example.com"}'
BERLIN, MADRID = "sandbox-berlin", "sandbox-madrid"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Ask = Callable[..., Reply]


def call(
    sandbox: Sandbox,
    method: str,
    path: str,
    body: object = None,
    *,
    key: str | None = BERLIN,
    headers: dict[str, str] | None = None,
) -> Reply:
    """One request on a connection of its own; `body` is sent as JSON unless it is bytes."""
    target = urlsplit(sandbox.base_url)
    sent = {**({"X-API-KEY": key} if key is not None else {}), **(headers or {})}
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    if data is not None:
        sent.setdefault("Content-Type", "application/json")
    connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=5)
    try:
        # Prefix or not, test controls stand at the root.
        prefix = target.path if path.startswith("/v1") else ""
        connection.request(method, prefix + path, data, sent)
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read())
    finally:
        connection.close()


def port_of(sandbox: Sandbox) -> int:
    return int(sandbox.base_url.rpartition(":")[2])


@contextmanager
def asking(sandbox: Sandbox, path: str = CONTACT, method: str = "GET", body: bytes = b"") -> Iterator[socket.socket]:
    """A raw connection over which one request has been sent."""
    with socket.create_connection(("127.0.0.1", port_of(sandbox)), timeout=5) as connection:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-KEY: sandbox-berlin\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        yield connection


def until_closed(connection: socket.socket) -> bytes:
    received = b""
    while part := connection.recv(65536):
        received += part
    return received
