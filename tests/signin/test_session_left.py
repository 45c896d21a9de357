"""How a page's script learns how long the sign-in still holds, and prolongs it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from tests.member import Member
from tests.pageclient import PageClient, texts
from tests.signin.visitor import Visitor

# No second begins between two requests of a test.
pytestmark = pytest.mark.usefixtures("pass_time")
PassTime = Callable[..., None]
GONE = {"mark": "", "seconds": 0, "can_stay": False}


def left(visitor: Visitor, method: str = "get") -> Any:
    return getattr(visitor, method)("session/").json()


def test_asking_does_not_prolong_and_saying_so_does(visitor: Visitor, pass_time: PassTime) -> None:
    visitor.sign_in()
    first = left(visitor)
    assert (first["seconds"], first["can_stay"]) == (15 * 60, True)
    pass_time(minutes=14)
    assert left(visitor) == first | {"seconds": 60}
    assert left(visitor)["seconds"] == 60
    assert left(visitor, "post") == first
    pass_time(minutes=14)
    assert left(visitor)["seconds"] == 60


def test_what_has_ended_cannot_be_prolonged(visitor: Visitor, pass_time: PassTime) -> None:
    visitor.sign_in()
    pass_time(minutes=15)
    assert left(visitor) == GONE
    assert left(visitor, "post") == GONE
    assert not visitor.is_in()


@override_settings(MEMBER_IDLE_MINUTES=480)
def test_after_eight_hours_nothing_prolongs_it(visitor: Visitor, pass_time: PassTime) -> None:
    visitor.sign_in()
    pass_time(hours=4)
    assert left(visitor, "post")["can_stay"] is False
    assert left(visitor)["seconds"] == 4 * 60 * 60


def test_it_tells_one_session_from_another_and_gives_away_no_key(visitor: Visitor) -> None:
    visitor.sign_in()
    first = left(visitor)["mark"]
    assert first not in str(visitor.client.session.session_key)
    visitor.post("sign-out/")
    assert left(visitor) == GONE
    visitor.sign_in()
    assert left(visitor)["mark"] not in ("", first)


def test_somebody_at_another_studio_learns_nothing(visitor: Visitor) -> None:
    visitor.sign_in()
    assert left(visitor.at("madrid-centro")) == GONE


def test_it_is_kept_by_no_cache(visitor: Visitor) -> None:
    visitor.sign_in()
    assert visitor.get("session/").headers["Cache-Control"] == "private, no-store"


def test_prolonging_takes_our_own_page(visitor: Visitor, pass_time: PassTime) -> None:
    visitor.sign_in()
    visitor.client.handler.enforce_csrf_checks = True
    assert visitor.post("session/").status_code == 403


def test_whoever_comes_back_too_late_is_told_why_and_led_back(anna: Any, pass_time: PassTime) -> None:
    pass_time(minutes=16)
    response = anna.get("address/")
    assert response.headers["Location"].endswith("?next=%2Fberlin-mitte%2Fprofile%2Faddress%2F")
    assert "your sign-in has ended" in texts(anna.client.get(response.headers["Location"]))


@pytest.mark.parametrize("path", ["", "contact/", "payment/", "contact/?change"])
def test_every_page_of_a_member_can_warn(anna: Any, path: str) -> None:
    html = anna.get(path).content.decode()
    assert "/static/js/session.js" in html
    assert 'role="alertdialog"' in html
    assert f'data-seconds="{settings.MEMBER_IDLE_MINUTES * 60}"' in html
    assert "you are signed out when you do not click for a while" in html


def test_pages_of_nobody_warn_of_nothing(visitor: Visitor) -> None:
    assert "session.js" not in visitor.get("sign-in/").content.decode()


def test_the_mark_is_the_pages_own(anna: Any) -> None:
    other = Member(PageClient(), anna.sandbox, 1001, "berlin-mitte")
    mark = anna.client.get("/berlin-mitte/session/").json()["mark"]
    assert mark in anna.get().content.decode()
    assert mark not in other.get().content.decode()
