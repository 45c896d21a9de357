"""At the desk: a tablet, and often the member in front of it."""

from __future__ import annotations

import time
from base64 import b32decode
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from selfservice.desk import accounts, session
from selfservice.models import Duty
from tests.desk.desk import PASSWORD, code_of_key, make_account, usable_code
from tests.journeys.conftest import Visit
from tests.journeys.person import Person
from tests.journeys.test_every_page import violations
from tests.signature.drawing import wave
from tests.signature.pad import Pad

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from playwright.sync_api import Response, Route

TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}, "has_touch": True, "is_mobile": False}
IBAN, MASKED = "DE02 1203 0000 0000 2020 51", "DE02 •••• 2051"
PERSONAL = ("Berger", "Lindenallee", "3920001", "9890", "1-1001")


@pytest.fixture
def maria(db: None) -> User:
    return make_account("maria@fit.example")[0]


@pytest.fixture
def tablet(visit: Visit, maria: User) -> Person:
    """Maria's tablet, signed in by the page."""
    return at_the_desk(visit(**TABLET), maria)


def at_the_desk(person: Person, account: User) -> Person:
    person.open("desk/")
    person.write("E-mail address", account.get_username())
    person.write("Password", PASSWORD)
    person.write("Code from your app", usable_code(account))
    person.press("Sign in")
    expect(person.page.locator("input[name=q]")).to_be_focused()
    return person


def helping(person: Person, customer_id: int = 1001, path: str = "") -> Person:
    person.open(f"desk/members/{customer_id}/{path}")
    return person


def nothing_personal(person: Person) -> None:
    expect(person.page.locator("h1")).to_be_visible()
    shown = person.page.content()
    assert not [word for word in PERSONAL if word in shown]


class Hands:
    """Counts what a receptionist does: keys pressed in a row are one, a tap or Enter is one."""

    def __init__(self, person: Person) -> None:
        self.person, self.count, self.began = person, 0, time.monotonic()

    def type(self, text: str) -> None:
        self.count += 1
        self.person.page.keyboard.type(text)

    def enter(self) -> None:
        self.count += 1
        self.person.page.keyboard.press("Enter")

    def tap(self, what: Any) -> None:
        self.count += 1
        what.tap()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


def test_a_receptionist_requests_a_new_address_in_eight_steps(tablet: Person) -> None:
    hands = Hands(tablet)
    hands.type("berger anna")
    hands.enter()
    expect(tablet.page.locator("[data-results] button").first).to_be_focused()
    hands.enter()
    expect(tablet.page.get_by_text("You are helping")).to_be_visible()
    hands.tap(tablet.card("Address").get_by_role("link"))
    hands.tap(tablet.field("Street"))
    tablet.page.keyboard.press("Control+a")
    hands.type("Ahornweg")
    hands.tap(tablet.button("Send to the studio"))
    expect(tablet.heading("Waiting for the studio")).to_be_visible()
    assert hands.count <= 8
    assert hands.seconds < 30
    assert tablet.sent()[0]["street"] == "Ahornweg"
    tablet.follow("Withdraw my request")
    tablet.send()
    expect(tablet.page.get_by_role("status")).to_contain_text("withdrawn")
    assert len(tablet.sent("DELETE")) == 1


def test_arrow_keys_move_through_the_people_that_were_found(tablet: Person) -> None:
    tablet.page.keyboard.type("sommer")
    tablet.page.keyboard.press("Enter")
    people = tablet.page.locator("[data-results] button")
    expect(people.nth(0)).to_be_focused()
    for key, focused in (("ArrowDown", people.nth(1)), ("ArrowDown", people.nth(2)), ("ArrowUp", people.nth(1))):
        tablet.page.keyboard.press(key)
        expect(focused).to_be_focused()
    tablet.page.keyboard.press("ArrowUp")
    tablet.page.keyboard.press("ArrowUp")
    expect(tablet.page.locator("input[name=q]")).to_be_focused()
    tablet.page.keyboard.press("ArrowDown")
    expect(people.nth(0)).to_be_focused()


def test_back_from_the_handed_over_page_leads_to_the_lock(tablet: Person) -> None:
    helping(tablet, path="payment/")
    tablet.write("IBAN", IBAN)
    tablet.press("Hand over to sign")
    expect(tablet.heading("Please sign")).to_be_visible()
    tablet.page.go_back()
    expect(tablet.heading("The desk is locked")).to_be_visible()
    nothing_personal(tablet)


def test_signed_and_given_back_it_is_proven_and_sent(tablet: Person, maria: User) -> None:
    helping(tablet, path="payment/")
    tablet.write("IBAN", IBAN)
    tablet.press("Hand over to sign")
    expect(tablet.heading("Please sign")).to_be_visible()
    assert MASKED in tablet.words()
    assert tablet.page.get_by_role("link").count() <= 1  # the one that skips to the content
    Pad(tablet.page).draw_with_finger(wave(20, 200))
    tablet.press("Done")
    tablet.write("Code from your app", usable_code(maria))
    tablet.press("Go on")
    tablet.page.get_by_label("What did you look at?").select_option("passport")
    tablet.press("Identity checked: send it")
    expect(tablet.page.get_by_role("status")).to_contain_text("Your request has been sent")
    (sent,) = tablet.sent()
    assert sent["iban"] == IBAN
    assert sent["signature"]["base64SvgSignature"]


@pytest.mark.parametrize("scripts", [True, False])
def test_signing_on_a_phone_by_the_address_in_the_picture(visit: Visit, maria: User, scripts: bool) -> None:
    tablet = at_the_desk(visit(**TABLET, java_script_enabled=scripts), maria)
    helping(tablet, path="payment/")
    tablet.write("IBAN", IBAN)
    tablet.press("Sign on their phone")
    address = tablet.page.locator("[data-phone-url]").inner_text()
    phone = visit()
    phone.page.goto(address)
    assert MASKED in phone.words()
    Pad(phone.page).draw_with_finger(wave(20, 120))
    phone.press("Done")
    expect(phone.heading("Thank you")).to_be_visible()
    if not scripts:
        tablet.press("They have signed: go on")
    expect(tablet.heading("You have checked who it is")).to_be_visible()


def test_lock_and_unlock(tablet: Person, maria: User) -> None:
    helping(tablet, path="address/")
    tablet.write("Street", "Ahornweg")
    tablet.press("Lock")
    expect(tablet.heading("The desk is locked")).to_be_visible()
    tablet.page.go_back()
    tablet.page.wait_for_url("**/desk/unlock/?next=*")
    expect(tablet.heading("The desk is locked")).to_be_visible()
    nothing_personal(tablet)
    assert "Ahornweg" not in tablet.page.content()
    tablet.write("Or your password", PASSWORD)
    tablet.press("Unlock")
    expect(tablet.field("Street")).to_have_value("Lindenallee")


def test_a_lock_breaks_off_nothing_that_is_being_sent(tablet: Person) -> None:
    """Whoever left then would not learn what became of the change."""
    with tablet.page.expect_response(comes):
        helping(tablet, path="address/")
    tablet.write("Street", "Ahornweg")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    tablet.page.route("**/members/1001/address/", hold, times=1)
    Duty.objects.update(state=session.State.LOCKED)
    tablet.send_and_come_back()
    tablet.page.wait_for_timeout(1000)
    held[0].continue_()
    expect(tablet.page.get_by_text("The desk was locked, so nothing was sent.")).to_be_visible()
    assert tablet.page.evaluate("sessionStorage.blank") == "true"
    assert tablet.sent() == []


def test_nobody_there_for_a_while_locks_the_desk(visit: Visit, maria: User, pass_time: Callable[..., None]) -> None:
    tablet = visit(**TABLET)
    tablet.page.clock.install()
    helping(at_the_desk(tablet, maria), path="address/")
    tablet.write("Street", "Ahornweg")
    pass_time(minutes=5)
    tablet.page.clock.fast_forward(5 * 60 * 1000 + 1000)
    expect(tablet.heading("The desk is locked")).to_be_visible()
    nothing_personal(tablet)
    tablet.write("Code from your app", usable_code(maria))
    tablet.press("Unlock")
    expect(tablet.field("Street")).to_have_value("Lindenallee")


@pytest.fixture
def three_seconds(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is thought to be there any more after three seconds, on both sides."""
    settings.DESK_IDLE_MINUTES = 3 / 60
    monkeypatch.setattr(session, "SEEN_AGAIN", timedelta(0))


def test_two_windows_that_nobody_touches_lock_each_other_in(tablet: Person, three_seconds: None) -> None:
    """Neither brings the other, or itself, back to life."""
    helping(tablet)
    time.sleep(1.5)
    other = Person(tablet.page.context.new_page(), tablet.site, tablet.sandbox)
    helping(other, 1002)
    for window in (tablet, other):
        expect(window.heading("The desk is locked")).to_be_visible(timeout=10_000)
    time.sleep(2)
    for window in (tablet, other):
        expect(window.heading("The desk is locked")).to_be_visible()


def test_one_window_that_is_used_keeps_the_others_open(tablet: Person, three_seconds: None) -> None:
    helping(tablet, path="address/")
    other = Person(tablet.page.context.new_page(), tablet.site, tablet.sandbox)
    helping(other, 1002, "address/")
    for letter in "Jonas":
        other.field("Street").press_sequentially(letter)
        time.sleep(1)
    expect(tablet.field("Street")).to_have_value("Lindenallee")


def test_waiting_for_a_phone_is_nobody_being_there(tablet: Person, three_seconds: None) -> None:
    helping(tablet, path="payment/")
    tablet.write("IBAN", IBAN)
    tablet.press("Sign on their phone")
    expect(tablet.heading("Sign on the member's phone")).to_be_visible()
    expect(tablet.heading("The desk is locked")).to_be_visible(timeout=10_000)


def test_somebody_who_types_is_there(visit: Visit, maria: User, pass_time: Callable[..., None]) -> None:
    tablet = visit(**TABLET)
    tablet.page.clock.install()
    at_the_desk(tablet, maria)
    with tablet.page.expect_response("**/presence/"):  # half a second after it has come
        helping(tablet, path="address/")
    for letter in "Ahornweg":
        pass_time(minutes=1)
        tablet.page.clock.fast_forward(60_000)
        with tablet.page.expect_response("**/presence/"):
            tablet.field("Street").press_sequentially(letter)
    tablet.press("Send to the studio")
    expect(tablet.heading("Waiting for the studio")).to_be_visible()


def test_done_leaves_nothing_behind_for_the_back_button(tablet: Person) -> None:
    helping(tablet)
    expect(tablet.page.get_by_text("Lindenallee")).to_be_visible()
    helping(tablet, path="address/")
    tablet.press("Done with this member")
    expect(tablet.heading("Find a member")).to_be_visible()
    for _ in range(2):
        tablet.page.go_back()
        expect(tablet.heading("You are done with this member")).to_be_visible()
        assert not [word for word in PERSONAL if word in tablet.page.content()]


def test_two_windows_help_two_members(tablet: Person) -> None:
    helping(tablet, 1001, "address/")
    other = Person(tablet.page.context.new_page(), tablet.site, tablet.sandbox)
    helping(other, 1002, "address/")
    tablet.write("Street", "Annaweg")
    other.write("Street", "Jonasweg")
    other.press("Save the change")
    expect(other.page.get_by_text("Your change has taken effect.")).to_be_visible()
    tablet.press("Send to the studio")
    expect(tablet.heading("Waiting for the studio")).to_be_visible()
    assert tablet.sandbox.gym.values(1002, "address-data")["street"] == "Jonasweg"
    pending = tablet.sandbox.gym.pending(1001, "address-data")
    assert pending
    assert pending.values["street"] == "Annaweg"


PAGES = ["", "members/1001/", "members/1003/payment/", "members/1001/payment/", "members/1020/", "activity/"]


def test_no_page_keeps_anybody_out(tablet: Person, maria: User) -> None:
    """axe finds nothing, and nothing runs out of the page; on the tablet and on a phone."""
    for width in (1024, 360):
        tablet.page.set_viewport_size({"width": width, "height": 740})
        for path in PAGES:
            tablet.open(f"desk/{path}")
            checked(tablet)
        tablet.open("desk/")
        tablet.page.locator("input[name=q]").fill("sommer")
        tablet.page.keyboard.press("Enter")
        expect(tablet.page.locator("[data-results]")).to_be_visible()
        checked(tablet)
        helping(tablet, 1002, "payment/")
        tablet.write("IBAN", IBAN)
        tablet.press("Save the change")
        checked(tablet)
    helping(tablet, 1001, "payment/")
    tablet.write("IBAN", IBAN)
    tablet.press("Sign on their phone")
    checked(tablet)
    tablet.press("Back to the form")
    tablet.press("Hand over to sign")
    checked(tablet)
    tablet.press("I do not want to sign")
    checked(tablet)
    tablet.open("desk/")
    checked(tablet)


def checked(person: Person) -> None:
    assert violations(person.page) == [], person.page.url
    wide = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{person.page.url} is {wide} px too wide"


def becomes(*, left: bool) -> None:
    """Wait until the page has said that it went, or one that it came."""
    until = time.monotonic() + 5
    while (Duty.objects.get().left is not None) != left:
        assert time.monotonic() < until
        time.sleep(0.05)


def comes(response: Response) -> bool:
    """Whether it is the answer to a page that says that it is there; one that goes says something too."""
    return response.url.endswith("/presence/") and "left=1" not in (response.request.post_data or "")


def test_closing_the_window_locks_the_desk(tablet: Person, pass_time: Callable[..., None]) -> None:
    helping(tablet)
    context = tablet.page.context
    with tablet.page.expect_response(comes):  # half a second after it has come
        tablet.page.reload()
    becomes(left=False)
    tablet.page.close()
    becomes(left=True)
    pass_time(seconds=25)
    again = Person(context.new_page(), tablet.site, tablet.sandbox)
    helping(again)
    expect(again.heading("The desk is locked")).to_be_visible()
    nothing_personal(again)


def test_a_picture_to_scan_is_dark_on_white_also_in_the_dark(tablet: Person) -> None:
    tablet.page.emulate_media(color_scheme="dark")
    helping(tablet, path="payment/")
    tablet.write("IBAN", IBAN)
    tablet.press("Sign on their phone")
    colours = tablet.page.locator("img.qr").evaluate("""async (image) => {
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: 280, height: 280 });
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      pen.drawImage(image, 0, 0, 280, 280);
      return [[2, 2], [26, 26]].map(([x, y]) => [...pen.getImageData(x, y, 1, 1).data].join());
    }""")
    assert colours == ["255,255,255,255", "0,0,0,255"]


def test_cards_of_the_overview_stand_in_line(tablet: Person) -> None:
    helping(tablet)
    boxes = [card.bounding_box() for card in tablet.page.locator(".panels > .panel").all()]
    left, right, *_ = [round(box["y"]) for box in boxes if box]
    assert left == right


def test_a_new_colleague_sets_up_the_account_and_signs_in(visit: Visit, db: None) -> None:
    _account, token = accounts.add("new@fit.example", ["berlin-mitte"], manager=False, actor="operator")
    person = visit()
    person.open("desk/sign-in/")
    checked(person)
    person.open(f"desk/set-up/{token}/")
    checked(person)
    secret = person.page.locator("code.secret").inner_text().replace(" ", "")
    person.write("Choose a password", PASSWORD)
    person.write("The same password again", PASSWORD)
    person.write("Code from your app", code_of_key(b32decode(secret).hex()))
    person.press("Finish")
    expect(person.heading("Your account is ready")).to_be_visible()
    checked(person)
    backup = person.page.locator(".backup-codes code").first.inner_text()
    person.follow("I have noted them: sign in")
    person.write("E-mail address", "new@fit.example")
    person.write("Password", PASSWORD)
    person.write("Code from your app", backup)
    person.press("Sign in")
    expect(person.heading("Find a member")).to_be_visible()
    person.press("Lock")
    checked(person)
