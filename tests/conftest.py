"""What most tests need: the simulated gym over real HTTP, its studios, a client that checks every page, a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import settings

from selfservice import counters
from selfservice.sandbox.server import Sandbox, start
from selfservice.studios import registry
from selfservice.studios.studio import Studio
from tests import chromium
from tests.member import Member, SignIn
from tests.pageclient import PageClient

if TYPE_CHECKING:
    from playwright.sync_api import Browser


# A busy machine is no finding.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A simulated PerfectGym API with its members as they are at the start."""
    with start() as running:
        yield running


@pytest.fixture
def studios(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, Studio]:
    """The two studios of the simulated gym, as studios.toml would name them."""
    found = {
        "berlin-mitte": Studio("berlin-mitte", "Fit Berlin Mitte", sandbox.base_url, "sandbox-berlin", language="de"),
        "madrid-centro": Studio(
            "madrid-centro", "Fit Madrid Centro", sandbox.base_url, "sandbox-madrid", country="ES", accent="#7a1f5c"
        ),
    }
    monkeypatch.setattr(registry, "_load", lambda _path: found)
    return found


@pytest.fixture(autouse=True)
def _nobody_was_here() -> Iterator[None]:
    """Forget what is kept in memory: whose turn it is, how often somebody asked."""
    cache.clear()
    counters.in_memory().storage.reset()
    yield
    cache.clear()
    counters.in_memory().storage.reset()


@pytest.fixture
def page() -> PageClient:
    """A browser without JavaScript: follows no redirects, checks every page, asks for English."""
    return PageClient(headers={"accept-language": "en"}, enforce_csrf_checks=False)


@pytest.fixture
def client() -> PageClient:
    """In the place of pytest-django's own, so that no page goes unchecked."""
    return PageClient()


@pytest.fixture
def sign_in(db: None, studios: object, sandbox: Sandbox, page: PageClient) -> SignIn:
    """Return a function that signs a member in: sign_in(1001), sign_in(2001, "madrid-centro")."""

    def as_member(customer_id: int, studio: str = "berlin-mitte") -> Member:
        return Member(page, sandbox, customer_id, studio)

    return as_member


@pytest.fixture
def anna(sign_in: SignIn) -> Member:
    """Every change is checked first; a new bank account wants a signature."""
    return sign_in(1001)


@pytest.fixture
def jonas(sign_in: SignIn) -> Member:
    """Every change takes effect at once, without a signature."""
    return sign_in(1002)


@pytest.fixture
def miriam(sign_in: SignIn) -> Member:
    """A change waits in every data set."""
    return sign_in(1003)


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Stop the portal's clock, and return a function that moves it forward, such as pass_time(minutes=10)."""
    now = timezone.now()

    def move(**how_long: float) -> None:
        nonlocal now
        now += timedelta(**how_long)

    monkeypatch.setattr(timezone, "now", lambda: now)
    return move


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from playwright.sync_api import sync_playwright

    path = chromium.executable()  # before Playwright starts: it may have to ask Playwright itself
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=chromium.ARGUMENTS,
            # Playwright switches off what people have: pages that come back from memory.
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield running
        running.close()
