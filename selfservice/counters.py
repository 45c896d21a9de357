"""How often something happened: moving windows over keyed hashes, shared by all processes when Redis is the cache."""

import logging
import math
import time
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TypeVar

from django.conf import settings
from django.utils.crypto import salted_hmac
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.storage.memory import Entry
from limits.strategies import MovingWindowRateLimiter

from .cache import Away, Outage

REDIS_SECONDS = 0.5
# So many counters are kept before it is worth while to look which of them have run out.
MANY = 1000

_outage = Outage()

T = TypeVar("T")

logger = logging.getLogger(__name__)


class MemoryCounters(MemoryStorage):
    """Counters in memory that any number of threads can use, and that strangers can't fill.

    The library's own (5.8) forget on a timer, which two threads can start at once, which trips over what is cleared
    meanwhile, and which keeps the key of everybody who ever came. Here whoever counts forgets, one at a time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.timer.cancel()
        self._lock = Lock()
        self._many = MANY

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` and return True, or count nothing when more than `limit` in `expiry` seconds would result."""
        with self._lock:
            now = time.time()
            self._forget(now)
            counted = [entry for entry in self.events.get(key, ()) if entry.expiry > now]
            has_room = len(counted) + amount <= limit
            self.events[key] = [Entry(expiry)] * amount + counted if has_room else counted
            return has_room

    def clear(self, key: str) -> None:
        """Forget what was counted for this key."""
        with self._lock:
            super().clear(key)

    def _forget(self, now: float) -> None:
        if len(self.events) > self._many:
            self.events = {key: counted for key, counted in self.events.items() if counted and counted[0].expiry > now}
            self._many = max(MANY, 2 * len(self.events))


def key(kind: str, value: str) -> str:
    """Return what a counter is found by, from which nobody can tell whose it is."""
    return salted_hmac(f"selfservice.signin.limit.{kind}", value, algorithm="sha256").hexdigest()


def hit(limit: RateLimitItem, whose: str) -> bool:
    """Count once, and say whether it was within the limit; what is beyond is not counted."""
    return _counted(lambda counters: counters.hit(limit, whose))


def clear(limit: RateLimitItem, whose: str) -> None:
    """Forget what was counted."""
    _counted(lambda counters: counters.clear(limit, whose))


def seconds_until_free(limit: RateLimitItem, whose: str) -> int:
    """Return in how many seconds, at least one, it can be counted again."""
    free_at = _counted(lambda counters: counters.get_window_stats(limit, whose)).reset_time
    return max(1, math.ceil(free_at - time.time()))


def _counted(action: Callable[[MovingWindowRateLimiter], T]) -> T:
    shared = _in_redis(_redis_url())
    if shared is None:
        return action(in_memory())
    try:
        with _outage:
            return action(shared)
    except (StorageError, Away):
        # Without Redis every process counts for itself: a looser limit, but still one, and members get in.
        logger.warning("Redis does not answer: limits are counted in this process alone")
        return action(in_memory())


def _redis_url() -> str:
    """Return the address of Redis in the spelling of the limits library, or "" when Redis is not the cache."""
    location = settings.CACHES["default"].get("LOCATION", "")
    url = str(location if isinstance(location, str) else location[0])
    return url if url.startswith(("redis://", "rediss://")) else ""


@cache
def in_memory() -> MovingWindowRateLimiter:
    """Return the counters of this process."""
    return MovingWindowRateLimiter(MemoryCounters())


@cache
def _in_redis(url: str) -> MovingWindowRateLimiter | None:
    if not url:
        return None
    storage = RedisStorage(
        url, wrap_exceptions=True, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    return MovingWindowRateLimiter(storage)
