"""/admin/: who gets in, and what every page of it holds to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from selfservice.desk import factors
from tests.desk.conftest import AtDesk
from tests.desk.desk import PASSWORD, Desk, entries
from tests.pageclient import PageClient, texts
from tests.signin.visitor import Visitor

ACCOUNTS, TRAIL = "/admin/auth/user/", "/admin/selfservice/auditentry/"


def path_of(account: User) -> str:
    return f"{ACCOUNTS}{account.pk}/change/"


def test_managers_sign_in_there_too(at_desk: AtDesk) -> None:
    desk = at_desk("boss@fit.example", manager=True)
    first = desk.client.get("/admin/auth/user/", follow=True)
    assert "Staff sign-in" in texts(first)
    desk.sign_in()
    assert desk.client.get("/admin/login/").headers["Location"] == "/admin/"
    desk.client.post("/admin/logout/")
    assert desk.client.get("/admin/").status_code == 302


def test_the_sign_in_of_admin_asks_for_both_factors_and_leads_back(at_desk: AtDesk) -> None:
    desk = at_desk("boss@fit.example", manager=True)
    desk.url = lambda path="": f"/admin/{path.replace('sign-in', 'login')}"  # type: ignore[method-assign]
    assert "does not fit together" in texts(desk.sign_in(code="000000"))
    assert desk.sign_in(next="//evil.example/admin/").headers["Location"] == "/admin/"
    assert desk.sign_in(next=TRAIL).headers["Location"] == TRAIL
    assert entries("desk-sign-in")[0] == ("berlin-mitte", "boss@fit.example", "refused")
    desk.client.post("/admin/logout/")
    assert entries("desk-sign-out") == [("berlin-mitte", "boss@fit.example", "ok")]


@pytest.mark.parametrize("path", ["/admin/", ACCOUNTS, TRAIL, "/admin/jsi18n/", "/admin/password_change/"])
def test_nobody_else_gets_in(staff: Desk, path: str, client: PageClient) -> None:
    """Strangers, members, staff who are no managers."""
    assert client.get(path).headers["Location"].startswith("/admin/login/")
    member = Visitor(client=PageClient())
    member.sign_in()
    assert member.client.get(path).headers["Location"].startswith("/admin/login/")
    assert staff.client.get(path, follow=True).status_code == 403
    assert staff.client.post(path, follow=True).status_code == 403


def test_a_password_alone_does_not_open_it(client: PageClient, db: None, studios: object) -> None:
    root = User.objects.create_superuser("root@fit.example", password="all by itself")
    client.force_login(root)
    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/berlin-mitte/desk/").status_code == 302


def test_a_session_whose_second_factor_is_gone_opens_nothing(manager: Desk) -> None:
    factors.remove(manager.account)
    assert not manager.is_open()
    assert manager.client.get("/admin/").headers["Location"].startswith("/admin/login/")
    assert manager.unlock(password=PASSWORD).headers["Location"] == manager.url("sign-in/")


def test_a_locked_session_does_not_open_it(manager: Desk, staff: Desk, pass_time: Callable[..., None]) -> None:
    manager.lock()
    grants = {"studios-TOTAL_FORMS": "0", "studios-INITIAL_FORMS": "0"}
    answer = manager.client.post(path_of(staff.account), {"is_staff": "on"} | grants, follow=True)
    assert "The desk is locked" in texts(answer)
    assert User.objects.get(pk=staff.account.pk).is_active
    manager.unlock()
    assert manager.client.get("/admin/").status_code == 200
    pass_time(minutes=5)
    assert "The desk is locked" in texts(manager.client.get("/admin/", follow=True))


def test_passwords_are_not_changed_there(manager: Desk) -> None:
    assert manager.client.get("/admin/password_change/").status_code == 403
    assert manager.client.post("/admin/password_change/", {"new_password1": "x"}).status_code == 403


def test_a_link_signs_no_manager_out(manager: Desk) -> None:
    assert manager.client.get("/admin/logout/").status_code == 405
    assert manager.client.get("/admin/").status_code == 200


def test_the_pages_hold_nothing_that_our_policy_stops(manager: Desk, staff: Desk) -> None:
    """AdminClient looks into every page."""
    for path in ("/admin/", ACCOUNTS, f"{ACCOUNTS}add/", path_of(staff.account), TRAIL, f"{ACCOUNTS}?q=maria"):
        page = manager.client.get(path)
        assert page.status_code == 200
        assert page.headers["Refresh"] == "301; url=/admin/login/"
        assert "admin/base.html" in [template.name for template in page.templates]
