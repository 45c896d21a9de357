"""Everything a member can do works in a browser without JavaScript."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.person import Person
from tests.signature.drawing import assert_plain_svg
from tests.signin.visitor import ANNA, ANNA_ID


@pytest.fixture
def plain(visit: Visit) -> Person:
    """Somebody whose browser runs no scripts."""
    return visit(java_script_enabled=False)


def test_signing_in_and_out(plain: Person) -> None:
    plain.sign_in(ANNA)
    expect(plain.heading("Your data")).to_be_visible()
    plain.press("Sign out")
    expect(plain.page.get_by_role("status")).to_have_text("You are signed out.")
    plain.open("profile/")
    expect(plain.heading("Sign in")).to_be_visible()


def test_moving_to_a_country_with_other_fields(plain: Person) -> None:
    plain.is_signed_in(ANNA_ID, "address/")
    expect(plain.field("Stairway")).to_be_hidden()
    plain.write("Street", "del Olmo")
    plain.field("Country").select_option("ES")
    plain.press("Show the fields of this country")
    expect(plain.field("Stairway")).to_be_visible()
    expect(plain.field("Street")).to_have_value("del Olmo")
    assert plain.sent() == []
    plain.write("Stairway", "izquierda")
    plain.write("Postcode", "28012")
    plain.write("Town or city", "Madrid")
    plain.press("Send to the studio")
    expect(plain.heading("Waiting for the studio")).to_be_visible()
    (sent,) = plain.sent()
    assert (sent["countryCode"], sent["stairway"], sent["street"]) == ("ES", "izquierda", "del Olmo")


def test_rare_fields_can_be_opened(plain: Person) -> None:
    plain.is_signed_in(ANNA_ID, "address/")
    plain.page.get_by_text("More address fields").click()
    plain.write("Floor", "3")
    plain.press("Send to the studio")
    expect(plain.page.locator(".pending dt")).to_have_text(["Floor"])


def test_a_new_bank_account_signed_with_a_typed_name(plain: Person) -> None:
    plain.is_signed_in(ANNA_ID, "payment/")
    expect(plain.page.locator("canvas")).to_be_hidden()
    plain.write("IBAN", "DE02 1203 0000 0000 2020 51")
    plain.press("Fill in bank and BIC from the IBAN")
    expect(plain.field("BIC")).to_have_value("BYLADEM1001")
    expect(plain.field("Bank")).to_have_value("Deutsche Kreditbank Berlin")
    plain.write("Your full name", "Anna Berger")
    plain.press("Send to the studio")
    plain.confirm()
    expect(plain.heading("Waiting for the studio")).to_be_visible()
    (sent,) = plain.sent()
    assert assert_plain_svg(base64.b64decode(sent["signature"]["base64SvgSignature"]).decode())


def test_withdrawing(plain: Person) -> None:
    plain.sandbox.gym.set_pending(ANNA_ID, "contact-data", {"email": "anna@example.net"})
    plain.is_signed_in(ANNA_ID, "contact/")
    plain.follow("Withdraw my request")
    plain.press("Yes, withdraw it")
    expect(plain.page.get_by_role("status")).to_contain_text("has been withdrawn")
    assert plain.sandbox.gym.pending(ANNA_ID, "contact-data") is None


def test_the_language_can_be_chosen_and_stays(plain: Person) -> None:
    plain.is_signed_in(ANNA_ID, "contact/")
    plain.press("Deutsch")
    expect(plain.page).to_have_url(re.compile("/profile/contact/$"))
    expect(plain.page.locator("html")).to_have_attribute("lang", "de")
    plain.open("profile/")
    expect(plain.page.locator("html")).to_have_attribute("lang", "de")
    plain.press("English")
    expect(plain.page.locator("html")).to_have_attribute("lang", "en")
