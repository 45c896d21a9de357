"""Counters in the memory of one process, with many threads counting at once."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits import RateLimitItem, parse

from selfservice import counters

TEN = parse("10/minute")


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Stop the clock, and return a function that moves it forward by so many seconds."""
    now = time.time()

    def forward(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(time, "time", lambda: now)
    return forward


@pytest.fixture
def restless() -> Iterator[None]:
    """Let threads be interrupted wherever they can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def hits(limit: RateLimitItem, whose: str, times: int) -> int:
    return sum(counters.hit(limit, whose) for _ in range(times))


def test_what_is_beyond_the_limit_is_not_counted(move: Callable[[float], None]) -> None:
    assert hits(TEN, "anna", 6) == 6
    move(30)
    assert hits(TEN, "anna", 9) == 4
    move(30)
    assert hits(TEN, "anna", 9) == 6, "the six of a minute ago are free again, and no more"
    assert hits(TEN, "jonas", 9) == 9


def test_it_tells_when_it_is_free_again(move: Callable[[float], None]) -> None:
    hits(TEN, "anna", 10)
    move(18.5)
    assert counters.seconds_until_free(TEN, "anna") == 42


def test_what_was_cleared_counts_anew() -> None:
    hits(TEN, "anna", 10)
    counters.clear(TEN, "anna")
    assert hits(TEN, "anna", 12) == 10


@pytest.mark.usefixtures("restless")
def test_many_at_once_count_as_one_after_the_other() -> None:
    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(lambda _: hits(TEN, "anna", 20), range(16))) == 10


@pytest.mark.usefixtures("restless")
def test_counting_and_clearing_at_once_disturbs_nobody() -> None:
    def turn(number: int) -> int:
        times = 0
        for turn in range(400):
            times += counters.hit(TEN, f"{number % 2}")
            counters.clear(TEN, f"{number % 2}")
            if not turn % 50:
                time.sleep(0.011)  # what is forgotten by a timer would be forgotten now
        return times

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(turn, range(16)))


def test_counting_leaves_no_thread_to_itself() -> None:
    counters.in_memory()
    before = threading.active_count()
    hits(TEN, "anna", 20)
    assert threading.active_count() == before


def test_strangers_fill_no_memory(move: Callable[[float], None]) -> None:
    counted = counters.in_memory().storage
    assert isinstance(counted, counters.MemoryCounters)
    for number in range(3 * counters.MANY):
        counters.hit(TEN, f"stranger {number}")
        move(1)
    assert len(counted.events) <= counters.MANY + 60
    assert hits(TEN, f"stranger {3 * counters.MANY - 1}", 12) == 9, "who was here just now is still known"
