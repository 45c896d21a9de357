"""On a phone: sign in, move house, think better of it."""

from playwright.sync_api import expect

from tests.journeys.person import Person
from tests.signin.visitor import ANNA, ANNA_ID, newest_code

PASTE = """(box, text) => { box.focus(); box.select(); document.execCommand("insertText", false, text); }"""


def test_anna_signs_in_with_the_code_from_her_mail(person: Person) -> None:
    person.open()
    expect(person.heading("Sign in")).to_be_visible()
    person.write("E-mail address", ANNA)
    person.press("Send me a code")
    code = person.field("Code")
    expect(code).to_be_focused()
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    expect(code).to_have_attribute("inputmode", "numeric")
    expect(person.page.get_by_text(ANNA)).to_be_visible()
    digits = newest_code()
    code.evaluate(PASTE, f"{digits[:4]} {digits[4:]}")
    person.page.keyboard.press("Enter")
    expect(person.heading("Your data")).to_be_visible()


def test_the_overview_shows_the_four_data_sets_in_order(person: Person) -> None:
    person.is_signed_in(ANNA_ID)
    cards = person.page.locator("main h2")
    expect(cards).to_have_text(["Contact", "Address", "Personal details", "Bank account"])
    words = person.words()
    assert "Lindenallee" in words
    assert "14 March 1991" in words
    assert "0648 4898" not in words, "an IBAN is masked"


def test_anna_moves_and_thinks_better_of_it(person: Person) -> None:
    person.is_signed_in(ANNA_ID)
    person.choose("Address")
    person.write("Street", "Ahornweg")
    person.write("House number", "7")
    person.write("Postcode", "10437")
    person.write("Additional information", "")
    person.press("Send to the studio")

    expect(person.page.get_by_role("status")).to_contain_text("Your request has been sent")
    expect(person.heading("Waiting for the studio")).to_be_visible()
    waiting = person.page.locator(".pending")
    expect(waiting.locator("dt")).to_have_text(["Street", "House number", "Postcode", "Additional information"])
    expect(waiting.locator(".change-current")).to_have_text(
        ["Now: Lindenallee", "Now: 12a", "Now: 10179", "Now: c/o Wolff"]
    )
    expect(waiting.locator(".change-requested")).to_have_text(
        ["Requested: Ahornweg", "Requested: 7", "Requested: 10437", "Requested: removed"]
    )
    (sent,) = person.sent()
    unknown_to_us = {"geo": {"lat": 52.52, "lng": 13.405, "source": ["IMPORT", None]}, "deliverable": True}
    address = {"street": "Ahornweg", "houseNumber": "7", "zipCode": "10437", "city": "Berlin", "countryCode": "DE"}
    assert sent == address | unknown_to_us

    person.follow("Withdraw my request")
    expect(person.heading("Withdraw the request?")).to_be_visible()
    assert person.sandbox.gym.pending(ANNA_ID, "address-data"), "asking withdraws nothing"
    person.press("Yes, withdraw it")
    expect(person.page.get_by_role("status")).to_have_text("Your request has been withdrawn. Nothing was changed.")
    expect(person.field("Street")).to_have_value("Lindenallee")
    assert person.sandbox.gym.pending(ANNA_ID, "address-data") is None
    assert len(person.sent("DELETE")) == 1


def test_anna_keeps_her_request(person: Person) -> None:
    person.sandbox.gym.set_pending(ANNA_ID, "address-data", {"street": "Ahornweg"})
    person.is_signed_in(ANNA_ID)
    person.choose("Address")
    person.follow("Withdraw my request")
    person.follow("No, keep it")
    expect(person.heading("Waiting for the studio")).to_be_visible()
    assert person.sent("DELETE") == []


def test_reloading_after_sending_does_not_send_again(person: Person) -> None:
    person.is_signed_in(ANNA_ID, "contact/")
    person.write("Home phone", "030 23125 125")
    person.press("Send to the studio")
    expect(person.page.get_by_text("+49 30 23125125")).to_be_visible()
    person.page.reload()
    expect(person.heading("Waiting for the studio")).to_be_visible()
    expect(person.page.get_by_role("status")).to_have_count(0)
    assert len(person.sent()) == 1


def test_changing_the_request_replaces_what_waits(person: Person) -> None:
    person.sandbox.gym.set_pending(ANNA_ID, "address-data", {"street": "Ahornweg"})
    person.is_signed_in(ANNA_ID, "address/")
    person.follow("Change my request")
    expect(person.field("Street")).to_have_value("Ahornweg")
    person.write("House number", "99")
    person.press("Send to the studio")
    expect(person.page.locator(".pending dt")).to_have_text(["Street", "House number"])
    waiting = person.sandbox.gym.pending(ANNA_ID, "address-data")
    assert waiting
    assert (waiting.values["street"], waiting.values["houseNumber"]) == ("Ahornweg", "99")
