"""What members do on a data set's pages, and the mails that follow."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail

from selfservice.datasets import notification, service


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look three times without the pauses between."""
    monkeypatch.setattr(service, "LOOKS", (0.0, 0.01, 0.02))


@pytest.fixture(autouse=True)
def _mails_delivered() -> Iterator[None]:
    yield
    wait_for_mails()
    _wait_for_addresses()


def _wait_for_addresses() -> None:
    """Let no question for an address on file outlive its test: its line would stand in the log of another."""
    pool, end = notification.askers(), time.monotonic() + 10
    while pool._idle_semaphore._value < len(pool._threads) and time.monotonic() < end:
        time.sleep(0.005)


def wait_for_mails() -> list[Any]:
    """Return the mails when all that were on their way have arrived: when every worker is free at the same time."""
    pool = notification.workers()
    everybody = threading.Barrier(pool._max_workers)
    for job in [pool.submit(everybody.wait, 10) for _ in range(pool._max_workers)]:
        job.result()
    return list(mail.outbox)


def wait_for_notices() -> list[Any]:
    """Return the mails that tell of a change, without those that carry a code."""
    return [message for message in wait_for_mails() if not message.subject[:4].isdigit()]
