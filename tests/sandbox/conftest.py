"""A fresh simulated gym per test, and a client for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from selfservice.sandbox import Sandbox, start
from selfservice.sandbox.demo import DEMO_SIGNATURE
from tests.sandbox.client import Ask, call


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with start() as running:
        yield running


@pytest.fixture
def ask(sandbox: Sandbox) -> Ask:
    return partial(call, sandbox)


@pytest.fixture
def signature() -> dict[str, str]:
    return {"base64SvgSignature": DEMO_SIGNATURE}
