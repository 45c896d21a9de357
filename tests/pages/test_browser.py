"""The style guide in a real browser: accessibility, narrow screens, the security policy, colours of every studio."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

PAGES = ["/?messages", "/form/", "/form/?errors", "/set/", "/sign-in/", "/trouble/"]
TALL = "Array.from(document.querySelectorAll('a, button, input:not([type=hidden]), select, summary'))"
UNMEASURED = ".skip-link, dialog:not([open]), p, li:not(.footer-links li), .form-check"
SMALL_TARGETS = f"""{TALL}.filter(e => !e.closest('{UNMEASURED}'))
  .filter(e => e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML)"""


@pytest.fixture(params=["light", "dark"])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return the narrowest page, in either colour scheme; any complaint of the browser fails the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=request.param)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [text for text in complaints if "503" not in text] == []


def violations(page: Page, *rules: str) -> list[str]:
    """Return what axe finds, as one line each; with `rules`, by these alone."""
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else None
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_accessible_and_fit_a_narrow_phone(phone: Page, site: str, path: str) -> None:
    phone.goto(site + path)
    dark = phone.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert violations(phone, *(["color-contrast"] if dark else [])) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 320
    assert phone.evaluate(SMALL_TARGETS) == []


def test_values_of_any_length_fit_a_narrow_phone(phone: Page, site: str) -> None:
    phone.goto(f"{site}/long/")
    assert phone.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("accent", ["767676", "000000", "d6006c"])
def test_any_allowed_accent_can_be_read(phone: Page, site: str, accent: str) -> None:
    phone.goto(f"{site}/set/?accent={accent}")
    assert violations(phone, "color-contrast") == []
    mark = phone.evaluate("getComputedStyle(document.querySelector('.brand-mark')).backgroundColor")
    assert mark == f"rgb({int(accent[:2], 16)}, {int(accent[2:4], 16)}, {int(accent[4:], 16)})"


def test_a_wide_overview_is_accessible(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(site + "/?messages")
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("script", [True, False])
def test_errors_take_the_focus(browser: Browser, site: str, script: bool) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(site + "/form/?errors")
    assert page.locator(".error-summary:focus").count() == 1
    page.get_by_role("link", name="Date of birth: The month is missing.").click()
    assert page.locator("#id_date_of_birth_day:focus").count() == 1
    context.close()


def test_the_keyboard_can_skip_to_the_content(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site + "/")
    page.keyboard.press("Tab")
    assert page.locator(".skip-link:focus").is_visible()
    page.keyboard.press("Enter")
    assert page.locator("main:focus").count() == 1
    page.close()


def test_dark_and_light_follow_the_device(browser: Browser, site: str) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(site + "/")
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(colour) == "rgb(15, 19, 18)"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(colour) == "rgb(243, 245, 243)"
    page.close()
