"""What a gym's page sees of the frame: its height and place, the keyboard, Back, and its own strict policy."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.embed.conftest import Arrive
from tests.embed.guest import Guest
from tests.signin.visitor import ANNA, ANNA_ID

TALL = '<div style="height: 1500px">A long page</div>'
BACK = "void setTimeout(() => history.back())"  # the answer comes before the page goes
MENU = '<div style="position: fixed; inset: 0 0 auto; height: 80px; background: #ddd">A menu that stays</div>'
# What docs/embedding.md tells a site to allow, and nothing else.
STRICT = "default-src 'none'; script-src {portal}; frame-src {portal}; style-src 'none'"


def fits(guest: Guest) -> None:
    """Wait until the frame is exactly as tall as what is in it."""
    guest.page.wait_for_function("told.some(([name]) => name === 'ready')")
    for _ in range(100):
        if sizes_agree(guest):
            break
        guest.page.wait_for_timeout(20)
    assert guest.height() == guest.content_height()
    scrolls = "(root => root.scrollHeight > root.clientHeight || root.scrollWidth > root.clientWidth)"
    assert guest.inner.evaluate(f"{scrolls}(document.documentElement)") is False


def sizes_agree(guest: Guest) -> bool:
    """Whether the page in the frame knows how wide the frame is by now, and the frame how tall the page."""
    wide = guest.page.evaluate("document.querySelector('iframe').clientWidth") == guest.inner.evaluate("innerWidth")
    return wide and guest.height() == guest.content_height()


def test_the_height_follows_the_content_up_and_down(arrive: Arrive) -> None:
    guest = arrive()
    guest.open()
    guest.sees("Sign in")
    fits(guest)
    guest.sign_in()
    fits(guest)
    overview = guest.height()
    guest.frame.get_by_role("link", name="Change – Address").click()
    guest.sees("Address")
    fits(guest)
    closed = guest.height()
    guest.frame.locator("summary").click()
    expect(guest.frame.locator("details[open]")).to_be_visible()
    fits(guest)
    assert guest.height() > closed
    guest.frame.locator("summary").click()
    fits(guest)
    assert guest.height() == closed
    guest.page.set_viewport_size({"width": 360, "height": 740})
    fits(guest)
    assert guest.height() > closed
    guest.page.set_viewport_size({"width": 1100, "height": 800})
    fits(guest)
    guest.follow("Cancel")
    guest.sees("Your data")
    fits(guest)
    assert guest.height() == overview
    heights = [detail["height"] for detail in guest.told("resize")]
    assert heights[-1] == overview
    assert all(before != after for before, after in itertools.pairwise(heights))


def test_a_new_page_begins_in_view_below_what_covers_the_top(arrive: Arrive) -> None:
    guest = arrive(height=600)
    snippet = guest.web.snippet(top_offset="80")
    guest.open(guest.web.gym_page(snippet, before=MENU + TALL, after=TALL))
    guest.sees("Sign in")
    assert guest.page.evaluate("scrollY") == 0, "the first page moves nothing"
    guest.sign_in()
    guest.frame.get_by_role("link", name="Change – Bank account").scroll_into_view_if_needed()
    guest.frame.get_by_role("link", name="Change – Bank account").click()
    guest.sees("Bank account")
    guest.page.wait_for_function("Math.round(document.querySelector('iframe').getBoundingClientRect().top) === 80")


def test_what_is_wrong_comes_into_view(arrive: Arrive) -> None:
    guest = arrive(height=500)
    guest.open(guest.web.gym_page(guest.web.snippet(top_offset="80"), before=MENU + TALL, after=TALL))
    guest.sign_in()
    guest.portal('goTo("payment")')
    guest.sees("Bank account")
    guest.write("IBAN", "DE12")
    guest.write("Account holder", "")
    guest.press("Send to the studio")
    summary = guest.frame.get_by_role("alert").first
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport(ratio=1)
    box = summary.bounding_box()
    assert box
    assert box["y"] >= 80
    summary.get_by_role("link").first.click()
    focused = guest.frame.locator(":focus")
    expect(focused).to_be_in_viewport(ratio=1)


def test_the_warning_before_the_sign_in_ends_stands_where_the_person_looks(arrive: Arrive, settings: Any) -> None:
    guest = arrive(height=500)
    guest.open(guest.web.gym_page(before=TALL, after=TALL))
    guest.sign_in()
    settings.MEMBER_IDLE_MINUTES = 1
    guest.portal('goTo("payment")')
    guest.sees("Bank account")
    guest.page.mouse.wheel(0, 700)
    guest.inner.evaluate("document.querySelector('[data-session]').showModal()")
    dialog = guest.frame.get_by_role("alertdialog")
    expect(dialog).to_be_in_viewport(ratio=1)
    with guest.page.expect_response("**/session/") as stayed:
        dialog.get_by_role("button", name="Stay signed in", include_hidden=True).evaluate("it => it.click()")
    assert stayed.value.json()["seconds"] > 50, "what the page fetches is signed in as the page is"


def test_the_keyboard_goes_in_and_out(arrive: Arrive) -> None:
    guest = arrive()
    guest.open()
    guest.sees("Sign in")
    focused = "document.activeElement.id || document.activeElement.localName"
    guest.page.locator("#before").focus()
    seen = []
    for _ in range(9):
        guest.page.keyboard.press("Tab")
        outside = guest.page.evaluate(focused)
        seen.append(
            guest.inner.evaluate("document.activeElement.textContent || document.activeElement.name")
            if outside == "iframe"
            else outside
        )
        if outside == "after":
            break
    assert [text.strip() for text in seen] == ["Skip to the content", "Deutsch", "email", "Send me a code", "after"]
    guest.page.keyboard.press("Shift+Tab")
    assert guest.page.evaluate(focused) == "iframe"
    guest.page.keyboard.press("Shift+Tab")
    guest.page.keyboard.insert_text(ANNA)
    guest.page.keyboard.press("Enter")
    guest.sees("Enter your code")
    expect(guest.frame.get_by_label("Code", exact=True)).to_be_focused()


def test_the_first_page_takes_no_focus_away(arrive: Arrive) -> None:
    guest = arrive()
    guest.open(guest.web.gym_page(before='<input id="search" autofocus>'))
    guest.sees("Sign in")
    assert guest.page.evaluate("document.activeElement.id") == "search"


def test_back_goes_back_in_the_frame_and_then_on_the_page(arrive: Arrive) -> None:
    guest = arrive()
    guest.web.put("<title>Home</title><h1>Home</h1>", path="/home")
    guest.page.goto(f"{guest.web.gym}/home")
    guest.open()
    guest.sign_in()
    guest.frame.get_by_role("link", name="Change – Contact").click()
    guest.sees("Contact")
    guest.page.evaluate(BACK)
    guest.sees("Your data")
    fits(guest)
    guest.press("Sign out")
    guest.sees("Sign in")
    guest.page.evaluate(BACK)
    guest.sees("Sign in")
    assert "Lindenallee" not in guest.frame.locator("body").inner_text()
    guest.page.goto(f"{guest.web.gym}/home")
    guest.page.evaluate(BACK)
    guest.sees("Sign in")


def test_two_portals_on_one_page(arrive: Arrive) -> None:
    guest = arrive()
    places = '<div id="one"></div><hr><div id="two"></div>'
    snippets = guest.web.snippet(target="#one") + guest.web.snippet(target="#two", page="contact", language="de")
    guest.open(guest.web.gym_page(places + snippets))
    guest.page.wait_for_function("told.filter(([name]) => name === 'ready').length === 2")
    assert guest.page.evaluate("MemberPortal.portals.length") == 2
    one, two = (guest.page.frame_locator(f"#{place} iframe") for place in ("one", "two"))
    expect(two.get_by_role("heading", level=1)).to_have_text("Anmelden")
    one.locator("[name=email]").fill(ANNA)
    one.locator("main .btn-primary").click()
    expect(one.locator("[name=code]")).to_be_visible()
    expect(two.locator("[name=email]")).to_be_visible()
    heights = guest.page.evaluate("[...document.querySelectorAll('iframe')].map((it) => it.offsetHeight)")
    assert heights[0] != heights[1]
    guest.page.evaluate("MemberPortal.portals[0].destroy()")
    assert guest.page.evaluate("[MemberPortal.portals.length, document.querySelectorAll('iframe').length]") == [1, 1]
    assert guest.errors == []


def test_the_second_portal_waits_for_the_first(arrive: Arrive) -> None:
    """Two first answers at once would each set the cookie that protects forms, and one form would be refused."""
    guest = arrive()
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    guest.page.route("**/embed/?page=profile*", hold)
    snippets = guest.web.snippet(target="#one") + guest.web.snippet(target="#two", page="contact")
    html = guest.web.gym_page('<div id="one"></div><div id="two"></div>' + snippets)
    guest.page.goto(guest.web.put(html), wait_until="commit")
    guest.page.wait_for_function("window.MemberPortal?.portals.length === 2")
    assert guest.page.evaluate("document.querySelectorAll('iframe').length") == 1
    first = guest.page.evaluate("document.querySelector('iframe').closest('[id]').id")
    if first == "one":
        held[0].continue_()
    guest.page.wait_for_function("document.querySelectorAll('iframe').length === 2")


def test_a_page_with_a_strict_policy(arrive: Arrive) -> None:
    guest = arrive()
    html = guest.web.gym_page().replace(" style=", " data-style=")
    guest.open(html, Content_Security_Policy=STRICT.format(portal=guest.web.portal))
    guest.sees("Sign in")
    guest.sign_in()
    fits(guest)
    assert [text for text in guest.console if "Content Security Policy" in text] == []


def test_the_script_pinned_by_its_hash(arrive: Arrive) -> None:
    from selfservice.embed.loader import loader

    guest = arrive()
    pinned = f' integrity="{loader().integrity}" crossorigin="anonymous"></script>'
    guest.open(guest.web.gym_page(guest.web.snippet().replace("></script>", pinned)))
    guest.sees("Sign in")
    wrong = pinned.replace("sha384-", "sha384-AAAA")
    guest.open(guest.web.gym_page(guest.web.snippet().replace("></script>", wrong)))
    expect(guest.page.locator("iframe")).to_have_count(0)


def test_what_the_page_asks_of_the_frame(arrive: Arrive) -> None:
    guest = arrive()
    guest.open()
    guest.portal('goTo("contact")')
    guest.sees("Sign in")
    guest.sign_in_and_see("Contact")
    guest.page.wait_for_function("MemberPortal.portals[0].isSignedIn()")
    guest.portal('goTo("address")')
    guest.sees("Address")
    guest.portal('setLanguage("de")')
    guest.sees("Adresse")
    guest.portal('setLanguage("xx")')
    guest.portal('goTo("nowhere")')
    guest.portal("goTo({ toString: () => 'contact' })")
    assert sum('"nowhere" is no page' in text for text in guest.console) == 1
    guest.sees("Adresse")
    guest.portal("signOut()")
    guest.sees("Anmelden")
    guest.page.wait_for_function("!MemberPortal.portals[0].isSignedIn()")
    assert guest.told("signedOut")[-1] == {"signedIn": False}
    assert guest.errors == []


BAD = {
    "unknown studio": ({"studio": "nowhere"}, "no answer from", "Open it in a new window"),
    "no studio": ({"studio": "Berlin Mitte!"}, '"Berlin Mitte!" is no studio', None),
    "wrong page": (
        {"page": "desk"},
        '"desk" is no page; there are profile, contact, address, master, payment.',
        "Open it",
    ),
    "no target": ({"target": "#nowhere"}, 'there is no element "#nowhere"', "Open it in a new window"),
    "no selector": ({"target": "<<"}, 'there is no element "<<"', "Open it in a new window"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_is_one_clear_message_and_a_box(arrive: Arrive, case: str) -> None:
    options, says, link = BAD[case]
    guest = arrive()
    guest.page.clock.install()
    guest.open(guest.web.gym_page(guest.web.snippet(**options)))
    guest.page.wait_for_load_state("networkidle")
    guest.page.clock.run_for(6000)
    box = guest.page.get_by_role("status").filter(has_text="can't be shown here right now")
    expect(box).to_be_visible()
    expect(box.get_by_role("link", name=link or "Open it")).to_have_count(1 if link else 0)
    ours = [text for text in guest.console if text.startswith("MemberPortal:")]
    assert len(ours) == 1
    assert says in ours[0]
    assert guest.errors == []


def test_a_script_in_the_head_waits_for_the_page(arrive: Arrive) -> None:
    guest = arrive()
    head = "<!doctype html><title>x</title><head>{}</head><body><h1>A gym</h1><main></main></body>"
    for options, place in (({}, "body > div:first-child"), ({"target": "main"}, "main")):
        guest.open(head.format(guest.web.snippet(**options)))
        guest.sees("Sign in")
        expect(guest.page.locator(f"{place} iframe")).to_have_count(1)
    assert guest.errors == []


def test_a_portal_that_is_down_is_told_and_comes_back(arrive: Arrive) -> None:
    guest = arrive()
    guest.page.clock.install()
    guest.page.route("**/berlin-mitte/**", lambda route: route.abort())
    guest.open()
    guest.page.wait_for_load_state("networkidle")
    guest.page.clock.run_for(6000)
    expect(guest.page.get_by_role("link", name="Open it in a new window")).to_be_visible()
    guest.page.unroute("**/berlin-mitte/**")
    guest.page.evaluate("document.querySelector('iframe').src += '&'")
    guest.sees("Sign in")
    expect(guest.page.get_by_role("link", name="Open it in a new window")).to_have_count(0)


# A page that is just leaving: its listener stands before ours.
DEAF = "if (self !== top) addEventListener('message', (event) => window.deaf && event.stopImmediatePropagation())"
HEAD = "<!doctype html><html lang=en><head><title>x</title>{head}</head><body>{body}</body></html>"


def test_a_call_before_there_is_a_page_throws_nothing(arrive: Arrive) -> None:
    guest = arrive()
    call = '<script>MemberPortal.create("#portal", {studio: "berlin-mitte"})</script>'
    guest.open(
        HEAD.format(head=f'<script src="{guest.web.portal}/embed.js"></script>{call}', body="<div id=portal></div>")
    )
    guest.page.wait_for_timeout(300)
    assert guest.errors == []
    assert any("MemberPortal:" in line for line in guest.console)


@pytest.mark.parametrize(
    "call",
    [
        "create(document.body, { studio: Symbol() })",
        "create(document.body, { studio: 'berlin-mitte', page: Object.create(null) })",
        "create(document.body, { studio: 'berlin-mitte', page: Symbol() })",
        "create(Symbol(), { studio: 'berlin-mitte' })",
        "create(Object.create(null))",
        "create(document.body, null)",
    ],
)
def test_whatever_is_given_to_it_throws_nothing(arrive: Arrive, call: str) -> None:
    guest = arrive()
    guest.open(HEAD.format(head=f'<script src="{guest.web.portal}/embed.js"></script>', body="<p>A gym"))
    assert guest.page.evaluate(f"MemberPortal.{call} === MemberPortal.portals[0]")
    expect(guest.page.get_by_role("status")).to_contain_text("can't be shown here right now")
    assert sum(text.startswith("MemberPortal:") for text in guest.console) == 1
    assert guest.errors == []


def test_symbols_are_no_pages_and_no_languages(arrive: Arrive) -> None:
    guest = arrive()
    guest.open()
    guest.sees("Sign in")
    guest.portal("goTo(Symbol())")
    guest.portal("setLanguage(Symbol('de'))")
    guest.portal("setLanguage('de')")
    guest.sees("Anmelden")
    assert guest.errors == []


def test_a_listener_may_take_the_portal_away(arrive: Arrive) -> None:
    guest = arrive()
    gone = "document.addEventListener('memberportal:ready', ({ detail }) => detail.portal.destroy())"
    guest.open(guest.web.gym_page(before=f"<script>{gone}</script>"))
    guest.page.wait_for_function("window.MemberPortal?.portals.length === 0")
    expect(guest.page.locator("iframe")).to_have_count(0)
    guest.page.wait_for_timeout(200)
    assert guest.errors == []


@pytest.mark.parametrize(
    ("given", "height", "says"), [("500px", 500, 0), ("640", 640, 0), ("", 320, 0), ("tall", 320, 1), ("-5", 320, 1)]
)
def test_heights_are_read_as_people_write_them(arrive: Arrive, given: str, height: int, says: int) -> None:
    guest = arrive()
    guest.open(guest.web.gym_page(guest.web.snippet(min_height=given)))
    guest.sees("Sign in")
    assert guest.portal("minHeight") == height
    assert sum("is no height in pixels" in text for text in guest.console) == says


def test_what_is_taller_than_any_frame_scrolls(arrive: Arrive) -> None:
    guest = arrive()
    guest.open()
    guest.sees("Sign in")
    guest.inner.evaluate(
        "void document.querySelector('main').append(Object.assign(document.createElement('p'), "
        "{ id: 'end', textContent: 'The end', style: 'margin-top: 30000px' }))"
    )
    guest.page.wait_for_function("document.querySelector('iframe').offsetHeight === 20000")
    assert guest.inner.evaluate("getComputedStyle(document.documentElement).overflowY") == "visible"
    guest.inner.evaluate("document.querySelector('#end').remove()")
    fits(guest)


def test_an_element_of_the_page_may_have_our_name(arrive: Arrive) -> None:
    guest = arrive()
    guest.open(guest.web.gym_page(before='<section id="MemberPortal"></section>'))
    guest.sees("Sign in")
    assert guest.errors == []


def test_a_script_that_was_put_into_the_page_itself_says_so(arrive: Arrive) -> None:
    guest = arrive()
    source = Path("static/js/embed.js").read_text("utf-8")
    guest.open(HEAD.format(head="", body=f"<script data-studio=berlin-mitte>{source}</script>"))
    guest.page.wait_for_timeout(300)
    assert guest.errors == []
    assert any("MemberPortal:" in line for line in guest.console)


def test_what_a_page_that_is_leaving_does_not_hear_is_asked_of_the_next(arrive: Arrive) -> None:
    guest = arrive()
    guest.page.add_init_script(DEAF)
    guest.open()
    guest.sign_in()
    guest.inner.evaluate("window.deaf = true")
    guest.portal('goTo("payment")')
    guest.inner.evaluate("void setTimeout(() => location.reload())")
    guest.sees("Bank account")
    guest.follow("Your data")
    guest.sees("Your data")  # and of that one alone


@pytest.mark.parametrize(
    ("asked", "shows"),
    [
        ('goTo("payment")', "Bank account"),
        ("signOut()", "You are signed out"),
        ('setLanguage("de")', "Wartet auf dein Studio"),
    ],
)
def test_what_is_asked_while_a_form_is_sent_waits_for_its_answer(arrive: Arrive, asked: str, shows: str) -> None:
    """Whoever left then would not learn what became of the change."""
    guest = arrive()
    guest.open()
    guest.sign_in()
    guest.portal('goTo("address")')
    guest.sees("Address")
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    guest.page.route("**/profile/address/", hold, times=1)
    guest.write("Street", "Nebenweg")
    guest.press("Send to the studio")
    guest.page.wait_for_function("told.at(-1)[0] === 'busy' && told.at(-1)[1].busy")
    guest.portal(asked)
    guest.page.wait_for_timeout(300)
    assert [route.request.method for route in held] == ["POST"]
    with guest.page.expect_event("requestfinished", lambda request: request.method == "POST"):
        held[0].continue_()
    expect(guest.frame.get_by_text(shows).first).to_be_visible()
    assert guest.sandbox.gym.pending(ANNA_ID, "address-data")


def test_a_form_that_was_not_sent_after_all_holds_nothing_up_for_good(arrive: Arrive) -> None:
    guest = arrive()
    guest.page.add_init_script(
        "if (self !== top) { const later = setTimeout; setTimeout = (f, ms) => later(f, ms / 10); }"
    )
    guest.open()
    guest.sign_in()
    guest.inner.evaluate("document.querySelector('form').dispatchEvent(new Event('submit', { bubbles: true }))")
    guest.portal('goTo("payment")')
    guest.sees("Bank account")
