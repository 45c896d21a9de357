"""After "too many requests" an endpoint is left alone for a while, by all processes that share a cache."""

import hashlib
import math
import time
from contextlib import suppress
from typing import Protocol

from .errors import Busy

DEFAULT_SECONDS = 5.0
SHORTEST = 1.0
LONGEST = 60.0


class Cache(Protocol):
    """What is needed of a cache; Django's fits."""

    def get(self, key: str, default: object = None) -> object:
        """Return the value kept under `key`, else `default`."""

    def set(self, key: str, value: object, timeout: float | None) -> object:
        """Keep `value` under `key` for `timeout` seconds."""


class CoolOff:
    """The endpoints of one studio that cool off. A cache that fails never breaks a call."""

    def __init__(self, cache: Cache, studio: str) -> None:
        self._cache = cache
        self._studio = studio

    def error(self, endpoint: str) -> Busy | None:
        """Return why `endpoint` must not be called now, None when it may be."""
        until = None
        with suppress(Exception):  # every cache has failures of its own
            until = self._cache.get(self._key(endpoint))
        left = until - time.time() if isinstance(until, float) else 0.0
        # A clock that was put back must not stop a studio for hours.
        return Busy(reason="cool-off", retry_after=left) if 0 < left <= LONGEST else None

    def note(self, endpoint: str, outcome: object) -> None:
        """Leave `endpoint` alone if `outcome` is a 429, within bounds as long as it asks; it then says how long."""
        if not isinstance(outcome, Busy) or outcome.status != 429:
            return
        seconds = DEFAULT_SECONDS if outcome.retry_after is None else outcome.retry_after
        outcome.retry_after = min(max(seconds, SHORTEST), LONGEST)
        with suppress(Exception):  # the call has its answer, whatever the cache does
            self._cache.set(self._key(endpoint), time.time() + outcome.retry_after, math.ceil(outcome.retry_after))

    def _key(self, endpoint: str) -> str:
        """Return a key that fits every cache, whatever the studio is called."""
        return "perfectgym-cool-off-" + hashlib.sha256(f"{self._studio}\n{endpoint}".encode()).hexdigest()
