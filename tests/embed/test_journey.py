"""A member's whole way inside a frame on the gym's web site, with cookies of other sites allowed and blocked."""

from __future__ import annotations

import re
from http.cookies import Morsel
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from selfservice.embed import cookies as framed_cookies
from selfservice.embed.snippet import instructions
from tests.embed.conftest import Arrive
from tests.embed.guest import Guest
from tests.embed.web import SAME_SITE, Web
from tests.signature.drawing import wave
from tests.signature.pad import touch
from tests.signin.visitor import ANNA, ANNA_ID, newest_code

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, FloatRect, Locator

    from selfservice.studios.studio import Studio

NEW_IBAN, NEW_MASKED = "DE02 1203 0000 0000 2020 51", "DE02 •••• 2051"


@pytest.mark.parametrize("cookies", ["blocked", "allowed"])
def test_signing_in_changing_signing_withdrawing_and_signing_out(
    arrive: Arrive, listed: dict[str, Studio], cookies: str
) -> None:
    guest = arrive(cookies, width=390)
    guest.open(f"<!doctype html>\n{printed(listed['berlin-mitte'], guest.web.portal)}")
    guest.sees("Sign in")
    guest.sign_in()
    asks_for_a_new_account(guest)
    guest.follow("Withdraw my request")
    guest.sees("Withdraw the request?")
    guest.press("Yes, withdraw it")
    expect(guest.frame.locator(".message")).to_have_text("Your request has been withdrawn. Nothing was changed.")
    guest.press("Sign out")
    guest.sees("Sign in")
    expect(guest.frame.locator(".message")).to_have_text("You are signed out.")
    tells_nothing_personal(guest)
    assert guest.errors == []


def printed(studio: Studio, portal: str) -> str:
    """Return what the command prints to be pasted."""
    return instructions(studio, portal).split("\n\n")[1]


def asks_for_a_new_account(guest: Guest) -> None:
    guest.frame.get_by_role("link", name="Change – Bank account").click()
    guest.sees("Bank account")
    guest.write("IBAN", NEW_IBAN)
    signs_with_a_finger(guest)
    guest.press("Send to the studio")
    guest.sees("Confirm the change: Bank account")
    whose = guest.frame.get_by_role("heading", name=f"You are confirming this at portal.example:{guest.web.port}")
    expect(whose).to_be_visible()
    assert guest.sandbox.gym.pending(ANNA_ID, "payment-data") is None
    guest.write("Code", newest_code())
    guest.press("Confirm and send")
    expect(guest.frame.get_by_role("heading", name="Waiting for the studio")).to_be_visible()
    expect(guest.frame.get_by_text(NEW_MASKED)).to_be_visible()
    (sent,) = [call.body for call in guest.sandbox.requests if call.method == "POST" and "self-service" in call.path]
    assert sent["iban"] == NEW_IBAN
    assert sent["signature"]


def signs_with_a_finger(guest: Guest) -> None:
    canvas, clear = guest.frame.locator("canvas"), guest.frame.get_by_role("button", name="Clear", exact=True)
    finger = guest.page.context.new_cdp_session(guest.page)
    for _ in range(3):  # on a busy machine the page may still move under the finger
        draws(guest, canvas, finger)
        if clear.get_attribute("aria-disabled") == "false":
            break
    expect(clear).to_have_attribute("aria-disabled", "false")


def draws(guest: Guest, canvas: Locator, finger: CDPSession) -> None:
    canvas.scroll_into_view_if_needed()
    box = at_rest(canvas)
    first, *rest = [(box["x"] + x, box["y"] + y) for x, y in wave(20, 260)]
    touch(finger, "touchStart", first)
    for point in rest:
        touch(finger, "touchMove", point)
    touch(finger, "touchEnd")
    guest.page.wait_for_timeout(200)


def at_rest(element: Locator) -> FloatRect:
    """Return where an element is once nothing around it moves any more."""
    before, box = None, element.bounding_box()
    while box is None or box != before:
        element.page.wait_for_timeout(100)
        before, box = box, element.bounding_box()
    return box


def tells_nothing_personal(guest: Guest) -> None:
    """What the page was told, and every message that came to it, names pages and numbers alone."""
    told = str(guest.page.evaluate("[told, posted]"))
    for personal in ("Anna", "Berger", ANNA, "1001", "2051", "DE02", "Lindenallee", newest_code(), "/berlin-mitte"):
        assert personal not in told
    pages = [detail["page"] for detail in guest.told("page")]
    assert pages == [
        "sign-in",
        "sign-in-code",
        "profile",
        "payment",
        "confirm",
        "payment",
        "withdraw",
        "payment",
        "sign-in",
    ]
    assert [len(guest.told(name)) for name in ("ready", "signedIn", "signedOut")] == [1, 1, 2]


def test_without_partitioned_nobody_gets_in_where_cookies_are_blocked(arrive: Arrive, monkeypatch: Any) -> None:
    """The control: it is this attribute that lets the journey above succeed."""
    monkeypatch.setattr(framed_cookies.PartitionedMorsel, "OutputString", Morsel.OutputString)
    guest = arrive("blocked")
    guest.open()
    guest.sees("Open the portal in a new window")
    expect(guest.frame.get_by_label("E-mail address")).to_have_count(0)
    guest = arrive("allowed")
    guest.open()
    guest.sees("Sign in")
    guest.sign_in()


def test_where_no_cookies_work_a_new_window_does_and_leads_back(arrive: Arrive) -> None:
    guest = arrive("allowed")
    guest.open()
    guest.sees("Sign in")
    guest.page.context.clear_cookies()
    guest.write("E-mail address", ANNA)
    guest.press("Send me a code")
    guest.sees("Open the portal in a new window")
    with guest.page.context.expect_page() as opened:
        guest.follow("Open in a new window")
    window = Guest(opened.value, guest.web, guest.sandbox)
    signs_in_in_the_window(window)
    window.page.get_by_role("link", name=f"Back to www.gym.test:{guest.web.port}").click()
    expect(window.page.get_by_role("heading", name="Your membership")).to_be_visible()
    window.page.close()


def signs_in_in_the_window(window: Guest) -> None:
    window.page.get_by_label("E-mail address").fill(ANNA)
    window.page.get_by_role("button", name="Send me a code").click()
    window.page.get_by_label("Code", exact=True).fill(newest_code())
    window.page.get_by_role("button", name="Sign in").click()
    expect(window.page.get_by_role("heading", name="Your data")).to_be_visible()


def test_a_browser_that_takes_no_cookies_at_all_is_told_before_anything_is_typed(arrive: Arrive) -> None:
    guest = arrive("none")
    guest.open()
    guest.sees("Open the portal in a new window")
    link = guest.frame.get_by_role("link", name="Open in a new window", exact=True)
    expect(link).to_have_attribute("href", re.compile(rf"/berlin-mitte/embed/window/\?site={quoted(guest.web.gym)}$"))
    guest.follow("Try again here")
    guest.sees("Open the portal in a new window")


def test_a_browser_that_says_not_where_a_page_stands_is_offered_a_window(arrive: Arrive, monkeypatch: Any) -> None:
    """Safari before 16.4; a frame there could not be told from a window."""
    as_ever = framed_cookies.FramedCookiesMiddleware.__call__

    def unsaid(self: Any, request: Any) -> Any:
        request.META.pop("HTTP_SEC_FETCH_DEST", None)
        request.__dict__.pop("headers", None)
        return as_ever(self, request)

    monkeypatch.setattr(framed_cookies.FramedCookiesMiddleware, "__call__", unsaid)
    guest = arrive("blocked")
    guest.open()
    guest.sees("Open the portal in a new window")
    with guest.page.context.expect_page() as opened:
        guest.follow("Open in a new window")
    window = Guest(opened.value, guest.web, guest.sandbox)
    signs_in_in_the_window(window)
    expect(window.page.get_by_role("link", name=f"Back to www.gym.test:{guest.web.port}")).to_be_visible()
    window.page.close()


def quoted(url: str) -> str:
    return url.replace(":", "%3A").replace("/", "%2F")


def test_a_portal_of_the_gyms_own_domain_keeps_frame_and_window_apart(arrive: Arrive) -> None:
    """The same site: the browser sends both sets of cookies everywhere."""
    guest = arrive("blocked")
    portal = guest.web.url(SAME_SITE)
    guest.page.goto(f"{portal}/berlin-mitte/sign-in/")
    signs_in_in_the_window(guest)
    guest.open(guest.web.gym_page(guest.web.snippet(portal=SAME_SITE)))
    guest.sees("Sign in")
    guest.sign_in()
    guest.press("Sign out")
    guest.sees("Sign in")
    guest.page.goto(f"{portal}/berlin-mitte/profile/")
    expect(guest.page.get_by_role("heading", name="Your data")).to_be_visible()


def test_without_scripts_there_is_a_link(browser: Browser, listed: dict[str, Studio], web: Web) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(printed(listed["berlin-mitte"], web.portal))
    link = page.get_by_role("link", name="Mitgliederportal")
    expect(link).to_have_attribute("href", f"{web.portal}/berlin-mitte/")
    context.close()


def test_another_sites_frame_is_another_sign_in(arrive: Arrive, listed: dict[str, Studio]) -> None:
    guest = arrive("blocked")
    guest.open()
    guest.sign_in()
    guest.open(guest.web.gym_page(guest.web.snippet("madrid-centro")), host="www.other-gym.test")
    guest.sees("Sign in")
    guest.open()
    guest.sees("Your data")
