"""Connections: kept alive, verified, bounded, and nothing carried from one call to the next."""

import gzip
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from selfservice.perfectgym import errors, transport
from selfservice.perfectgym.client import Deadline
from tests.perfectgym.asking import GOOD, RESOURCES, Connect, Serve, change, failing, read
from tests.perfectgym.conftest import KEY
from tests.perfectgym.wire import Seen, close, reply, stall, then


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        reply({}, 404),
        reply(b""),
        b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ],
)
def test_keeps_connections(serve: Serve, gym_at: Connect, answer: bytes) -> None:
    server = serve(answer)
    gym = gym_at(server)
    for _ in range(5):
        try:
            read(gym)
        except errors.GymError:
            continue
    assert (len(server.seen), server.connections) == (5, 1)


def test_keeps_as_many_connections_as_a_page_uses(serve: Serve, gym_at: Connect) -> None:
    def slow_enough_to_overlap(_seen: Seen) -> bytes:
        time.sleep(0.01)
        return GOOD

    server = serve(route=slow_enough_to_overlap)
    gym = gym_at(server)
    for _ in range(5):
        gym.read_all(1, RESOURCES, language="en", deadline=Deadline.after(1))
    assert (len(server.seen), server.connections) == (20, 4)


def test_a_change_does_not_use_a_connection_the_server_has_closed(serve: Serve, gym_at: Connect) -> None:
    server = serve(GOOD)
    gym = gym_at(server)
    read(gym)
    server.drop_idle()
    time.sleep(0.05)
    change(gym)
    assert [one.connection for one in server.seen] == [1, 2]


def test_an_idle_connection_is_not_used_again(serve: Serve, gym_at: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(GOOD)
    gym = gym_at(server)
    read(gym)
    monkeypatch.setattr(transport, "IDLE_SECONDS", 0.0)
    change(gym)
    assert [one.connection for one in server.seen] == [1, 2]


def test_a_change_that_met_a_closing_connection_is_unknown_and_not_repeated(serve: Serve, gym_at: Connect) -> None:
    server = serve(GOOD, close)
    gym = gym_at(server)
    read(gym)
    assert failing(gym, change).outcome_unknown
    assert len(server.seen) == 2


@pytest.mark.parametrize("cookie", ["a=b", "a=b; Path=/; Domain=127.0.0.1", "a=b; Max-Age=9999", "\xff;;=;"])
def test_keeps_no_cookies(serve: Serve, gym_at: Connect, cookie: str) -> None:
    server = serve(reply({"id": 7}, headers=[f"Set-Cookie: {cookie}"]))
    gym = gym_at(server)
    read(gym)
    read(gym)
    change(gym)
    assert all("cookie" not in one.headers for one in server.seen)
    assert len(transport.engine().session.cookies) == 0


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_follows_no_redirect(serve: Serve, gym_at: Connect, status: int) -> None:
    elsewhere = serve(GOOD)
    server = serve(reply({}, status, [f"Location: {elsewhere.url}/v1/customers/1"]))
    for operation in (read, change):
        error = failing(gym_at(server), operation)
        assert (type(error), error.reason, error.status) == (errors.Unavailable, "redirect", status)
    assert elsewhere.seen == []
    assert len(server.seen) == 2


@pytest.mark.parametrize("location", ["", "//", "http://[", "\xff\xfe", "http://" + "a" * 5000, "file:///etc/passwd"])
def test_a_hostile_redirect_is_a_redirect(serve: Serve, gym_at: Connect, location: str) -> None:
    assert failing(gym_at(serve(reply({}, 302, [f"Location: {location}"])))).reason == "redirect"


def peak_of(operation: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        operation()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("status", "encoding"),
    [(200, "gzip"), (200, "GZIP"), (200, "deflate"), (200, "identity, gzip"), (200, "x"), (302, "gzip"), (400, "gzip")],
)
def test_unpacks_nothing(serve: Serve, gym_at: Connect, status: int, encoding: str) -> None:
    bomb = gzip.compress(b" " * 30_000_000, 1)
    gym = gym_at(serve(reply(bomb, status, [f"Content-Encoding: {encoding}", "Location: /x"])))
    caught: list[errors.GymError] = []
    assert peak_of(lambda: caught.append(failing(gym))) < 4_000_000
    assert (type(caught[0]).__name__, caught[0].reason) == {
        200: ("Garbled", "compressed"),
        302: ("Unavailable", "redirect"),
        400: ("Invalid", ""),
    }[status]


@pytest.mark.parametrize("status", [200, 302, 400])
@pytest.mark.parametrize("length", ["Content-Length: 50000000", "Connection: close"])
def test_reads_no_more_than_a_body_can_have(serve: Serve, gym_at: Connect, status: int, length: str) -> None:
    head = f"HTTP/1.1 {status} X\r\n{length}\r\nLocation: /x\r\n\r\n".encode()
    gym = gym_at(serve(then(head + b" " * 5_000_000)))
    assert peak_of(lambda: failing(gym)) < 4_000_000


def test_the_largest_body(serve: Serve, gym_at: Connect) -> None:
    fits = b'{"id": 7, "a": "' + b"x" * (transport.MAX_BODY - 18) + b'"}'
    server = serve(reply(fits), reply(fits + b" "))
    gym = gym_at(server)
    read(gym)
    error = failing(gym)
    assert (type(error), error.reason) == (errors.Garbled, "too large")


@pytest.mark.parametrize("header", ["X: " + "a" * 70_000, "\r\n".join(f"X-{n}: a" for n in range(200))])
def test_headers_have_a_limit(serve: Serve, gym_at: Connect, header: str) -> None:
    error = failing(gym_at(serve(then(f"HTTP/1.1 200 X\r\n{header}\r\nContent-Length: 2\r\n\r\n{{}}".encode()))))
    assert isinstance(error, errors.Unavailable)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 X\r\nContent-Length: 1, 2\r\n\r\n{}",
        b"HTTP/1.1 200 X\r\nContent-Length: 1000000000\r\n\r\n{}",
        b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}",
        b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 X\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 2000 X\r\n\r\n",
        b"HTTP/1.1 \xb2\xb2\xb2 X\r\n\r\n",
        b"HTTP/9.9 200 X\r\n\r\n",
        b"HTTP/1.1 200\r\nno colon here\r\n\r\n{",
        b"\x00" * 100,
        b"\r\n" * 100,
        b"HTTP/1.1 200 X\r\n",
        b"",
    ],
)
def test_broken_http_is_an_ordinary_error(serve: Serve, gym_at: Connect, answer: bytes) -> None:
    assert isinstance(failing(gym_at(serve(then(answer)))), errors.Unavailable | errors.Garbled)


def test_proxies_and_passwords_of_the_environment_are_not_used(
    serve: Serve, gym_at: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server = serve(GOOD)
    read(gym_at(server))
    assert "authorization" not in server.seen[0].headers


def test_a_slow_body_is_read_again(serve: Serve, gym_at: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.1)
    slow = then(b"HTTP/1.1 200 X\r\nContent-Length: 99\r\n\r\n{", stall)
    server = serve(slow, stall, GOOD)
    read(gym_at(server))
    assert len(server.seen) == 3
    server = serve(slow)
    error = failing(gym_at(server), change)
    assert (type(error), error.reason, error.outcome_unknown) == (errors.Unavailable, "timeout", True)


def test_the_key_travels_to_the_base_url_alone(serve: Serve, gym_at: Connect) -> None:
    server = serve(GOOD)
    gym = gym_at(server)
    read(gym)
    assert server.seen[0].headers["x-api-key"] == KEY
    assert "X-API-KEY" not in transport.engine().session.headers
