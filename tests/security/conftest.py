"""Members, visitors and a real server for the attacks; their fixtures are those of the tests of the parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.datasets.conftest import _mails_delivered
from tests.journeys.conftest import person, visit
from tests.security.server import Served, served_portal
from tests.signin.conftest import visitor

__all__ = ["_mails_delivered", "person", "visit", "visitor"]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The portal behind gunicorn with the settings of production; it believes one proxy, which the tests play."""
    with served_portal(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def carla(sign_in: Any) -> Any:
    """A member of both studios, signed in at the one in Berlin."""
    return sign_in(1022)
