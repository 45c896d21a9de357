"""The portal in a frame: two sites over TLS, Chromium as people set it, and Firefox."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings

from portal.handler import PortalHandler
from portal.https import over_https
from selfservice.studios import registry
from selfservice.studios.studio import Studio
from tests import chromium
from tests.datasets.conftest import wait_for_mails
from tests.embed.guest import Guest
from tests.embed.web import HOSTS, Web, has_openssl, served_web

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from selfservice.sandbox import Sandbox

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "on"  # see tests/journeys/conftest.py

Arrive = Callable[..., Guest]
RULES = ", ".join(f"MAP {host} 127.0.0.1" for host in HOSTS)
PRODUCTION = over_https(https=True) | {"ALLOWED_HOSTS": ["portal.example", "portal.gym.test", "testserver"]}
# What a person chooses in the browser's settings: 0 allows cookies of other sites, 1 blocks them.
COOKIES: dict[str, dict[str, Any]] = {
    "allowed": {"cookie_controls_mode": 0},
    "blocked": {"cookie_controls_mode": 1},
    "none": {"default_content_setting_values": {"cookies": 2}},  # nobody's at all
}


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The portal and the sites around it."""
    if not has_openssl():
        pytest.skip("there is no openssl here to make a certificate with")
    with override_settings(**PRODUCTION):
        portal = PortalHandler()  # its middleware looks at the settings now
    with served_web(tmp_path_factory.mktemp("web"), portal) as running:
        yield running


@pytest.fixture
def tls() -> Iterator[None]:
    """The settings of production."""
    with override_settings(**PRODUCTION):
        yield


@pytest.fixture
def listed(studios: dict[str, Studio], web: Web, monkeypatch: pytest.MonkeyPatch) -> dict[str, Studio]:
    """The two studios; the gym's web site may frame the one in Berlin, another site the one in Madrid."""
    found = dict(studios)
    found["berlin-mitte"] = replace(found["berlin-mitte"], accent="#0b6e4f", embed_origins=(web.gym,))
    found["madrid-centro"] = replace(found["madrid-centro"], embed_origins=(web.url("www.other-gym.test"),))
    monkeypatch.setattr(registry, "_load", lambda _path: found)
    return found


@pytest.fixture(scope="session")
def _chromiums(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], BrowserContext]]:
    running: dict[str, BrowserContext] = {}

    def get(cookies: str) -> BrowserContext:
        if cookies not in running:
            running[cookies] = _chromium(browser.browser_type, tmp_path_factory.mktemp(cookies), COOKIES[cookies])
        return running[cookies]

    yield get
    for context in running.values():
        context.close()


def _chromium(browser_type: Any, profile: Path, preferences: dict[str, Any]) -> BrowserContext:
    """Open a browser with a profile of its own, for what it does with cookies stands there."""
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text(json.dumps({"profile": preferences}), "utf-8")
    context: BrowserContext = browser_type.launch_persistent_context(
        profile,
        executable_path=chromium.executable(),
        args=[*chromium.ARGUMENTS, f"--host-resolver-rules={RULES}", "--ignore-certificate-errors"],
        ignore_https_errors=True,
        locale="en-GB",
        has_touch=True,
        color_scheme="null",
        viewport={"width": 1100, "height": 800},
    )
    context.set_default_timeout(5000)
    return context


@pytest.fixture
def arrive(
    _chromiums: Callable[[str], BrowserContext],
    web: Web,
    tls: None,
    transactional_db: None,
    sandbox: Sandbox,
    listed: object,
) -> Iterator[Arrive]:
    """Return a function that opens a browser: arrive(), arrive(cookies="blocked", width=360)."""
    guests: list[Guest] = []

    def go(cookies: str = "blocked", width: int = 1100, height: int = 800) -> Guest:
        context = _chromiums(cookies)
        context.clear_cookies()
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        guests.append(Guest(page, web, sandbox))
        return guests[-1]

    yield go
    for guest in guests:
        guest.page.close()
    web.pages.clear()
    wait_for_mails()
