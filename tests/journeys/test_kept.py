"""A page that says "not now" carries what was typed, ready to be sent again, and leaves it to nobody else."""

from typing import Any

import pytest
from playwright.sync_api import expect

from selfservice import crowd
from tests.journeys.person import Person
from tests.journeys.test_session import comes_back, goes
from tests.signin.visitor import ANNA_ID


def crowded(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send an address while there is no room for a page: what was typed waits in the page that says so."""
    person.is_signed_in(ANNA_ID, "address/")
    person.write("Street", "Ahornweg")
    with monkeypatch.context() as full:
        full.setattr(crowd, "PAGES", 0)
        person.press("Send to the studio")
        expect(person.page.get_by_text("What you entered is kept on this page.")).to_be_visible()
    person.page.wait_for_load_state()
    person.complaints.clear()  # the browser reports the 503
    assert "Ahornweg" in person.page.content()


def test_what_waits_in_a_page_of_a_crowded_portal_can_be_sent_again(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowded(person, monkeypatch)
    person.press("Try again")
    expect(person.heading("Waiting for the studio")).to_be_visible()
    assert person.sent()[0]["street"] == "Ahornweg"


def test_what_waits_in_such_a_page_goes_away_by_itself(
    person: Person, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    person.page.clock.install()
    crowded(person, monkeypatch)
    person.page.clock.fast_forward((settings.MEMBER_IDLE_MINUTES * 60 - 5) * 1000)
    assert "Ahornweg" in person.page.content()
    person.page.clock.fast_forward(6000)
    expect(person.heading("Your data")).to_be_visible()
    assert "Ahornweg" not in person.page.content()


def test_such_a_page_does_not_come_back_with_back(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    crowded(person, monkeypatch)
    goes(person.page)
    expect(person.page.locator("body")).to_be_hidden()
    comes_back(person.page)
    expect(person.heading("Your data")).to_be_visible()
    assert "Ahornweg" not in person.page.content()
