"""Signing in at the desk: three things at once, no hint which was wrong, and not without end."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from selfservice.desk import accounts
from tests.desk.conftest import AtDesk
from tests.desk.desk import PASSWORD, Desk, entries, make_account, usable_code, wrong_code
from tests.pageclient import PageClient, form_values, texts
from tests.signin.visitor import Visitor

WRONG = "This does not fit together."


@pytest.fixture
def desk(at_desk: AtDesk) -> Desk:
    """Maria before her shift."""
    return at_desk("maria@fit.example")


def without_values(page: Any) -> str:
    """What the page is about, without what was typed and without what is new in every answer."""
    return re.sub(r'value="[^"]*"', "", page.content.decode().partition("<main")[2].partition("</main>")[0])


def test_all_three_open_the_desk(desk: Desk) -> None:
    answer = desk.sign_in(email=" MARIA@fit.example ")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/berlin-mitte/desk/"
    assert "maria@fit.example" not in str(answer.headers)
    assert desk.is_open()
    assert entries("desk-sign-in") == [("berlin-mitte", "maria@fit.example", "ok")]


def test_the_page_itself_passes_the_check_against_other_sites(desk: Desk) -> None:
    desk.client = PageClient(enforce_csrf_checks=True)
    assert desk.sign_in().status_code == 403
    token = form_values(desk.get("sign-in/"))["csrfmiddlewaretoken"]
    assert desk.sign_in(csrfmiddlewaretoken=token).status_code == 302


@pytest.mark.parametrize("typed", ["email", "password", "code"])
def test_without_one_of_them_nothing_is_tried(desk: Desk, typed: str) -> None:
    page = desk.sign_in(**{typed: ""})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [typed]
    assert entries("desk-sign-in") == []


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "maria\x00@fit.example"},
        {"email": "m" * 300},
        {"email": "' OR 1=1 --"},
        {"password": "p" * 201},
        {"code": "１２３４５６"},
        {"code": "-1"},
        {"code": "\x00"},
        {"code": "1" * 21},
        {"code": "😀"},
    ],
    ids=ascii,
)
def test_strange_input_is_refused_like_any_other(desk: Desk, typed: dict[str, str]) -> None:
    assert desk.sign_in(**typed).status_code == 200
    assert not desk.is_open()


def test_nobody_learns_what_was_wrong(desk: Desk, colleague: Desk) -> None:
    accounts.disable(colleague.account, "operator")
    new, _ = accounts.add("new@fit.example", ["berlin-mitte"], manager=False, actor="operator")
    new.set_password(PASSWORD)
    new.save()
    pages = [
        desk.sign_in(email="nobody@fit.example"),
        desk.sign_in(password="wrong"),
        desk.sign_in(code=wrong_code(desk.account)),
        desk.sign_in(code="AAAAA-AAAAA"),
        desk.sign_in(email=colleague.name, code="123456"),
        desk.sign_in(email=new.get_username(), code="123456"),
    ]
    assert {page.status_code for page in pages} == {200}
    assert WRONG in texts(pages[0])
    assert len({without_values(page) for page in pages}) == 1
    assert not desk.is_open()
    assert [outcome for *_, outcome in entries("desk-sign-in")] == ["refused"] * 6


def test_neither_password_nor_code_comes_back_in_the_page(desk: Desk) -> None:
    page = desk.sign_in(password="my other password", email="nobody@fit.example").content.decode()
    assert "my other password" not in page


@pytest.mark.parametrize("path", ["sign-in/", "unlock/"])
def test_a_page_that_keeps_what_was_sent_keeps_no_password(
    staff: Desk, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the database fails; such a page is left standing on the tablet."""
    staff.lock()
    typed = {"email": staff.name, "password": "my other password", "code": "123456", "next": "kept/"}

    def fails(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr("selfservice.desk.entry.limits.may_try", fails)
    answer = staff.post(path, typed)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "kept/" in page
    assert "my other password" not in page


def test_the_trail_names_accounts_alone_never_what_was_typed(desk: Desk) -> None:
    desk.sign_in(email="a password in the wrong box")
    desk.sign_in(email="Maria@fit.example", password="wrong")
    assert [actor for _, actor, _ in entries("desk-sign-in")] == ["unknown", "maria@fit.example"]


def test_a_code_of_the_app_works_once(desk: Desk) -> None:
    code = usable_code(desk.account)
    assert desk.sign_in(code=code).status_code == 302
    desk.post("sign-out/")
    typed = {"email": desk.name, "password": PASSWORD, "code": code}
    assert WRONG in texts(desk.post("sign-in/", typed))


def test_a_backup_code_works_once_however_it_is_typed(at_desk: AtDesk) -> None:
    desk = at_desk("maria@fit.example")
    accounts.reset(desk.account, "operator")
    desk.account, (first, second, *_) = make_account("maria@fit.example")
    assert desk.sign_in(code=first.lower().replace("-", " ")).status_code == 302
    desk.post("sign-out/")
    assert WRONG in texts(desk.sign_in(code=first))
    desk.account.staticdevice_set.update(throttling_failure_count=0)  # type: ignore[attr-defined]
    assert desk.sign_in(code=second).status_code == 302


def test_a_code_of_somebody_else_opens_nothing(desk: Desk, colleague: Desk) -> None:
    assert WRONG in texts(desk.sign_in(code=usable_code(colleague.account)))


def test_signing_in_changes_every_key(desk: Desk) -> None:
    planted = desk.client.session
    planted["planted"] = "by somebody else"
    planted.save()
    desk.client.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    desk.get("sign-in/")
    token = desk.client.cookies[settings.CSRF_COOKIE_NAME].value
    desk.sign_in()
    assert desk.key != planted.session_key
    assert desk.client.cookies[settings.CSRF_COOKIE_NAME].value != token
    assert "planted" not in desk.client.session


def test_the_cookie_stays_with_this_site_and_ends_with_the_browser(desk: Desk) -> None:
    desk.sign_in()
    cookie = desk.client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["samesite"], cookie["httponly"], cookie["path"], cookie["max-age"]) == ("Lax", True, "/", "")


def test_a_member_of_the_same_browser_is_signed_out(desk: Desk) -> None:
    member = Visitor(client=desk.client)
    member.sign_in()
    assert member.is_in()
    desk.sign_in()
    assert not member.is_in()
    assert desk.is_open()
    member.sign_in()
    assert not desk.is_open()


def test_a_session_of_a_member_opens_no_desk(desk: Desk) -> None:
    member = Visitor(client=desk.client)
    member.sign_in()
    assert desk.get().headers["Location"] == "/berlin-mitte/desk/sign-in/?next=%2Fberlin-mitte%2Fdesk%2F"
    assert desk.get("members/1001/").status_code == 302


def test_an_account_of_another_studio_is_told_so_and_nothing_else(at_desk: AtDesk, sandbox: Any) -> None:
    carla = at_desk("carla@fit.example", "madrid-centro")
    carla.start()
    before = len(sandbox.requests)
    for path in ("", "activity/", "members/1001/", "members/1001/address/", "members/999999/"):
        page = carla.client.get(f"/berlin-mitte/desk/{path}")
        assert page.status_code == 403
        assert "Your account does not work for this studio." in texts(page)
        assert "Anna" not in texts(page)
    assert carla.client.post("/berlin-mitte/desk/", {"q": "anna"}).status_code == 403
    assert carla.client.post("/berlin-mitte/desk/members/1001/open/").status_code == 403
    assert not [call for call in sandbox.requests[before:] if "/customers" in call.path]


def test_taking_a_studio_from_an_account_counts_at_the_next_click(staff: Desk) -> None:
    staff.account.studios.all().delete()
    assert staff.get().status_code == 403


def test_signing_out_ends_the_session(staff: Desk) -> None:
    key = staff.key
    answer = staff.post("sign-out/")
    assert answer.headers["Location"] == "/berlin-mitte/desk/sign-in/"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert "You are signed out." in staff.read("sign-in/")
    staff.client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not staff.is_open()
    assert entries("desk-sign-out") == [("berlin-mitte", "maria@fit.example", "ok")]


@pytest.mark.parametrize("path", ["sign-out/", "lock/"])
def test_a_link_neither_locks_nor_signs_out(staff: Desk, path: str) -> None:
    answer = staff.get(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert staff.is_open()


def test_the_pages_can_not_be_framed_or_kept(staff: Desk) -> None:
    for path in ("", "sign-in/", "activity/", "unlock/", "presence/", "members/1001/"):
        answer = staff.get(path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "private, no-store"
