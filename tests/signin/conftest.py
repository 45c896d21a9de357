"""Every test starts with untouched limits."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from selfservice.signin import limits
from tests.signin.visitor import Visitor


@pytest.fixture(autouse=True)
def fresh_counters() -> Iterator[None]:
    """Forget who asked how often."""
    limits.in_memory().storage.reset()
    yield
    limits.in_memory().storage.reset()


@pytest.fixture
def visitor(db: None, studios: object) -> Visitor:
    """Somebody with a browser at the studio in Berlin."""
    return Visitor()


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that moves the portal's clock forward, such as pass_time(minutes=10)."""
    real, passed = timezone.now, timedelta()

    def move(**how_long: float) -> None:
        nonlocal passed
        passed += timedelta(**how_long)

    monkeypatch.setattr(timezone, "now", lambda: real() + passed)
    return move
