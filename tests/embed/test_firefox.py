"""The same in Firefox: its own rules for cookies of other sites, its own way with frames."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.datasets.conftest import wait_for_mails
from tests.embed import firefox
from tests.embed.firefox import Firefox
from tests.embed.guest import LISTEN
from tests.embed.web import EVIL, HOSTS, Web
from tests.signature.drawing import wave
from tests.signin.visitor import ANNA, ANNA_ID, newest_code

if TYPE_CHECKING:
    from selfservice.sandbox import Sandbox

pytestmark = pytest.mark.skipif(not firefox.executable(), reason="there is no Firefox here")

# Its usual setting keeps a jar for each site around a frame; people can also have those of other sites blocked.
PARTITIONED, BLOCKED = 5, 1
Arrive = Callable[[int], Firefox]


@pytest.fixture(scope="module")
def firefoxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arrive]:
    running: dict[int, Firefox] = {}

    def get(cookies: int) -> Firefox:
        if cookies not in running:
            running[cookies] = Firefox(tmp_path_factory.mktemp("firefox"), HOSTS, cookies)
        return running[cookies]

    yield get
    for one in running.values():
        one.close()


@pytest.fixture
def arrive(firefoxes: Arrive, web: Web, tls: None, transactional_db: None, listed: object) -> Iterator[Arrive]:
    """Return a function that opens Firefox with this setting, with no cookies from before."""

    def go(cookies: int) -> Firefox:
        running = firefoxes(cookies)
        running.forget_cookies()
        return running

    yield go
    web.pages.clear()
    wait_for_mails()


def gym(web: Web, **options: str) -> str:
    return web.put(web.gym_page(web.snippet(**options), before=f"<script>{LISTEN}</script>"))


def test_the_whole_journey(arrive: Arrive, web: Web, sandbox: Sandbox) -> None:
    guest = arrive(PARTITIONED)
    guest.open(gym(web))
    signs_in(guest)
    guest.click("Change – Bank account", "a")
    guest.sees("Bank account")
    guest.write("[name=iban]", "DE02120300000000202051")
    guest.draw("canvas", wave(20, 260))
    guest.click("Send to the studio", "main .btn-primary")
    guest.sees(f"You are confirming this at portal.example:{web.port}", "h2")
    guest.write("[name=code]", newest_code())
    guest.keys(firefox.ENTER)
    guest.sees("Waiting for the studio", "h2")
    assert sandbox.gym.pending(ANNA_ID, "payment-data")
    guest.click("Withdraw my request", "a")
    guest.click("Yes, withdraw it")
    guest.sees("Your request has been withdrawn", ".message")
    assert sandbox.gym.pending(ANNA_ID, "payment-data") is None
    guest.click("Sign out")
    guest.sees("You are signed out", ".message")
    guest.wait_for("told.filter(([name]) => name === 'signedOut').length === 2")
    told = guest.run("[told, posted]")
    assert [detail for name, detail in told[0] if name == "signedOut"] == [{"signedIn": False}] * 2
    assert not re.search("Anna|2051|Lindenallee|1001", str(told))


def signs_in(guest: Firefox) -> None:
    guest.sees("Sign in")
    guest.write("[name=email]", ANNA)
    guest.keys(firefox.ENTER)
    guest.sees("Enter your code")
    guest.write("[name=code]", newest_code())
    guest.keys(firefox.ENTER)
    guest.sees("Your data")


def test_where_it_blocks_even_partitioned_cookies_that_is_said_before_anything_is_typed(
    arrive: Arrive, web: Web
) -> None:
    """Not its usual setting; then a new window is the way."""
    guest = arrive(BLOCKED)
    guest.open(gym(web))
    guest.sees("Open the portal in a new window")
    assert guest.run("document.querySelector('[data-window]').target", guest.frame()) == "_blank"


def test_the_height_follows_and_a_new_page_begins_in_view(arrive: Arrive, web: Web) -> None:
    guest = arrive(PARTITIONED)
    tall = '<div style="height: 1200px"></div>'
    guest.open(
        web.put(web.gym_page(web.snippet(page="address"), before=f"<script>{LISTEN}</script>{tall}", after=tall))
    )
    guest.sees("Sign in")
    assert guest.run("scrollY") == 0
    guest.fits()
    guest.run("void scrollTo(0, 1500)")
    guest.run("void MemberPortal.portals[0].goTo('profile')")
    guest.wait_for("Math.abs(document.querySelector('iframe').getBoundingClientRect().top) < 1")


def test_a_site_that_is_not_listed_can_not_frame_it(arrive: Arrive, web: Web) -> None:
    guest = arrive(PARTITIONED)
    guest.open(web.put(web.gym_page(before=f"<script>{LISTEN}</script>"), host=EVIL), wait="none")
    guest.wait_for(f"location.hostname === '{EVIL}' && document.querySelector('iframe')?.contentDocument === null")
    assert "Sign in" not in str(guest.run("document.body?.innerText ?? ''", guest.frame()))
    assert guest.run("[told, posted]") == [[], []]
