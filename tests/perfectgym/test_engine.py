"""One session and one set of threads per process, which do not grow."""

import logging
import os
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from selfservice.perfectgym import transport
from selfservice.perfectgym.client import Deadline
from tests.perfectgym.asking import GOOD, RESOURCES, Connect, Serve, read
from tests.perfectgym.wire import stall


def test_threads_and_connections_do_not_grow(serve: Serve, gym_at: Connect) -> None:
    server = serve(route=lambda seen: stall if "master" in seen.target else GOOD)
    gym = gym_at(server)

    def page() -> None:
        gym.read_all(1, RESOURCES, language="en", deadline=Deadline.after(0.05))

    page()
    time.sleep(0.1)
    files, threads = len(list(Path("/proc/self/fd").iterdir())), clients_threads()
    for _ in range(20):
        page()
    time.sleep(0.1)
    assert clients_threads() <= max(threads, 12)
    assert len(list(Path("/proc/self/fd").iterdir())) <= files + 6


def clients_threads() -> int:
    return sum(thread.name.startswith("perfectgym") for thread in threading.enumerate())


def test_memory_does_not_grow(
    serve: Serve, gym_at: Connect, caplog: pytest.LogCaptureFixture, fresh_engine: Callable[[], None]
) -> None:
    fresh_engine()  # hundreds of threads of other tests would each remember their first call
    caplog.set_level(logging.WARNING, "selfservice.perfectgym")  # the test run keeps every record
    gym = gym_at(serve(GOOD))
    for _ in range(20):
        read(gym)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(200):
            read(gym)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 400_000


def test_one_engine_for_all_threads(fresh_engine: Callable[[], None]) -> None:
    fresh_engine()
    found: list[transport.Engine] = []
    threads = [threading.Thread(target=lambda: found.append(transport.engine())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1


def test_a_forked_process_has_an_engine_of_its_own(serve: Serve, gym_at: Connect) -> None:
    server = serve(GOOD)
    gym = gym_at(server)
    read(gym)
    child = os.fork()
    if child == 0:  # pragma: no cover - coverage does not see what ends with _exit
        try:
            read(gym)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    read(gym)
    assert [one.connection for one in server.seen] == [1, 2, 1]
