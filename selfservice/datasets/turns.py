"""One change of a data set at a time: a second click waits for the first and then sees what became of it."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.cache import cache

from ..perfectgym import pace
from ..perfectgym.client import Deadline
from .access import Access
from .base import DataSet

# Longer than any page takes, so that a process that dies in its turn does not hold up others for long.
LONGEST_SECONDS = 15
PAUSE_SECONDS = 0.05
# What must be left of a page's time for a turn to be worth taking.
ENOUGH_SECONDS = 2.0

logger = logging.getLogger(__name__)


class NoTurn(Exception):
    """Another change of the same data set is still on its way."""


@contextmanager
def turn(access: Access, data_set: DataSet, deadline: Deadline) -> Iterator[None]:
    """Hold the only turn for this data set; raise NoTurn when it does not come free in time.

    A cache that is away is no reason to refuse a change: PerfectGym itself takes only one amendment at a time.
    """
    key, mine = f"turn:{access.studio.slug}:{access.customer_id}:{data_set.slug}", uuid.uuid4().hex
    while not _take(key, mine):
        if deadline.left() < ENOUGH_SECONDS:
            raise NoTurn
        pace.sleep(PAUSE_SECONDS)
    try:
        yield
    finally:
        with suppress(Exception):  # it ends by itself
            if cache.get(key) == mine:
                cache.delete(key)


def _take(key: str, mine: str) -> bool:
    try:
        return cache.add(key, mine, LONGEST_SECONDS)
    except Exception:  # noqa: BLE001  # each cache fails in its own way
        logger.warning("the cache does not answer: a change is sent without waiting for its turn")
        return True
