"""What the studio decides is what the member sees next."""

from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, Visit
from tests.journeys.person import Person
from tests.signin.visitor import ANNA_ID


def test_the_studio_accepts_one_change_and_rejects_another(visit: Visit) -> None:
    anna, staff = visit(), visit(**DESKTOP)
    anna.is_signed_in(ANNA_ID, "address/")
    anna.write("Street", "Ahornweg")
    anna.press("Send to the studio")
    anna.open("profile/contact/")
    anna.write("Mobile phone", "0171 3920099")
    anna.press("Send to the studio")
    expect(anna.heading("Waiting for the studio")).to_be_visible()

    decide(staff, "Accept: Anna Berger, Address")
    decide(staff, "Reject: Anna Berger, Contact")

    anna.open("profile/")
    expect(anna.card("Address")).to_contain_text("Ahornweg")
    expect(anna.card("Contact")).to_contain_text("+49 171 3920001")
    assert "Lindenallee" not in anna.words()
    assert "3920099" not in anna.words()
    expect(anna.page.get_by_text("Waiting for the studio")).to_have_count(0)
    anna.choose("Address")
    expect(anna.field("Street")).to_have_value("Ahornweg")


def test_withdrawing_what_the_studio_has_just_accepted_says_so(visit: Visit) -> None:
    anna, staff = visit(), visit(**DESKTOP)
    anna.sandbox.gym.set_pending(ANNA_ID, "address-data", {"street": "Ahornweg"})
    anna.is_signed_in(ANNA_ID, "address/withdraw/")
    decide(staff, "Accept: Anna Berger, Address")
    anna.press("Yes, withdraw it")
    expect(anna.page.get_by_role("status")).to_contain_text("no longer waiting")
    expect(anna.field("Street")).to_have_value("Ahornweg")


def decide(staff: Person, button: str) -> None:
    staff.page.goto(staff.sandbox.studio_url)
    staff.press(button)
    expect(staff.page.get_by_role("status")).to_be_visible()
