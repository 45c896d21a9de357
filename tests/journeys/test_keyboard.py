"""Nothing but a keyboard: every step can be reached, seen and done."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import DESKTOP, Visit
from tests.journeys.person import Person
from tests.signin.visitor import ANNA, ANNA_ID, newest_code

DRAWS_A_RING = """it => { const { outlineStyle, outlineWidth } = getComputedStyle(it);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2; }"""


@pytest.fixture
def typist(visit: Visit) -> Person:
    """Somebody at a desk who touches no mouse."""
    return visit(**DESKTOP)


def test_the_whole_way_by_keyboard(typist: Person) -> None:
    keyboard = typist.page.keyboard
    typist.open("sign-in/")
    tab_to(typist, typist.field("E-mail address"))
    keyboard.type(ANNA)
    keyboard.press("Enter")
    expect(typist.field("Code")).to_be_focused()
    keyboard.type(newest_code())
    keyboard.press("Enter")
    expect(typist.heading("Your data")).to_be_visible()
    tab_to(typist, typist.card("Contact").get_by_role("link"))
    keyboard.press("Enter")
    expect(typist.heading("Contact")).to_be_visible()
    tab_to(typist, typist.field("Home phone"))
    keyboard.type("030 23125125")
    tab_to(typist, typist.button("Send to the studio"))
    keyboard.press("Enter")
    expect(typist.heading("Waiting for the studio")).to_be_visible()
    assert typist.sent()[0]["phonePrivate"] == "+49 30 23125125"


def test_the_skip_link_leads_past_the_header(typist: Person) -> None:
    typist.is_signed_in(ANNA_ID)
    typist.tab()
    expect(typist.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(typist.page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    typist.page.keyboard.press("Enter")
    typist.tab()
    expect(typist.card("Contact").get_by_role("link")).to_be_focused()


@pytest.mark.parametrize("path", ["address/", "payment/", "contact/", "master/"])
def test_enter_in_a_field_sends_the_form(typist: Person, path: str) -> None:
    """As the browser's own rule has it: Enter presses the form's first button, and so does "Go" on a phone."""
    typist.is_signed_in(ANNA_ID, path)
    typist.page.locator("main input[type=text]").first.press("Enter")
    expect(typist.page.locator(".message, .error-summary")).to_be_visible()


def test_mistakes_take_the_focus_and_lead_to_their_fields(typist: Person) -> None:
    typist.is_signed_in(ANNA_ID, "master/")
    typist.write("First name", "")
    typist.write("Month", "13")
    typist.press("Send to the studio")
    leads(typist, "First name: ", typist.field("First name"))
    leads(typist, "Date of birth: ", typist.field("Day"))


def test_a_missing_signature_leads_to_the_pad(typist: Person) -> None:
    typist.is_signed_in(ANNA_ID, "payment/")
    typist.write("Account holder", "Anna Berger-Wolff")
    typist.press("Send to the studio")
    leads(typist, "Your signature: ", typist.page.locator("#div_id_signature:focus, #id_signature:focus"))
    expect(typist.page.locator("canvas")).to_be_in_viewport()
    tab_to(typist, typist.button("Type your name instead"))
    typist.page.keyboard.press("Enter")
    expect(typist.field("Your full name")).to_be_focused()
    typist.page.keyboard.type("Anna Berger")
    tab_to(typist, typist.button("Send to the studio"))
    typist.page.keyboard.press("Enter")
    expect(typist.field("Code")).to_be_focused()
    typist.page.keyboard.type(newest_code())
    typist.page.keyboard.press("Enter")
    expect(typist.heading("Waiting for the studio")).to_be_visible()
    assert typist.sent()[0]["signature"]


def test_a_mistake_in_a_rare_field_leads_into_what_was_closed(typist: Person) -> None:
    typist.is_signed_in(ANNA_ID, "address/")
    tab_to(typist, typist.page.locator("summary"))
    typist.page.keyboard.press("Enter")
    typist.write("Floor", "3\u202e")
    typist.press("Send to the studio")
    leads(typist, "Floor: ", typist.field("Floor"))


def tab_to(person: Person, wanted: Locator, at_most: int = 30) -> None:
    """Press Tab until it is there; whatever has the focus on the way shows it and can be seen."""
    for _ in range(at_most):
        person.tab()
        here = person.page.locator(":focus")
        assert here.evaluate(DRAWS_A_RING), here.evaluate("it => it.outerHTML")
        expect(here).to_be_in_viewport()
        if wanted.evaluate("it => it === document.activeElement"):
            return
    pytest.fail(f"{at_most} times Tab did not lead there")


def leads(person: Person, text: str, field: Locator) -> None:
    """The list of mistakes has the focus, or gets it back; its link leads to the field."""
    summary = person.page.locator(".error-summary")
    if person.page.url.endswith("/"):
        expect(summary).to_be_focused()
    summary.get_by_role("link", name=text).press("Enter")
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
