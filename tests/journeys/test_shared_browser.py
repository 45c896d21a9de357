"""One browser, several people: a family on one address, two studios side by side, the next person on a tablet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import chromium
from tests.journeys.conftest import DESKTOP, Visit, watched
from tests.journeys.person import Person
from tests.signin.visitor import ANNA, ANNA_ID, FAMILY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

    from selfservice.sandbox import Sandbox

KATRIN_ID, LENA_ID = 1011, 1012
BOTH_STUDIOS = "carla.reyes@example.com"


def test_a_family_chooses_the_person_by_first_name_and_year(person: Person) -> None:
    person.sign_in(FAMILY)
    expect(person.heading("Who are you?")).to_be_visible()
    expect(person.page.locator("main form button")).to_have_text(
        ["Katrin, born 1982", "Lena, born 2009", "Tim, born 2012"]
    )
    assert "Sommer" not in person.words()
    person.press("Lena, born 2009")
    expect(person.heading("Your data")).to_be_visible()
    expect(person.card("Personal details")).to_contain_text("Lena")
    read = {each.path.split("/")[3] for each in person.sandbox.requests if "self-service" in each.path}
    assert read == {str(LENA_ID)}


def test_two_studios_in_one_browser_never_mix(visit: Visit) -> None:
    berlin = visit()
    berlin.sign_in(BOTH_STUDIOS)
    expect(berlin.card("Address")).to_contain_text("Rosengasse")
    madrid = Person(berlin.page.context.new_page(), berlin.site, berlin.sandbox, "madrid-centro")
    madrid.open("profile/")
    expect(madrid.heading("Sign in")).to_be_visible()
    madrid.sign_in(BOTH_STUDIOS)
    expect(madrid.card("Address")).to_contain_text("de la Encina")
    for person, street in ((berlin, "Rosengasse"), (madrid, "de la Encina")):
        person.open("profile/address/")
        assert person.heading("Sign in").or_(person.page.locator(f"[name=street][value='{street}']")).is_visible()
    assert madrid.complaints == []


def test_the_sign_out_of_one_window_holds_in_the_other(visit: Visit) -> None:
    first = visit()
    first.is_signed_in(ANNA_ID)
    second = Person(first.page.context.new_page(), first.site, first.sandbox)
    second.open("profile/address/")
    first.press("Sign out")
    expect(first.heading("Sign in")).to_be_visible()
    second.write("Street", "Ahornweg")
    second.press("Send to the studio")
    assert "Lindenallee" not in second.words()
    assert second.sent() == []


@pytest.fixture
def tablet(browser: Browser, live_server: LiveServer, sandbox: Sandbox, studios: object) -> Iterator[Person]:
    """The studio's tablet; like everybody's browser, and unlike Playwright's, it keeps pages alive for Back."""
    own = browser.browser_type.launch(
        executable_path=chromium.executable(),
        args=chromium.ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield Person(watched(own.new_context(locale="en-GB", **DESKTOP)), live_server.url, sandbox)
    own.close()


def test_back_after_signing_out_shows_nothing_personal(tablet: Person) -> None:
    tablet.sign_in(ANNA)
    tablet.choose("Address")
    expect(tablet.field("Street")).to_have_value("Lindenallee")
    tablet.press("Sign out")
    expect(tablet.heading("Sign in")).to_be_visible()
    for _ in range(3):
        tablet.page.go_back()
        expect(tablet.page.locator("h1")).to_be_visible()
        assert "Lindenallee" not in tablet.page.content()
        assert "3920001" not in tablet.page.content()
