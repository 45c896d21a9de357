"""What holds on every page, in both languages and colour schemes, however long the values are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from selfservice.studios.contact import refresh
from tests.journeys.conftest import PHONE, watched
from tests.journeys.pages import PAGES, Stop
from tests.journeys.person import Person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

    from selfservice.sandbox import Sandbox
    from selfservice.studios.studio import Studio

Arrive = Callable[[Stop, str], Person]

# What a finger has to hit: everything that acts, but links inside a running sentence and boxes whose label is as tall.
SMALL_TARGETS = """Array.from(document.querySelectorAll(
    "a[href], button, summary, select, input:not([type=hidden], [type=radio], [type=checkbox]), .form-check"))
  .filter((it) => it.checkVisibility() && !it.matches(".skip-link, .error-summary a, [aria-hidden=true]"))
  .map((it) => [it.getBoundingClientRect(), it.outerHTML.slice(0, 120)])
  .filter(([box]) => box.width > 0 && (box.height < 43.9 || box.width < 43.9)).map(([, html]) => html)"""
ENGLISH, GERMAN = "en-GB", "de-DE"
IN_ENGLISH = [pytest.param(stop, ENGLISH, id=f"{stop.name}-en") for stop in PAGES]
IN_GERMAN = [pytest.param(stop, GERMAN, id=f"{stop.name}-de") for stop in PAGES if "long" not in stop.name]


WINDOWS: dict[str, dict[str, Any]] = {ENGLISH: {"locale": ENGLISH}, GERMAN: {"locale": GERMAN, "color_scheme": "dark"}}


@pytest.fixture(scope="module")
def windows(browser: Browser, live_server: LiveServer) -> Iterator[dict[str, Page]]:
    """Return a window for each language, which all tests share: a new one costs as much as the rest of a test."""
    contexts = {language: browser.new_context(**PHONE, **options) for language, options in WINDOWS.items()}
    yield {language: watched(context) for language, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def arrive(windows: dict[str, Page], live_server: LiveServer, sandbox: Sandbox, studios: dict[str, Studio]) -> Arrive:
    """Return a function that goes to a page, with nothing left of the page before."""
    for studio in studios.values():
        refresh(studio)  # so that every page shows how to reach the studio, from the first one on

    def go(stop: Stop, language: str) -> Person:
        page = windows[language]
        page.context.clear_cookies()
        page.set_viewport_size(PHONE["viewport"])
        person = Person(page, live_server.url, sandbox)
        stop.go(person)
        page.wait_for_load_state()
        return person

    return go


@pytest.mark.parametrize(("stop", "language"), IN_ENGLISH + IN_GERMAN)
def test_page(arrive: Arrive, stop: Stop, language: str) -> None:
    person = arrive(stop, language)
    page = person.page
    assert person.status == stop.status
    assert language == GERMAN or page.locator("h1").inner_text() == stop.heading
    assert language == GERMAN or page.title().startswith("Error: ") == stop.rejected
    assert page.evaluate("document.documentElement.lang") == language[:2]
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(SMALL_TARGETS) == []
    assert person.complaints == []


def violations(page: Page) -> list[str]:
    """Return what axe finds, as one line each."""
    page.evaluate(Axe().axe_script)
    options = {"resultTypes": ["violations"], "preload": False}
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found]
