"""A tablet that many share: what locks the desk, who opens it again, and what is shown meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from selfservice.desk import accounts, search
from selfservice.models import Duty, Helped
from tests.desk.conftest import AtDesk
from tests.desk.desk import PASSWORD, Desk, entries, usable_code, wrong_code
from tests.pageclient import PageClient, form_values, texts
from tests.signin.visitor import Visitor

PassTime = Callable[..., None]
WRONG = "This is not right."
COOKIE = "desk"


@override_settings(DESK_IDLE_MINUTES=5)
def test_the_desk_locks_when_nobody_was_there_for_five_minutes(staff: Desk, pass_time: PassTime) -> None:
    for _ in range(4):
        pass_time(minutes=4, seconds=55)
        assert staff.is_open()
    pass_time(minutes=5)
    assert staff.is_locked()
    assert staff.is_locked()


@override_settings(DESK_IDLE_MINUTES=1)
def test_the_idle_time_is_a_setting(staff: Desk, pass_time: PassTime) -> None:
    pass_time(seconds=60)
    assert staff.is_locked()


def test_the_button_locks_at_once(staff: Desk) -> None:
    answer = staff.lock()
    assert answer.headers["Location"] == staff.url("unlock/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert staff.is_locked()


@pytest.mark.parametrize("path", ["", "activity/", "members/1001/", "members/1001/address/"])
def test_a_locked_desk_shows_and_asks_for_nothing(staff: Desk, path: str) -> None:
    staff.open(1001)
    staff.lock()
    before = len(staff.sandbox.requests)
    page = staff.get(path, follow=True)
    assert "The desk is locked" in texts(page)
    assert "Anna" not in page.content.decode()
    assert form_values(page)["next"] == staff.url(path)
    assert not [call for call in staff.sandbox.requests[before:] if "/customers" in call.path]


def test_what_is_sent_while_it_is_locked_is_not_sent_on(staff: Desk) -> None:
    staff.open(1001)
    values = staff.form(1001, "address")
    staff.lock()
    answer = staff.submit(1001, "address", values, street="Hidden Lane")
    page = staff.client.get(answer.headers["Location"])
    assert "The desk was locked, so nothing was sent." in texts(page)
    assert "Hidden Lane" not in page.content.decode()
    assert staff.sent("POST") == []
    assert staff.sent("PUT") == []
    staff.unlock()
    assert "Hidden Lane" not in staff.get("members/1001/address/").content.decode()


def test_after_a_form_was_stopped_by_the_lock_a_page_opens(staff: Desk) -> None:
    staff.open(1001)
    staff.lock()
    for path in ("", *(f"members/1001/{name}/" for name in ("done", "open", "address", "address/withdraw"))):
        first = staff.post(path).headers["Location"]
        then = staff.client.post(first, {"code": usable_code(staff.account)}, follow=True)
        assert then.status_code == 200
        staff.lock()


@pytest.mark.parametrize("typed", ["code", "password"])
def test_a_code_or_the_password_unlocks(staff: Desk, typed: str) -> None:
    staff.lock()
    right = {"code": usable_code(staff.account), "password": PASSWORD}
    answer = staff.unlock(f"?next={staff.url('activity/')}", **{typed: right[typed]})
    assert answer.headers["Location"] == staff.url("activity/")
    assert staff.is_open()
    assert entries("unlock") == [("berlin-mitte", "maria@fit.example", "ok")]


def test_what_is_wrong_is_refused_and_recorded(staff: Desk, colleague: Desk) -> None:
    staff.lock()
    for typed in (
        {"code": wrong_code(staff.account)},
        {"password": "wrong"},
        {"code": usable_code(colleague.account)},
        {"code": "", "password": " " + PASSWORD},
    ):
        page = staff.unlock(**typed)
        assert WRONG in texts(page)
        assert 'value="wrong"' not in page.content.decode()
    assert staff.is_locked()
    assert entries("unlock") == [("berlin-mitte", "maria@fit.example", "refused")] * 4


def test_nothing_typed_is_no_try(staff: Desk) -> None:
    staff.lock()
    assert "Enter a code from your app, or your password." in texts(staff.unlock(code="", password=""))
    assert entries("unlock") == []


def test_a_code_that_signed_in_does_not_unlock(at_desk: AtDesk) -> None:
    desk = at_desk("maria@fit.example")
    code = usable_code(desk.account)
    desk.sign_in(code=code)
    desk.lock()
    assert WRONG in texts(desk.post("unlock/", {"code": code}))


def test_locking_lets_browsers_forget_their_pages(staff: Desk) -> None:
    """They drop what they keep for Back when an HttpOnly cookie has changed."""
    values = []
    for step in (staff.lock, staff.lock):
        answer = step()
        assert answer.headers["Clear-Site-Data"] == '"cache"'
        cookie = answer.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        values.append(cookie.value)
    assert values[0] != values[1]


@pytest.mark.parametrize("path", ["lock/", "sign-out/"])
def test_a_page_in_the_making_undoes_neither_lock_nor_sign_out(
    staff: Desk, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """It began before, and ends after it; also one that changes the key of a session, and a change of the address."""
    other = Desk(PageClient(), staff.account, staff.sandbox)
    other.client.cookies[settings.SESSION_COOKIE_NAME] = staff.key
    real = search.find

    def slowly(*args: Any) -> Any:
        other.post(path)
        return real(*args)

    monkeypatch.setattr("selfservice.desk.views.find", slowly)
    staff.post("", {"q": "berger"})
    assert not staff.says_open()


def test_unlocking_by_code_proves_who_it_is_anew(staff: Desk) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    staff.keep(proven=long_ago)
    staff.lock()
    staff.unlock(password=PASSWORD)
    assert Duty.objects.get().proven == long_ago
    staff.lock()
    staff.unlock()
    assert Duty.objects.get().proven > long_ago


def test_somebody_else_signs_in_with_their_own_account(staff: Desk, at_desk: AtDesk) -> None:
    staff.open(1001)
    staff.lock()
    assert "Sign in as somebody else" in staff.read("unlock/")
    staff.post("sign-out/")
    tom = at_desk("tom@fit.example")
    tom.client = staff.client
    assert tom.sign_in().status_code == 302
    assert tom.is_open()
    assert not Helped.objects.exists()


def test_signing_in_over_a_locked_session_leaves_nothing_of_it(staff: Desk, at_desk: AtDesk) -> None:
    staff.open(1001)
    staff.lock()
    key = staff.key
    tom = at_desk("tom@fit.example")
    tom.client = staff.client
    tom.sign_in()
    assert not Helped.objects.exists()
    tom.client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert tom.get("unlock/").headers["Location"] == tom.url("sign-in/")


def test_only_the_person_on_duty_is_asked_to_unlock(at_desk: AtDesk) -> None:
    desk = at_desk("maria@fit.example")
    assert desk.get("unlock/").headers["Location"] == desk.url("sign-in/")
    assert desk.unlock(password=PASSWORD).headers["Location"] == desk.url("sign-in/")
    Visitor(client=desk.client).sign_in()
    assert desk.unlock(password=PASSWORD).headers["Location"] == desk.url("sign-in/")


def test_an_open_desk_needs_no_unlocking(staff: Desk) -> None:
    assert staff.get("unlock/").headers["Location"] == staff.url()


def test_a_session_ends_after_eight_hours_however_busy(staff: Desk, pass_time: PassTime) -> None:
    for _ in range(119):
        pass_time(minutes=4)
        assert staff.is_open()
    pass_time(minutes=4)
    assert staff.get().headers["Location"].startswith(staff.url("sign-in/"))
    assert staff.get("unlock/").headers["Location"] == staff.url("sign-in/")
    assert not staff.says_open()


@pytest.mark.parametrize("end", [accounts.disable, accounts.reset])
def test_an_account_that_is_disabled_or_reset_can_not_unlock(staff: Desk, end: Callable[..., object]) -> None:
    staff.lock()
    end(staff.account, "operator")
    assert staff.unlock(password=PASSWORD).headers["Location"] == staff.url("sign-in/")


@pytest.mark.parametrize("path", ["presence/", "lock/", "unlock/", "sign-out/"])
def test_other_sites_can_send_none_of_it(staff: Desk, path: str) -> None:
    key, staff.client = staff.key, PageClient(enforce_csrf_checks=True)
    staff.client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert staff.post(path, {"password": PASSWORD}).status_code == 403
    assert staff.is_open()
