"""Who may speak to whom: the frame and the page of a listed site around it, and nobody else, whatever they say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from selfservice.studios import registry
from tests.embed.conftest import Arrive
from tests.embed.guest import LISTEN, Guest
from tests.embed.web import EVIL, OTHER_GYM

if TYPE_CHECKING:
    from selfservice.studios.studio import Studio

COMMANDS = """[
  { portal: 1, type: "hello" }, { portal: 1, type: "hello", again: true }, { portal: 1, type: "signOut" },
  { portal: 1, type: "goTo", page: "contact" }, { portal: 1, type: "setLanguage", language: "de" },
]"""
REPORTS = """[
  { portal: 1, type: "ready", page: "profile", signedIn: true, height: 9999 },
  { portal: 1, type: "size", height: 9999 },
  { portal: 1, type: "busy", busy: true, leaving: true }, { portal: 1, type: "reveal", top: 9000, height: 10 },
]"""
# A page that says everything to every window it can reach, and notes what it hears.
HOSTILE = f"""<!doctype html><title>x</title><p>hostile</p><script>
window.heard = [];
addEventListener("message", ({{ data, origin }}) => heard.push([origin, data]));
function attack(target) {{
  for (const message of [...{COMMANDS}, ...{REPORTS}]) target.postMessage(message, "*");
}}
</script>"""


def heard_nothing(frame: Any) -> None:
    frame.page.wait_for_timeout(150)
    assert frame.evaluate("heard") == []


def still_as_it_was(guest: Guest, before: list[Any], height: float) -> None:
    guest.page.wait_for_timeout(150)
    assert guest.page.evaluate("told") == before
    assert guest.height() == height
    guest.sees("Address")
    assert guest.errors == []


@pytest.fixture
def signed_in(arrive: Arrive) -> Guest:
    """Somebody who looks at their address, beside a frame of another site."""
    guest = arrive("allowed")
    evil = guest.web.put(HOSTILE, host=EVIL, path="/frame")
    guest.open(guest.web.gym_page(guest.web.snippet(page="address"), after=f'<iframe name="sibling" src="{evil}">'))
    guest.sign_in_and_see("Address")
    guest.page.wait_for_load_state("networkidle")
    return guest


def test_a_frame_beside_it_gets_nothing_and_causes_nothing(signed_in: Guest) -> None:
    before, height = signed_in.page.evaluate("told"), signed_in.height()
    sibling = next(frame for frame in signed_in.page.frames if EVIL in frame.url)
    sibling.evaluate("attack(parent); for (let i = 0; i < parent.frames.length; i++) attack(parent.frames[i])")
    heard_nothing_but_itself = "heard.every(([origin]) => origin === location.origin)"
    still_as_it_was(signed_in, before, height)
    assert sibling.evaluate(heard_nothing_but_itself)
    assert signed_in.inner.url.endswith("/profile/address/")


@pytest.mark.parametrize("host", [EVIL, OTHER_GYM], ids=["a-stranger", "another-listed-site"])
def test_an_opener_gets_nothing_and_causes_nothing(
    signed_in: Guest, listed: dict[str, Studio], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """A site that opened the gym's page has a handle on all its frames, but is not the page around them."""
    guest = signed_in
    both = replace(listed["berlin-mitte"], embed_origins=(guest.web.gym, guest.web.url(OTHER_GYM)))
    monkeypatch.setattr(registry, "_load", lambda _path: {"berlin-mitte": both})
    opener = guest.page.context.new_page()
    opener.goto(guest.web.put(HOSTILE, host=host, path="/opener"))
    with opener.expect_popup() as opened:
        opener.evaluate("url => { window.gym = open(url); }", guest.web.gym)
    popup = opened.value
    gym = Guest(popup, guest.web, guest.sandbox)
    gym.sees("Address")
    popup.evaluate(LISTEN)
    opener.evaluate("attack(gym); for (let i = 0; i < gym.frames.length; i++) attack(gym.frames[i])")
    opener.wait_for_timeout(200)
    assert opener.evaluate("heard") == []
    gym.sees("Address")
    assert popup.evaluate("told.filter(([name]) => name !== 'resize')") == []
    popup.close()
    opener.close()


def test_a_site_that_is_not_listed_can_not_frame_it_and_hears_nothing(arrive: Arrive) -> None:
    guest = arrive("allowed")
    guest.page.clock.install()
    frame = f'<iframe src="{guest.web.portal}/berlin-mitte/sign-in/"></iframe>'
    guest.open(guest.web.gym_page(guest.web.snippet() + frame), host=EVIL)
    guest.page.wait_for_load_state("networkidle")
    guest.page.clock.run_for(6000)
    expect(guest.page.get_by_role("link", name="Open it in a new window")).to_be_visible()
    assert guest.page.evaluate("posted") == []
    assert [name for name, _ in guest.page.evaluate("told")] == []
    assert any("frame-ancestors" in text for text in guest.console)
    guest.open(guest.web.gym_page(guest.web.snippet("madrid-centro")))
    guest.page.wait_for_load_state("networkidle")
    assert guest.page.evaluate("posted") == [], "another studio's portal"


def test_a_listed_site_inside_one_that_is_not_listed_shows_nothing(arrive: Arrive) -> None:
    guest = arrive("allowed")
    gym = guest.web.put(guest.web.gym_page())
    guest.open(f'<!doctype html><title>x</title><iframe src="{gym}"></iframe>', host=EVIL)
    guest.page.wait_for_load_state("networkidle")
    inner = guest.page.frame_locator("iframe").frame_locator("iframe")
    expect(inner.locator("main")).to_have_count(0)


def test_where_the_policy_failed_the_page_would_still_say_nothing(
    arrive: Arrive, listed: dict[str, Studio], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both defences for themselves: a page that gets framed by a site which the script does not know."""
    guest = arrive("allowed")
    evil = guest.web.url(EVIL)
    monkeypatch.setattr("selfservice.embed.csp.framing_origins", lambda _request: (evil,))
    found = {"berlin-mitte": replace(listed["berlin-mitte"], embed_origins=(guest.web.gym,))}
    monkeypatch.setattr(registry, "_load", lambda _path: found)
    guest.open(guest.web.gym_page(), host=EVIL)
    expect(guest.heading("Sign in")).to_be_attached()
    guest.page.evaluate(f"for (const it of {COMMANDS}) frames[0].postMessage(it, '*')")
    guest.page.wait_for_timeout(200)
    assert guest.page.evaluate("posted") == []
    assert guest.page.evaluate("told") == []


JUNK = """[null, 0, "", "hello", [], {}, { portal: 2, type: "hello" }, { portal: 1 }, { portal: 1, type: "__proto__" },
  { portal: 1, type: "constructor" }, { portal: 1, type: "toString" }, { portal: 1, type: null },
  { portal: "1", type: "signOut" },
  { portal: 1, type: "goTo", page: "__proto__" }, { portal: 1, type: "goTo", page: "//evil.example" },
  { portal: 1, type: "goTo", page: "javascript:alert(1)" }, { portal: 1, type: "goTo" },
  { portal: 1, type: "goTo", page: {} },
  { portal: 1, type: "setLanguage", language: "'];x" }, { portal: 1, type: "setLanguage" },
  { portal: 1, type: "view", top: "1px;background:url(//evil.example)", height: NaN },
  { portal: 1, type: "view", top: 1e999 },
  { portal: 1, type: "eval", code: "alert(1)" }]"""


def test_junk_from_the_page_itself_does_nothing(signed_in: Guest) -> None:
    before, height = signed_in.page.evaluate("told"), signed_in.height()
    signed_in.inner.evaluate("window.failures = []; addEventListener('error', ({ message }) => failures.push(message))")
    signed_in.page.evaluate(
        f"for (const it of {JUNK}) document.querySelector('iframe').contentWindow.postMessage(it, '*')"
    )
    still_as_it_was(signed_in, before, height)
    assert "evil" not in str(signed_in.inner.evaluate("document.documentElement.style.cssText"))
    assert signed_in.inner.evaluate("failures") == []


REPORTED = """[null, "", [], { portal: 1 }, { portal: 1, type: "__proto__" },
  { portal: 1, type: "size", height: "100%" },
  { portal: 1, type: "size", height: null }, { portal: 1, type: "reveal", top: {}, height: "1" },
  { portal: 1, type: "x" }]"""


def test_junk_from_the_portals_own_origin_does_nothing(signed_in: Guest) -> None:
    before, height = signed_in.page.evaluate("told"), signed_in.height()
    signed_in.inner.evaluate(f"for (const it of {REPORTED}) parent.postMessage(it, '*')")
    still_as_it_was(signed_in, before, height)
    signed_in.inner.evaluate("parent.postMessage({ portal: 1, type: 'size', height: 1e9 }, '*')")
    signed_in.page.wait_for_timeout(100)
    assert signed_in.height() == 20000, "no frame grows for ever"


def test_a_frame_that_has_gone_elsewhere_is_not_listened_to(signed_in: Guest) -> None:
    """The window is the same, the site in it is not."""
    evil = signed_in.web.put(HOSTILE, host=EVIL, path="/inside")
    before = len(signed_in.page.evaluate("told"))
    signed_in.iframe.evaluate("(frame, url) => { frame.src = url; }", evil)
    inside = signed_in.page.frame_locator("iframe").first
    expect(inside.get_by_text("hostile")).to_be_visible()
    gone = next(frame for frame in signed_in.page.frames if frame.url == evil)
    gone.evaluate("attack(parent)")
    heard_nothing(gone)
    told = [name for name, _ in signed_in.page.evaluate("told")[before:]]
    assert set(told) <= {"busy"}, "the portal itself said that it was leaving"
