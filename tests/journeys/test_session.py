"""Sessions people can live with: a warning in time, nothing typed lost, nothing personal left behind."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from selfservice.models import BrowserSession
from selfservice.signin import session
from tests import chromium
from tests.journeys.conftest import DESKTOP, PHONE, watched
from tests.journeys.person import Person
from tests.signin.visitor import ANNA, ANNA_ID

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

    from selfservice.sandbox import Sandbox


# Whether anything could be seen of this page from now on.
NOTE_WHAT_IS_SHOWN = """setInterval(() => {
  if (document.body.checkVisibility()) sessionStorage.shown = "yes";
}, 1)"""
PERSONAL = ("Lindenallee", "3920001", "Berger", "4898", "9890")


def age(seconds: int) -> None:
    """Let that many seconds pass for the session that there is, without a click."""
    row = BrowserSession.objects.get()
    content = row.get_decoded()
    content["member"]["seen"] -= seconds
    row.session_data = row.get_session_store_class()().encode(content)
    row.save()


@pytest.fixture
def anna(person: Person) -> Person:
    """Anna, fourteen minutes after her last click, in the middle of a form."""
    person.page.clock.install()
    person.is_signed_in(ANNA_ID, "contact/")
    person.write("Home phone", "030 23125555")
    age(14 * 60)
    person.page.clock.fast_forward("14:01")
    return person


def warning(person: Person) -> Any:
    return person.page.get_by_role("alertdialog")


def test_a_minute_before_the_end_it_warns_and_what_was_typed_survives(anna: Person) -> None:
    expect(warning(anna)).to_be_visible()
    expect(anna.heading("Are you still there?")).to_be_visible()
    expect(anna.button("Stay signed in")).to_be_focused()
    anna.press("Stay signed in")
    expect(warning(anna)).not_to_be_visible()
    expect(anna.field("Home phone")).to_have_value("030 23125555")
    anna.press("Send to the studio")
    expect(anna.heading("Waiting for the studio")).to_be_visible()


def test_without_an_answer_the_page_goes_away_and_comes_back_after_signing_in(anna: Person) -> None:
    expect(warning(anna)).to_be_visible()
    age(60)
    anna.page.clock.fast_forward("01:01")
    expect(anna.heading("Sign in")).to_be_visible()
    assert "your sign-in has ended" in anna.words()
    anna.write("E-mail address", ANNA)
    anna.press("Send me a code")
    anna.confirm_sign_in()
    expect(anna.page).to_have_url(f"{anna.site}/berlin-mitte/profile/contact/")


def test_a_sign_in_that_ends_while_a_form_is_sent_does_not_break_it_off(person: Person) -> None:
    """Whoever left then would not learn what became of the change."""
    person.is_signed_in(ANNA_ID, "address/")
    person.write("Street", "Nebenweg")
    person.sandbox.faults.add("latency", method="POST", path="*address-data", seconds=1.5)
    person.page.route("**/session/", lambda route: route.fulfill(json={"mark": "", "seconds": 0, "can_stay": False}))
    person.send_and_come_back()
    expect(person.page.get_by_role("status")).to_contain_text("Your request has been sent")
    assert person.page.evaluate("sessionStorage.blank") == "true"
    assert len(person.sent()) == 1


def test_another_window_keeps_this_one_signed_in(anna: Person) -> None:
    expect(warning(anna)).to_be_visible()
    other = Person(anna.page.context.new_page(), anna.site, anna.sandbox)
    other.open("profile/")
    anna.page.clock.fast_forward("01:01")
    expect(warning(anna)).not_to_be_visible()
    expect(anna.field("Home phone")).to_have_value("030 23125555")


def test_it_is_quiet_while_there_is_time(person: Person) -> None:
    person.page.clock.install()
    person.is_signed_in(ANNA_ID, "contact/")
    person.page.clock.fast_forward("13:50")
    person.page.clock.run_for(2000)
    expect(warning(person)).not_to_be_visible()


def test_a_lost_connection_is_said_so(anna: Person) -> None:
    expect(warning(anna)).to_be_visible()
    anna.page.context.set_offline(True)
    anna.press("Stay signed in")
    expect(warning(anna)).to_contain_text("That did not work.")
    anna.page.context.set_offline(False)
    anna.complaints.clear()  # the browser reports the request that failed
    anna.press("Stay signed in")
    expect(warning(anna)).not_to_be_visible()


def test_without_scripts_the_page_says_what_to_do(visit: Any) -> None:
    plain = visit(java_script_enabled=False)
    plain.is_signed_in(ANNA_ID, "contact/")
    expect(plain.page.get_by_text("you are signed out when you do not click for a while")).to_be_visible()
    expect(plain.page.get_by_role("link", name="Stay signed in")).to_have_attribute("target", "_blank")


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def shared(
    browser: Browser, live_server: LiveServer, sandbox: Sandbox, studios: object, request: pytest.FixtureRequest
) -> Iterator[Person]:
    """A browser that keeps pages alive for Back, as everybody's does."""
    own = browser.browser_type.launch(
        executable_path=chromium.executable(),
        args=chromium.ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield Person(watched(own.new_context(locale="en-GB", **request.param)), live_server.url, sandbox)
    own.close()


def nothing_personal(page: Page) -> None:
    expect(page.locator("h1")).to_be_visible()
    shown = page.content()
    assert not [word for word in PERSONAL if word in shown]


def goes(page: Page) -> None:
    """Let the page believe that the browser keeps it for Back: whether one really does is up to the browser."""
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")


def comes_back(page: Page) -> None:
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")


def test_back_after_a_sign_out_elsewhere_shows_nothing_personal(shared: Person) -> None:
    """The page is alive in the browser's memory, and no cookie of this window has changed since it was left."""
    shared.is_signed_in(ANNA_ID, "address/")
    shared.page.evaluate("window.kept = true")
    shared.page.goto(f"{shared.site}/healthz")
    BrowserSession.objects.all().delete()
    shared.page.go_back(wait_until="commit")
    expect(shared.heading("Sign in")).to_be_visible()
    nothing_personal(shared.page)


def test_a_kept_page_is_blank_until_the_server_has_answered_and_then_as_it_was(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer, time_left = Event(), session.time_left

    def slowly(*args: Any) -> Any:
        may_answer.wait(5)
        return time_left(*args)

    person.is_signed_in(ANNA_ID, "address/")
    person.write("Street", "Ahornweg")
    monkeypatch.setattr(session, "time_left", slowly)
    goes(person.page)
    expect(person.page.locator("body")).to_be_hidden()
    comes_back(person.page)
    expect(person.field("Street")).to_be_hidden()
    may_answer.set()
    expect(person.field("Street")).to_be_visible()
    expect(person.field("Street")).to_have_value("Ahornweg")


@pytest.mark.parametrize("next_person", [None, 1002])
def test_a_kept_page_of_a_session_that_has_ended_is_never_shown(person: Person, next_person: int | None) -> None:
    person.is_signed_in(ANNA_ID, "address/")
    goes(person.page)
    person.page.evaluate(NOTE_WHAT_IS_SHOWN)
    BrowserSession.objects.all().delete()
    if next_person:
        Person(person.page.context.new_page(), person.site, person.sandbox).is_signed_in(next_person)
    comes_back(person.page)
    if next_person:
        expect(person.field("Street")).to_have_value("Fichtenweg")
    else:
        expect(person.heading("Sign in")).to_be_visible()
    nothing_personal(person.page)
    assert person.page.evaluate("sessionStorage.shown") is None


def test_back_to_somebody_elses_page_shows_nothing_of_them(shared: Person) -> None:
    shared.is_signed_in(ANNA_ID, "address/")
    shared.page.goto(f"{shared.site}/healthz")
    BrowserSession.objects.all().delete()
    next_person = Person(shared.page.context.new_page(), shared.site, shared.sandbox)
    next_person.is_signed_in(1002)
    shared.page.go_back(wait_until="commit")
    expect(shared.page.locator("h1")).to_be_visible()
    expect(shared.page.get_by_text("Lindenallee")).to_have_count(0)
    nothing_personal(shared.page)


def test_a_window_that_is_looked_at_again_after_the_sign_out_is_empty(shared: Person) -> None:
    shared.is_signed_in(ANNA_ID, "address/")
    expect(shared.field("Street")).to_have_value("Lindenallee")
    BrowserSession.objects.all().delete()
    shared.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(shared.heading("Sign in")).to_be_visible()
    nothing_personal(shared.page)


def test_a_new_address_with_two_codes(person: Person) -> None:
    person.is_signed_in(ANNA_ID, "contact/")
    person.write("E-mail address", "anna.neu@example.org")
    person.press("Send to the studio")
    expect(person.page.get_by_text("Step 1 of 2.")).to_be_visible()
    person.confirm()
    expect(person.page.get_by_text("Step 2 of 2.")).to_be_visible()
    assert person.sent() == []
    person.confirm()
    expect(person.heading("Waiting for the studio")).to_be_visible()
    assert person.sent()[0]["email"] == "anna.neu@example.org"
