"""The portal on a real server, the simulated gym behind it, and people with real browsers in front of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.datasets.conftest import wait_for_mails
from tests.journeys.person import Person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

    from selfservice.sandbox import Sandbox

# Playwright's synchronous interface runs an event loop in this very thread, and Django refuses the database to threads
# with one. Nothing here is asynchronous: the loop stands still whenever a line of a test runs. It lives as long as the
# browser, so the switch stays on for the tests that come after these in the same process.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "on"

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "has_touch": False, "is_mobile": False}
WATCH_POLICY = """document.addEventListener("securitypolicyviolation",
  (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""

Visit = Callable[..., Person]


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, sandbox: Sandbox, studios: object) -> Iterator[Visit]:
    """Return a function that opens a browser: visit(), visit(**DESKTOP), visit(java_script_enabled=False).

    Whatever the browser complained about fails the test at its end.
    """
    people: list[Person] = []

    def arrive(studio: str = "berlin-mitte", **options: Any) -> Person:
        context = browser.new_context(**{"locale": "en-GB", **PHONE, **options})
        people.append(Person(watched(context), live_server.url, sandbox, studio))
        return people[-1]

    yield arrive
    for person in people:
        person.page.context.close()
    wait_for_mails()
    assert [complaint for person in people for complaint in person.complaints] == []


def watched(context: BrowserContext) -> Page:
    """Open a window that gives up after five seconds and tells of everything the security policy stopped."""
    context.set_default_timeout(5000)
    context.add_init_script(WATCH_POLICY)
    return context.new_page()


@pytest.fixture
def person(visit: Visit) -> Person:
    """Somebody with a small phone."""
    return visit()
