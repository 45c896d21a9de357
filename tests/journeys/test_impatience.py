"""A slow studio and an impatient thumb: the second tap on a button must not talk the first one away."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.person import Person
from tests.signin.visitor import ANNA_ID

JONAS_ID = 1002
# A browser gives up the first answer when the second tap comes, but the portal has long dealt with the request.
FIRST_TAP = """(form) => fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" })"""


def test_a_second_tap_does_not_deny_the_request_that_waits(person: Person) -> None:
    person.is_signed_in(ANNA_ID, "address/")
    taps_twice(person)
    expect(person.heading("Waiting for the studio")).to_be_visible()
    assert "not sent" not in person.words()
    assert len(person.sent()) == 1


def test_a_second_tap_does_not_deny_the_change_that_took_effect(person: Person) -> None:
    person.is_signed_in(JONAS_ID, "address/")
    taps_twice(person)
    expect(person.page.locator(".message").first).to_be_visible()
    assert "Changed meanwhile" not in person.words()
    assert person.sandbox.gym.values(JONAS_ID, "address-data")["street"] == "Ahornweg"
    assert len(person.sent()) == 1


def taps_twice(person: Person) -> None:
    """Send a new street, and once more before the browser has shown what came of it."""
    person.write("Street", "Ahornweg")
    person.page.locator("form[action$='/address/']").evaluate(FIRST_TAP)
    person.send()
