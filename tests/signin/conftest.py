"""Somebody at the studio's door."""

import pytest

from tests.signin.visitor import Visitor


@pytest.fixture
def visitor(db: None, studios: object) -> Visitor:
    """Somebody with a browser at the studio in Berlin."""
    return Visitor()
