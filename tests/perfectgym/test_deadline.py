"""By its deadline a call has returned, whatever upstream does, and leaves nothing behind."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from urllib3 import HTTPResponse

from selfservice.perfectgym import errors, operations, transport
from selfservice.perfectgym.calls import Call
from selfservice.perfectgym.client import PAGE_SECONDS, Deadline, GymClient
from selfservice.perfectgym.deadline import Exchange
from selfservice.perfectgym.models import SelfServiceData
from tests.machine import in_time
from tests.perfectgym.wire import Seen, Server, Step, drip, late, reply, stall

Serve = Callable[..., Server]
Connect = Callable[[Server | str], GymClient]
SHORT = 0.2
GRACE = 0.3
GOOD = reply({"id": 7})
RESOURCES = ["contact-data", "address-data", "master-data", "payment-data"]
SLOW: dict[str, Step] = {
    "stall": stall,
    "status line": drip(b"HTTP/1.1 200"),
    "header": drip(b"HTTP/1.1 200 X\r\nX-Slow: "),
    "many headers": drip(b"HTTP/1.1 200 X\r\n", b"A: b\r\n", 0.01),
    "continue": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),
    "body": drip(b"HTTP/1.1 200 X\r\nContent-Length: 9999\r\n\r\n"),
    "body without length": drip(b'HTTP/1.1 200 X\r\nConnection: close\r\n\r\n{"a": "'),
    "complete body without end": drip(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n{}", b" "),
    "chunks": drip(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "chunk size": drip(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers": drip(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"A: b\r\n"),
}


def timed(operation: Callable[[Deadline], object], seconds: float = SHORT) -> errors.GymError:
    started = time.monotonic()
    with pytest.raises(errors.GymError) as caught:
        operation(Deadline.after(seconds))
    assert in_time(time.monotonic() - started - seconds, GRACE)
    return caught.value


def reading(gym: GymClient) -> Callable[[Deadline], object]:
    return lambda deadline: gym.read(1, "contact-data", language="en", deadline=deadline)


def changing(gym: GymClient) -> Callable[[Deadline], object]:
    return lambda deadline: gym.request_change(1, "contact-data", {"a": "b"}, language="en", deadline=deadline)


def idle_again(within: float = 10.0) -> bool:
    """Whether all threads have nothing to do any more: as many tasks as threads run at once.

    Most threads only start for it, which takes a busy machine some seconds; who is left behind stays for good.
    """
    threads = transport.engine().threads
    together = threading.Barrier(transport.THREADS)
    tasks = [threads.submit(together.wait, within) for _ in range(transport.THREADS)]
    try:
        return len([task.result(within) for task in tasks]) == transport.THREADS
    except threading.BrokenBarrierError:
        return False


@pytest.mark.parametrize("how", SLOW)
def test_returns_by_its_deadline(serve: Serve, gym_at: Connect, how: str) -> None:
    server = serve(SLOW[how])
    error = timed(reading(gym_at(server)))
    assert (type(error), error.retryable, error.outcome_unknown) == (errors.Unavailable, True, False)
    assert timed(changing(gym_at(server))).outcome_unknown


@pytest.mark.parametrize("how", SLOW)
def test_leaves_no_thread_behind(serve: Serve, gym_at: Connect, how: str) -> None:
    timed(reading(gym_at(serve(SLOW[how]))))
    assert idle_again()


def test_a_stalled_handshake_ends_at_the_deadline_and_nothing_was_sent(gym_at: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gym = gym_at(f"https://localhost:{listener.getsockname()[1]}")
        assert timed(reading(gym)).reason in ("deadline", "timeout", "TLS")
        assert not timed(changing(gym)).outcome_unknown
        assert idle_again()


def test_a_dripping_handshake_ends_at_the_deadline(gym_at: Connect) -> None:
    def record(listener: socket.socket) -> None:
        sock, _ = listener.accept()
        with sock:
            # A handshake record of 16,000 bytes that never ends.
            drip(b"\x16\x03\x03\x3e\x80\x02\x00\x3e\x7c", b"\x00")(sock)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=record, args=(listener,))
        thread.start()
        gym = gym_at(f"https://localhost:{listener.getsockname()[1]}")
        assert not timed(changing(gym)).outcome_unknown
        thread.join(2)
        assert not thread.is_alive()


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("how", ["stall", "header", "body without length"])
def test_returns_by_its_deadline_over_tls(serve: Serve, gym_at: Connect, certificates: Path, how: str) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "localhost.pem")
    server = serve(SLOW[how], tls=tls)
    assert isinstance(timed(reading(gym_at(server))), errors.Unavailable)
    assert timed(changing(gym_at(server))).outcome_unknown
    assert idle_again()


def test_a_connection_that_does_not_come_ends_at_the_deadline(gym_at: Connect) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        # The kernel leaves a connection attempt unanswered once the queue of waiting ones is full.
        waiting = [socket.socket() for _ in range(3)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(address)
        gym = gym_at(f"http://127.0.0.1:{address[1]}")
        error = timed(changing(gym))
        assert (type(error), error.outcome_unknown) == (errors.Unavailable, False)
        for sock in waiting:
            sock.close()


def test_a_large_request_nobody_reads_ends_at_the_deadline(gym_at: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gym = gym_at(f"http://127.0.0.1:{listener.getsockname()[1]}")
        body = {"signature": "x" * 8_000_000}
        error = timed(lambda d: gym.request_change(1, "payment-data", body, language="en", deadline=d), 0.5)
        assert error.outcome_unknown


def test_a_deadline_that_has_passed_sends_nothing(serve: Serve, gym_at: Connect) -> None:
    server = serve(GOOD)
    assert not timed(changing(gym_at(server)), 0.0).outcome_unknown
    with pytest.raises(errors.Unavailable):
        reading_call(gym_at(server)).run(Exchange(), Deadline.after(0))
    assert idle_again()
    assert server.seen == []


def test_with_all_threads_stuck_a_call_returns_by_its_deadline_and_never_leaves(serve: Serve, gym_at: Connect) -> None:
    server = serve(GOOD)
    free = threading.Event()
    stuck = [transport.engine().threads.submit(free.wait, 5) for _ in range(transport.THREADS)]
    try:
        error = timed(changing(gym_at(server)))
        late_ones = gym_at(server).read_all(1, ["contact-data"], language="en", deadline=Deadline.after(0.1))
    finally:
        free.set()
    assert all(one.result(2) for one in stuck)
    assert (error.reason, error.outcome_unknown) == ("queue", False)
    assert isinstance(late_ones["contact-data"], errors.Unavailable)
    assert idle_again()
    assert server.seen == []


def reading_call(gym: GymClient) -> Call[SelfServiceData]:
    return gym._call(operations.reading("contact-data"), "en", 1)


def test_ending_one_call_does_not_touch_the_next_on_its_connection(
    serve: Serve, gym_at: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(GOOD)
    gym = gym_at(server)
    exchange = Exchange()
    collect = transport._collect

    def cut_at_the_last_moment(raw: HTTPResponse, deadline: Deadline) -> tuple[str, bytes]:
        result = collect(raw, deadline)
        exchange.cut()  # the connection is kept for the next call by now
        return result

    with monkeypatch.context() as patch:
        patch.setattr(transport, "_collect", cut_at_the_last_moment)
        with pytest.raises(errors.Unavailable):
            reading_call(gym)._try(exchange, Deadline.after(2))
    reading(gym)(Deadline.after(2))
    assert (len(server.seen), server.connections) == (2, 1)


def test_a_body_that_the_deadline_cut_is_not_taken_for_a_whole_one(serve: Serve, gym_at: Connect) -> None:
    call = reading_call(gym_at(serve(SLOW["complete body without end"])))
    exchange = Exchange()
    waiting = threading.Timer(0.1, exchange.cut)
    waiting.start()
    with pytest.raises(errors.Unavailable):
        call.run(exchange, Deadline.after(0.5))
    waiting.join()


def test_a_cut_exchange_takes_no_connection() -> None:
    exchange = Exchange()
    assert not exchange.cut()
    one, other = socket.socketpair()
    with one, other, pytest.raises(TimeoutError):
        exchange.attach(one, sends=True)
    assert not exchange.unsettled


def test_one_stalled_data_set_does_not_spoil_the_others(serve: Serve, gym_at: Connect) -> None:
    server = serve(route=lambda seen: stall if "master" in seen.target else late(0.05, GOOD))
    started = time.monotonic()
    found = gym_at(server).read_all(1, RESOURCES, language="en", deadline=Deadline.after(0.4))
    assert in_time(time.monotonic() - started - 0.4, GRACE)
    assert list(found) == RESOURCES
    late_one = found.pop("master-data")
    assert isinstance(late_one, errors.Unavailable)
    assert late_one.reason in ("deadline", "timeout")
    assert all(isinstance(one, SelfServiceData) for one in found.values())


def test_the_overview_costs_one_round_trip(serve: Serve, gym_at: Connect) -> None:
    def answer(_seen: Seen) -> bytes:
        time.sleep(0.1)
        return GOOD

    gym = gym_at(serve(route=answer))

    def overview() -> float:
        started = time.monotonic()
        found = gym.read_all(1, RESOURCES, language="en", deadline=Deadline.after(2))
        assert all(isinstance(one, SelfServiceData) for one in found.values())
        return time.monotonic() - started

    # The best of some, for a machine that is busy with other tests.
    assert in_time(min(overview() for _ in range(20)) - 0.1, 0.01)


def test_nothing_to_read(gym_at: Connect) -> None:
    assert gym_at("http://127.0.0.1:9").read_all(1, [], language="en", deadline=Deadline.after(1)) == {}


def test_the_page_has_five_seconds() -> None:
    assert PAGE_SECONDS == 5.0
    assert 4.9 < Deadline.after().left() <= 5.0
    assert Deadline.after(-1).left() == 0.0
