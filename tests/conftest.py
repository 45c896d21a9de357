"""What most tests need: the simulated gym over real HTTP, its studios, a client that checks every page, a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from hypothesis import settings

from selfservice.sandbox.server import Sandbox, start
from selfservice.studios import registry
from selfservice.studios.studio import Studio
from tests import chromium
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
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def page() -> PageClient:
    """A browser without JavaScript: follows no redirects, checks every page, asks for English."""
    return PageClient(headers={"accept-language": "en"}, enforce_csrf_checks=False)


@pytest.fixture
def client() -> PageClient:
    """In the place of pytest-django's own, so that no page goes unchecked."""
    return PageClient()


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
