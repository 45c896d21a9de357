"""Faults on the wire, as a client sees them."""

from __future__ import annotations

import http.client
import json
import time
from contextlib import closing

import pytest

from selfservice.sandbox import Sandbox
from tests.sandbox.client import AT_ONCE, CONTACT, NEW_EMAIL, Ask, asking, port_of, until_closed


@pytest.mark.parametrize("name", ["reset-before", "reset-after"])
def test_reset(sandbox: Sandbox, name: str) -> None:
    sandbox.faults.add(name)

    with asking(sandbox, AT_ONCE, "POST", NEW_EMAIL) as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)

    assert (sandbox.gym.member(1002).email == "new@example.com") is (name == "reset-after")


def test_close(sandbox: Sandbox) -> None:
    sandbox.faults.add("close")

    with asking(sandbox) as connection:
        assert until_closed(connection) == b""


def test_stall_says_nothing_and_then_hangs_up(sandbox: Sandbox) -> None:
    sandbox.faults.add("stall", seconds=0.15)
    begun = time.monotonic()

    with asking(sandbox) as connection:
        assert until_closed(connection) == b""

    assert time.monotonic() - begun >= 0.14


def test_latency(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("latency", seconds=0.15)
    begun = time.monotonic()

    assert ask("GET", CONTACT).json["email"] == "anna.berger@example.com"
    assert time.monotonic() - begun >= 0.14


def test_drip_header_starts_in_the_status_line(sandbox: Sandbox) -> None:
    sandbox.faults.add("drip-header", interval=30)

    with asking(sandbox) as connection:
        assert connection.recv(100) == b"H"


def test_drip_body_starts_after_the_header(sandbox: Sandbox) -> None:
    sandbox.faults.add("drip-body", interval=0.0001)

    with asking(sandbox) as connection:
        head, _, body = until_closed(connection).partition(b"\r\n\r\n")

    assert b"Content-Length: %d" % len(body) in head
    assert json.loads(body)["email"] == "anna.berger@example.com"


def test_drip_body_is_slow(sandbox: Sandbox) -> None:
    sandbox.faults.add("drip-body", interval=30)

    with asking(sandbox) as connection:
        received = b""
        while b"{" not in received:
            received += connection.recv(65536)

    assert received.endswith(b"\r\n\r\n{")


def test_truncated(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("truncated")

    with pytest.raises(http.client.IncompleteRead):
        ask("GET", CONTACT)


def test_truncated_chunk(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("truncated-chunk")

    with pytest.raises(http.client.IncompleteRead):
        ask("GET", CONTACT)


def test_bad_content_length(sandbox: Sandbox) -> None:
    sandbox.faults.add("bad-content-length")

    with asking(sandbox) as connection:
        assert b"Content-Length: banana\r\n" in until_closed(connection)


def test_no_status_line(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("no-status-line")

    with pytest.raises(http.client.BadStatusLine):
        ask("GET", CONTACT)


def test_huge(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("huge", megabytes=3)

    assert len(ask("GET", CONTACT).json["padding"]) == 3 * 1024 * 1024


def test_after_a_harmless_fault_the_connection_lives_on(sandbox: Sandbox) -> None:
    sandbox.faults.add("status")
    headers = {"X-API-KEY": "sandbox-berlin"}
    with closing(http.client.HTTPConnection("127.0.0.1", port_of(sandbox), timeout=5)) as connection:
        statuses = []
        for _ in range(2):
            connection.request("GET", CONTACT, headers=headers)
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)

    assert statuses == [503, 200]
