"""Servers for bad days: the simulated API and the portal, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.faults.serving import Api, Portal, served, simulated_api

Serve: TypeAlias = Callable[..., Portal]


@pytest.fixture
def api() -> Iterator[Api]:
    with simulated_api() as running:
        yield running


@pytest.fixture
def serve(api: Api, tmp_path: Path) -> Iterator[Serve]:
    """Return a function that starts the portal; environment variables by name."""
    with ExitStack() as stack:
        yield lambda **environment: stack.enter_context(served(tmp_path / "portal", api.url, **environment))
