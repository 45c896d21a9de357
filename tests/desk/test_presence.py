"""What the desk's pages tell the server: somebody is there, or the page has gone."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.desk.conftest import AtDesk
from tests.desk.desk import Desk

PassTime = Callable[..., None]


def test_closing_the_browser_locks(staff: Desk, pass_time: PassTime) -> None:
    staff.post("presence/", {"left": "1"})
    pass_time(seconds=21)
    assert staff.is_locked()


def test_a_page_that_follows_was_no_closing(staff: Desk, pass_time: PassTime) -> None:
    staff.post("presence/", {"left": "1"})
    pass_time(seconds=19)
    assert staff.is_open()
    pass_time(minutes=2)
    assert staff.is_open()


def test_a_page_that_stays_open_says_so(staff: Desk, pass_time: PassTime) -> None:
    staff.post("presence/", {"left": "1"})
    staff.post("presence/")
    pass_time(minutes=2)
    assert staff.is_open()


def test_presence_tells_and_prolongs(staff: Desk, pass_time: PassTime) -> None:
    assert staff.says_open()
    pass_time(minutes=4)
    assert staff.says_open()  # to ask is not to be there
    pass_time(minutes=1)
    assert not staff.says_open()
    staff.unlock()
    pass_time(minutes=4)
    assert json.loads(staff.post("presence/").content) == {"open": True}
    pass_time(minutes=4)
    assert staff.is_open()


def test_presence_unlocks_nothing(staff: Desk) -> None:
    staff.lock()
    for data in ({}, {"left": "1"}):
        assert json.loads(staff.post("presence/", data).content) == {"open": False}
    assert staff.is_locked()


def test_presence_tells_strangers_nothing(at_desk: AtDesk) -> None:
    desk = at_desk("maria@fit.example")
    assert json.loads(desk.get("presence/").content) == {"open": False}
    assert json.loads(desk.post("presence/", {"left": "1"}).content) == {"open": False}
