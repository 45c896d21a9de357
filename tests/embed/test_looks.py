"""As if it belonged to the gym's site: its ground shines through, its colours fit, and everybody can use it."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.embed.conftest import Arrive
from tests.embed.guest import Guest

DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
GROUND = "[document.documentElement, document.body].map((it) => getComputedStyle(it).backgroundColor)"


def violations(guest: Guest) -> list[str]:
    """Return what axe finds in the frame, as one line each."""
    guest.inner.evaluate(Axe().axe_script)
    options = {"resultTypes": ["violations"], "preload": False}
    found = guest.inner.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found]


def is_fine(guest: Guest) -> None:
    assert violations(guest) == []
    guest.page.set_viewport_size({"width": 320, "height": 640})
    assert guest.page.evaluate("document.documentElement.scrollWidth") == 320
    assert guest.inner.evaluate("document.documentElement.scrollWidth <= innerWidth")
    guest.page.set_viewport_size({"width": 1100, "height": 800})


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_kind_of_page_is_for_everybody(arrive: Arrive, language: str) -> None:
    guest = arrive()
    body = guest.web.gym_page(guest.web.snippet(language=language)).replace("padding: 0 1rem", "padding: 0")
    guest.open(body)
    guest.sees({"en": "Sign in", "de": "Anmelden"}[language])
    expect(guest.frame.locator(".brand")).to_be_hidden()
    is_fine(guest)
    guest.sign_in_in_any_language()
    is_fine(guest)
    guest.portal("goTo('payment')")
    expect(guest.frame.locator("[name=iban]")).to_be_visible()
    is_fine(guest)
    guest.frame.locator("[name=iban]").fill("DE02 1203 0000 0000 2020 51")
    guest.frame.locator("[data-signature-switch]").click()
    guest.frame.locator("[name=signature_name]").fill("Anna Berger")
    guest.frame.locator("main .btn-primary").last.click()
    expect(guest.frame.locator("[name=confirmation]")).to_be_attached()
    is_fine(guest)


def test_the_page_without_cookies_is_for_everybody(arrive: Arrive) -> None:
    guest = arrive("none")
    guest.open()
    guest.sees("Open the portal in a new window")
    is_fine(guest)


@pytest.mark.parametrize(
    ("option", "page", "is_dark"),
    [("light", "", False), ("dark", "", True), ("", "", False), ("", "color-scheme: dark", True), ("x", "", False)],
)
def test_its_colours_are_those_of_the_page(arrive: Arrive, option: str, page: str, is_dark: bool) -> None:
    guest = arrive()
    body = guest.web.gym_page(guest.web.snippet(**({"color_scheme": option} if option else {})))
    guest.open(body.replace("<html ", f'<html style="{page}" '))
    guest.sees("Sign in")
    assert guest.inner.evaluate(DARK) is is_dark
    assert guest.inner.evaluate(GROUND) == ["rgba(0, 0, 0, 0)"] * 2
    assert guest.inner.evaluate("getComputedStyle(document.querySelector('h1')).color") == (
        "rgb(232, 238, 235)" if is_dark else "rgb(22, 32, 28)"
    )


def test_it_follows_the_device_if_the_page_wants_that(arrive: Arrive) -> None:
    guest = arrive()
    for scheme in ("dark", "light"):
        guest.page.emulate_media(color_scheme=scheme)
        guest.open(guest.web.gym_page(guest.web.snippet(color_scheme="auto")))
        guest.sees("Sign in")
        assert guest.inner.evaluate(DARK) is (scheme == "dark")
    guest.page.emulate_media(color_scheme="null")


def test_something_stands_there_before_the_first_page(arrive: Arrive) -> None:
    guest = arrive()
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    guest.page.route("**/embed/?*", hold)
    url = guest.web.put(guest.web.gym_page(guest.web.snippet(language="de", min_height="400")))
    guest.page.goto(url, wait_until="commit")
    expect(guest.page.get_by_role("status")).to_have_text("Das Mitgliederportal wird geladen …")
    expect(guest.iframe).to_have_css("opacity", "0")
    assert guest.height() == 400
    held[0].continue_()
    guest.sees("Anmelden")
    expect(guest.page.get_by_role("status")).to_have_count(0)


def test_its_name_is_in_the_pages_language(arrive: Arrive) -> None:
    guest = arrive()
    guest.open(guest.web.gym_page().replace('lang="en"', 'lang="de-AT"'))
    expect(guest.iframe).to_have_attribute("title", "Mitgliederportal")
    guest.open()
    expect(guest.iframe).to_have_attribute("title", "Member portal")
