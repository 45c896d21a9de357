"""Somebody whose browser asks for German."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from selfservice import counters
from selfservice.studios.studio import Studio
from tests.datasets.conftest import wait_for_mails
from tests.member import Member, SignIn
from tests.pageclient import PageClient
from tests.signin.visitor import Visitor


@pytest.fixture(autouse=True)
def _as_at_the_start() -> Iterator[None]:
    counters.in_memory().storage.reset()
    yield
    counters.in_memory().storage.reset()
    wait_for_mails()


@pytest.fixture
def english_studio(studios: dict[str, Studio]) -> Studio:
    """A studio that speaks English to whoever does not ask for German."""
    studios["berlin-mitte"] = dataclasses.replace(studios["berlin-mitte"], language="en")
    return studios["berlin-mitte"]


@pytest.fixture
def german(db: None, english_studio: Studio) -> PageClient:
    return PageClient(headers={"accept-language": "de"}, raise_request_exception=False, enforce_csrf_checks=False)


@pytest.fixture
def visitor(german: PageClient) -> Visitor:
    """Somebody who signs in."""
    return Visitor(client=german)


@pytest.fixture
def sign_in(german: PageClient, sandbox: Any) -> SignIn:
    """Return a function that signs a member in."""
    return lambda customer_id, studio="berlin-mitte": Member(german, sandbox, customer_id, studio, "")
