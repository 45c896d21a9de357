"""What is sent again, what never is, and when the outcome of a change is unknown."""

import socket
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from urllib3.connection import HTTPConnection

from selfservice.perfectgym import calls, errors
from selfservice.perfectgym.client import Deadline, GymClient
from tests.perfectgym.wire import Server, Step, close, drip, late, reply, reset, stall, then

Serve = Callable[..., Server]
Connect = Callable[[Server | str], GymClient]


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "BACKOFF_SECONDS", 0.001)


GOOD = reply({"id": 7})
CUT_SHORT = then(b"HTTP/1.1 200 X\r\nContent-Length: 50\r\n\r\n{")
CUT_CHUNK = then(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{")
TRANSIENT: dict[str, Step] = {
    "close": close,
    "reset": reset,
    "cut short": CUT_SHORT,
    "cut chunk": CUT_CHUNK,
    "cut header": then(b"HTTP/1.1 200 X\r\nContent-Le"),
    "no http": then(b"SSH-2.0-x\r\n\r\n"),
    "500": reply({}, 500),
    "502": reply(b"<html>", 502),
    "503": reply({}, 503),
    "504": reply({}, 504),
    "503 soon": reply({}, 503, ["Retry-After: 0"]),
    "429 soon": reply({}, 429, ["Retry-After: 0"]),
}


def read(gym: GymClient, seconds: float = 2.0) -> None:
    gym.read(1, "contact-data", language="en", deadline=Deadline.after(seconds))


def change(gym: GymClient, seconds: float = 2.0) -> None:
    gym.request_change(1, "contact-data", {"email": "a@b.example"}, language="en", deadline=Deadline.after(seconds))


def withdraw(gym: GymClient, seconds: float = 2.0) -> None:
    gym.withdraw(1, 7, language="en", deadline=Deadline.after(seconds))


def search(gym: GymClient, seconds: float = 2.0) -> None:
    gym.search_customers(email="a@b.example", language="en", deadline=Deadline.after(seconds))


def check_key(gym: GymClient, seconds: float = 2.0) -> None:
    gym.check_key(deadline=Deadline.after(seconds))


def unused_address() -> str:
    """Return an address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("trouble", TRANSIENT)
@pytest.mark.parametrize("operation", [read, withdraw])
def test_repeats_what_can_be_repeated(
    serve: Serve, gym_at: Connect, operation: Callable[..., None], trouble: str
) -> None:
    server = serve(TRANSIENT[trouble], TRANSIENT[trouble], GOOD)
    operation(gym_at(server))
    status_was_enough = operation is withdraw and trouble.startswith("cut")
    assert len(server.seen) == (1 if status_was_enough else 3)


@pytest.mark.parametrize("trouble", TRANSIENT)
def test_a_search_is_a_read(serve: Serve, gym_at: Connect, trouble: str) -> None:
    server = serve(TRANSIENT[trouble], reply([]))
    search(gym_at(server))
    assert len(server.seen) == 2


def test_gives_up_after_three_tries(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({}, 500))
    for operation in (read, search, check_key):
        server.seen.clear()
        with pytest.raises(errors.Unavailable) as caught:
            operation(gym_at(server))
        assert (caught.value.outcome_unknown, len(server.seen)) == (False, 3)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 501, 302])
def test_a_decision_is_not_asked_for_twice(serve: Serve, gym_at: Connect, status: int) -> None:
    server = serve(reply({}, status))
    with pytest.raises(errors.GymError):
        read(gym_at(server))
    assert len(server.seen) == 1


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"x" * (300 * 1024)])
def test_garbage_is_not_asked_for_twice(serve: Serve, gym_at: Connect, body: bytes) -> None:
    server = serve(reply(body))
    with pytest.raises(errors.Garbled):
        read(gym_at(server))
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (close, errors.Unavailable),
        (reset, errors.Unavailable),
        (then(b"HTTP/1.1 200 X\r\nContent-Le"), errors.Garbled),
        (then(b"nonsense\r\n\r\n"), errors.Unavailable),
        (CUT_SHORT, errors.Garbled),
        (CUT_CHUNK, errors.Garbled),
        (reply(b""), errors.Garbled),
        (reply(b"", 204), errors.Garbled),
        (reply([]), errors.Garbled),
        (reply(b"<html>"), errors.Garbled),
        (reply(b"x" * (300 * 1024)), errors.Garbled),
        (reply(b"\x1f\x8b", headers=["Content-Encoding: gzip"]), errors.Garbled),
        (reply({}, 500), errors.Unavailable),
        (reply({}, 501), errors.Unavailable),
        (reply({}, 502), errors.Unavailable),
        (reply({}, 503), errors.Busy),
        (reply({}, 503, ["Retry-After: 0"]), errors.Busy),
        (reply({}, 504), errors.Unavailable),
        (reply({}, 303, ["Location: /"]), errors.Unavailable),
    ],
)
def test_a_change_that_may_have_been_applied_is_never_sent_again(
    serve: Serve, gym_at: Connect, step: Step, kind: type[errors.GymError]
) -> None:
    server = serve(step)
    with pytest.raises(errors.GymError) as caught:
        change(gym_at(server))
    assert (type(caught.value), caught.value.outcome_unknown) == (kind, True)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "step",
    [
        stall,
        drip(b"HTTP/1.1 200 X\r\n"),
        drip(b"HTTP/1.1 200 X\r\nContent-Length: 9999\r\n\r\n"),
        late(0.3, GOOD),
    ],
)
def test_a_change_that_was_not_answered_in_time_may_have_been_applied(
    serve: Serve, gym_at: Connect, step: Step
) -> None:
    server = serve(step)
    with pytest.raises(errors.Unavailable) as caught:
        change(gym_at(server), 0.2)
    assert (caught.value.outcome_unknown, len(server.seen)) == (True, 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429])
def test_a_change_that_was_refused_was_not_applied(serve: Serve, gym_at: Connect, status: int) -> None:
    server = serve(reply({}, status))
    with pytest.raises(errors.GymError) as caught:
        change(gym_at(server))
    assert (caught.value.outcome_unknown, len(server.seen)) == (False, 1)


def test_a_change_waits_for_a_rate_limit_that_ends_in_time(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({}, 429, ["Retry-After: 0"]), GOOD)
    change(gym_at(server))
    assert len(server.seen) == 2


@pytest.mark.parametrize("operation", [change, withdraw])
def test_what_never_left_is_known_not_to_be_applied(gym_at: Connect, operation: Callable[..., None]) -> None:
    with pytest.raises(errors.Unavailable) as caught:
        operation(gym_at(unused_address()), 0.4)
    assert (caught.value.outcome_unknown, caught.value.reason) == (False, "network")


def test_a_change_is_sent_once_the_connection_comes(
    serve: Serve, gym_at: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(GOOD)
    failures = iter([ConnectionRefusedError(), TimeoutError()])
    connect = HTTPConnection._new_conn

    def failing_at_first(connection: HTTPConnection) -> socket.socket:
        if failure := next(failures, None):
            raise failure
        return connect(connection)

    monkeypatch.setattr(HTTPConnection, "_new_conn", failing_at_first)
    change(gym_at(server))
    assert len(server.seen) == 1


@pytest.mark.parametrize("trouble", [close, reset, reply({}, 500), reply({}, 503)])
def test_not_found_after_a_repeated_withdrawal_means_done(serve: Serve, gym_at: Connect, trouble: Step) -> None:
    server = serve(trouble, reply({}, 404))
    withdraw(gym_at(server))
    assert len(server.seen) == 2


@pytest.mark.parametrize("steps", [[reply({}, 404)], [reply({}, 429, ["Retry-After: 0"]), reply({}, 404)]])
def test_not_found_before_anything_could_be_withdrawn(serve: Serve, gym_at: Connect, steps: list[bytes]) -> None:
    with pytest.raises(errors.NotFound) as caught:
        withdraw(gym_at(serve(*steps)))
    assert not caught.value.outcome_unknown


@pytest.mark.parametrize(
    ("steps", "unknown"),
    [
        ([reply({}, 409)], False),
        ([reply({}, 429)], False),
        ([reply({}, 500)], True),
        ([close], True),
        ([stall], True),
        ([reply({}, 302)], True),
        ([close, reply({}, 409)], True),
        ([reply({}, 500), reply({}, 429)], True),
        ([reply({}, 429, ["Retry-After: 0"]), reply({}, 400)], False),
    ],
)
def test_outcome_of_a_withdrawal(serve: Serve, gym_at: Connect, steps: list[Step], *, unknown: bool) -> None:
    with pytest.raises(errors.GymError) as caught:
        withdraw(gym_at(serve(*steps)), 0.4)
    assert caught.value.outcome_unknown is unknown


@pytest.mark.parametrize("step", [CUT_SHORT, reply(b"x", headers=["Content-Encoding: gzip"]), reply(b"x" * 300_000)])
def test_a_withdrawal_is_done_when_the_status_says_so(serve: Serve, gym_at: Connect, step: Step) -> None:
    server = serve(step)
    withdraw(gym_at(server))
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_waits_as_long_as_it_is_asked_to(
    serve: Serve, gym_at: Connect, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(calls, "time", SimpleNamespace(sleep=slept.append, monotonic=time.monotonic))
    server = serve(reply({}, status, ["Retry-After: 1"]), GOOD)
    read(gym_at(server))
    assert (slept, len(server.seen)) == ([1.0], 2)


def test_pauses_grow_and_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "BACKOFF_SECONDS", 0.1)
    first = [calls._pause(errors.Unavailable(), 1) for _ in range(50)]
    second = [calls._pause(errors.Unavailable(), 2) for _ in range(50)]
    assert 0.05 <= min(first) < max(first) <= 0.1 <= min(second) < max(second) <= 0.2


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wait", ["2", "100000", "Fri, 31 Dec 2099 23:59:59 GMT"])
def test_does_not_wait_for_what_comes_too_late(serve: Serve, gym_at: Connect, status: int, wait: str) -> None:
    server = serve(reply({}, status, [f"Retry-After: {wait}"]))
    deadline = Deadline.after(1)
    with pytest.raises(errors.Busy) as caught:
        gym_at(server).read(1, "contact-data", language="en", deadline=deadline)
    assert deadline.left() > 0.7
    assert len(server.seen) == 1
    assert (caught.value.retry_after or 0) >= 2


def test_does_not_repeat_when_there_is_no_time_left(serve: Serve, gym_at: Connect) -> None:
    server = serve(late(0.2, reply({}, 500)))
    with pytest.raises(errors.Unavailable):
        read(gym_at(server), 0.25)
    assert len(server.seen) == 1
