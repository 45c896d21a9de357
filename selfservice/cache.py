"""Redis as the cache, without waiting for it again and again while it does not answer."""

import time
from typing import Any

from django.core.cache.backends.redis import RedisCache

PAUSE_SECONDS = 5.0


class Away(Exception):
    """It did not answer a moment ago, so nobody waits for it now."""


class Outage:
    """Remembers for five seconds that something does not answer; shared by the threads of a process."""

    def __init__(self) -> None:
        self._until = 0.0

    def __enter__(self) -> None:
        """Raise Away when it did not answer a moment ago."""
        if time.monotonic() < self._until:
            raise Away

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Take note of a failure."""
        if kind is not None:
            self._until = time.monotonic() + PAUSE_SECONDS


# Django makes a cache for each thread; what one of them finds out is news for all.
_outage = Outage()


class PatientRedisCache(RedisCache):
    """Django's cache in Redis. Every operation may raise: Away at once, or what the client raises after its timeout."""

    def get(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # the signature is Django's
        """Return what is kept."""
        with _outage:
            return super().get(*args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Keep something."""
        with _outage:
            super().set(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Keep something unless there is something."""
        with _outage:
            return super().add(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Forget something."""
        with _outage:
            return super().delete(*args, **kwargs)
