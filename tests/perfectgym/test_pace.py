"""Pages are worked on one after the other; whoever waits for the network makes room, and nobody waits for a page."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from selfservice.perfectgym import pace
from selfservice.perfectgym.client import Deadline
from selfservice.perfectgym.errors import GymError
from selfservice.perfectgym.pace import waiting, working
from tests.perfectgym.asking import Connect, Serve
from tests.perfectgym.wire import stall


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as running:
        yield running


def turn_after() -> float:
    """Return how long a thread waits for its turn."""
    started = time.monotonic()
    with working():
        return time.monotonic() - started


def test_one_works_at_a_time(pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "TURN_SECONDS", 5)
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 5)
    with working():
        second = pool.submit(turn_after)
        time.sleep(0.2)
        assert not second.done()
    assert 0.1 < second.result(5) < 1


def test_who_waits_makes_room_and_gets_a_turn_again(pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "TURN_SECONDS", 5)
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 5)
    with working():
        with waiting():
            assert pool.submit(turn_after).result(5) < 0.2
        second = pool.submit(turn_after)
        time.sleep(0.2)
        assert not second.done()
    assert second.result(5) > 0.1


def test_who_hangs_holds_nobody_up(pool: ThreadPoolExecutor) -> None:
    with working():
        assert pool.submit(turn_after).result(5) == pytest.approx(pace.TURN_SECONDS, abs=0.09)
        assert pool.submit(turn_after).result(5) < 0.05
    assert pool.submit(turn_after).result(5) < 0.05


def test_a_turn_that_was_taken_over_is_not_given_back_by_who_lost_it(
    pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def works(seconds: float) -> None:
        with working():
            time.sleep(seconds)

    with working():
        monkeypatch.setattr(pace, "TURN_SECONDS", 5)  # of those that begin from now on
        taken_over = pool.submit(works, 0.6)
        time.sleep(0.2)
    assert turn_after() > 0.2
    taken_over.result(5)


def test_who_has_waited_for_many_goes_on_without_and_takes_nothing_from_anybody(
    pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "TURN_SECONDS", 5)
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 0.2)
    with working():
        for _ in range(2):
            assert pool.submit(turn_after).result(5) == pytest.approx(0.2, abs=0.09)


def test_a_thread_needs_one_turn_and_gives_it_back(pool: ThreadPoolExecutor) -> None:
    with working(), working(), waiting():
        assert pool.submit(turn_after).result(5) < 0.05
    with working():
        with working():
            pass
        assert pool.submit(turn_after).result(5) < 0.05
    assert pool.submit(turn_after).result(5) < 0.05


def test_no_turn_is_lost_when_work_fails() -> None:
    for _ in range(3):
        with pytest.raises(KeyError), working(), waiting():
            raise KeyError
    assert turn_after() < 0.05


def test_a_page_that_waits_for_upstream_makes_room(
    pool: ThreadPoolExecutor, serve: Serve, gym_at: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "TURN_SECONDS", 5)
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 5)
    server = serve(stall)

    def page() -> None:
        with working(), pytest.raises(GymError):
            gym_at(server).read(1, "contact-data", language="en", deadline=Deadline.after(0.8))

    started = pool.submit(page)
    end = time.monotonic() + 5
    while not server.seen and time.monotonic() < end:
        time.sleep(0.01)
    assert pool.submit(turn_after).result(5) < 0.3
    started.result(5)


def test_sleeping_makes_room(pool: ThreadPoolExecutor) -> None:
    def sleeper() -> None:
        with working():
            pace.sleep(0.3)

    slept = pool.submit(sleeper)
    time.sleep(0.1)
    assert turn_after() < 0.05
    slept.result(5)
