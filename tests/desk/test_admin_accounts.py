"""/admin/: what managers may do with accounts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User

from selfservice.desk import accounts
from selfservice.models import AuditEntry, BrowserSession
from tests.desk.desk import Desk, entries, make_account
from tests.pageclient import PageClient, form_values, texts

ACCOUNTS, TRAIL = "/admin/auth/user/", "/admin/selfservice/auditentry/"
LINK = re.compile(r"http://testserver(/berlin-mitte/desk/set-up/[\w-]+/)")


def path_of(account: User) -> str:
    return f"{ACCOUNTS}{account.pk}/change/"


def names(page: Any) -> set[str]:
    """Which accounts a list shows."""
    return set(re.findall(r"[\w.]+@fit\.example", str(re.findall(r"(?s)<tbody>.*</tbody>", page.content.decode()))))


def change(desk: Desk, account: User, **more: Any) -> Any:
    """Open an account, type, save."""
    return desk.client.post(path_of(account), filled(desk.client.get(path_of(account))) | more)


def filled(page: Any) -> dict[str, Any]:
    """What a browser would send, with the word that it sends for a box that is ticked."""
    ticked = {"is_active": "on", "is_staff": "on"}
    return {name: ticked.get(name, value) for name, value in form_values(page).items() if not name.startswith("_")}


def without(values: dict[str, Any], *gone: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in gone}


def act(desk: Desk, action: str, *whom: User) -> Any:
    data = {"action": action, "_selected_action": [account.pk for account in whom], "index": "0"}
    return desk.client.post(ACCOUNTS, data, follow=True)


@pytest.fixture
def carla(db: None, studios: object) -> User:
    """An account of the studio in Madrid."""
    return make_account("carla@fit.example", "madrid-centro")[0]


@pytest.fixture
def both(db: None, studios: object) -> User:
    """An account of both studios."""
    return make_account("both@fit.example", "berlin-mitte", "madrid-centro")[0]


def test_a_manager_sees_colleagues_of_their_own_studios(manager: Desk, staff: Desk, carla: User, both: User) -> None:
    assert names(manager.client.get(ACCOUNTS)) == {"maria@fit.example", "boss@fit.example", "both@fit.example"}
    assert manager.client.get(path_of(carla)).status_code == 302
    assert manager.client.post(path_of(carla), {"is_active": ""}).status_code == 302
    assert User.objects.get(pk=carla.pk).is_active
    assert "carla" not in manager.client.get(f"{ACCOUNTS}?q=carla").content.decode().partition("<tbody>")[2]
    suggest = "/admin/autocomplete/?app_label=selfservice&model_name=staffstudio&field_name=user&term="
    assert "carla" not in manager.client.get(suggest).content.decode()


def test_a_new_account_gets_a_link_that_works(manager: Desk) -> None:
    page = filled(manager.client.get(f"{ACCOUNTS}add/"))
    typed = {"username": "New@Fit.example", "studios-0-studio": "berlin-mitte"}
    shown = manager.client.post(f"{ACCOUNTS}add/", page | typed, follow=True)
    account = User.objects.get(username="new@fit.example")
    assert (account.email, account.is_staff, account.has_usable_password()) == ("new@fit.example", False, False)
    (path,) = LINK.findall(shown.content.decode())
    assert PageClient().get(path).status_code == 200
    assert entries("account", account="new@fit.example") == [("berlin-mitte", "boss@fit.example", "added")]


@pytest.mark.parametrize("studio", ["", "madrid-centro", "hamburg"])
def test_an_account_is_given_a_studio_of_the_managers_own(manager: Desk, studio: str) -> None:
    page = filled(manager.client.get(f"{ACCOUNTS}add/"))
    typed = {"username": "new@fit.example", "studios-0-studio": studio}
    assert manager.client.post(f"{ACCOUNTS}add/", page | typed).status_code == 200
    assert not User.objects.filter(username="new@fit.example").exists()


def test_a_forged_form_gives_no_other_studio(manager: Desk, staff: Desk, carla: User) -> None:
    grant = carla.studios.get()
    forged = {"studios-TOTAL_FORMS": "2", "studios-1-user": str(staff.account.pk), "studios-1-studio": "madrid-centro"}
    assert change(manager, staff.account, **forged).status_code == 200
    own = staff.account.studios.get()
    for more in (
        {"studios-0-id": str(grant.pk)},
        {"studios-0-studio": "madrid-centro", "studios-0-id": str(own.pk)},
        {"is_superuser": "on", "password": "x", "username": "other@fit.example", "user_permissions": "1"},
    ):
        change(manager, staff.account, **more)
    account = User.objects.get(pk=staff.account.pk)
    assert accounts.studios_of(account) == ["berlin-mitte"]
    assert accounts.studios_of(carla) == ["madrid-centro"]
    assert (account.username, account.is_superuser) == ("maria@fit.example", False)
    assert account.password == staff.account.password


def test_an_account_that_works_elsewhere_too_is_not_theirs_to_change(manager: Desk, both: User) -> None:
    assert manager.client.get(path_of(both)).status_code == 200
    assert manager.client.post(path_of(both), {"is_active": "", "is_staff": "on"}).status_code == 403
    page = act(manager, "make_links", both)
    assert "Left as it is: both@fit.example." in texts(page)
    assert not LINK.search(page.content.decode())
    assert accounts.is_ready(both)


def test_managers_leave_their_own_account_alone(manager: Desk) -> None:
    assert manager.client.post(path_of(manager.account), {"is_active": ""}).status_code == 403
    assert "Left as it is: boss@fit.example." in texts(act(manager, "make_links", manager.account))
    assert manager.client.get("/admin/").status_code == 200


def test_disabling_takes_everything_and_enabling_makes_a_link(manager: Desk, staff: Desk) -> None:
    values = filled(manager.client.get(path_of(staff.account)))
    manager.client.post(path_of(staff.account), without(values, "is_active"))
    assert not staff.is_open()
    assert not accounts.is_ready(staff.account)
    page = act(manager, "make_links", staff.account)
    assert "Left as it is: maria@fit.example." in texts(page)
    assert not User.objects.get(pk=staff.account.pk).is_active
    answer = manager.client.post(path_of(staff.account), values | {"is_active": "on"})
    assert LINK.search(answer.content.decode())
    assert not staff.is_open()


def test_the_trail_says_what_was_changed(manager: Desk, staff: Desk) -> None:
    accounts.add(manager.name, ["madrid-centro"], manager=True, actor="operator")
    accounts.add(staff.name, ["madrid-centro"], manager=False, actor="operator")
    numbers = [
        name.removesuffix("-id")
        for name, value in filled(manager.client.get(path_of(staff.account))).items()
        if name.endswith("-id") and value == str(staff.account.studios.get(studio="madrid-centro").pk)
    ]
    change(manager, staff.account, is_staff="on", **{f"{numbers[0]}-DELETE": "on"})
    assert accounts.studios_of(staff.account) == ["berlin-mitte"]
    found = AuditEntry.objects.filter(account=staff.name, outcome="changed")
    assert {(entry.studio, tuple(entry.fields)) for entry in found} == {
        ("berlin-mitte", ("is_staff", "studios")),
        ("madrid-centro", ("is_staff", "studios")),
    }


def test_the_last_studio_stays(manager: Desk, staff: Desk) -> None:
    assert change(manager, staff.account, **{"studios-0-DELETE": "on"}).status_code == 200
    assert accounts.studios_of(staff.account) == ["berlin-mitte"]


def test_a_link_stands_in_its_own_answer_alone(manager: Desk, staff: Desk) -> None:
    """A message for the next page would lie in the database, and be shown to whoever comes next."""
    (path,) = LINK.findall(act(manager, "make_links", staff.account).content.decode())
    sessions = str([row.get_decoded() for row in BrowserSession.objects.all()])
    assert path.split("/")[-2] not in sessions
    manager.lock()
    assert "/set-up/" not in manager.get("unlock/").content.decode()


def test_a_reset_shows_a_link_and_ends_the_session(manager: Desk, staff: Desk) -> None:
    (path,) = LINK.findall(act(manager, "make_links", staff.account).content.decode())
    assert not staff.is_open()
    assert PageClient().get(path).status_code == 200
    assert entries("account")[-1] == ("berlin-mitte", "boss@fit.example", "reset")


def test_nothing_is_deleted(manager: Desk, staff: Desk) -> None:
    act(manager, "delete_selected", staff.account)
    manager.client.post(f"{ACCOUNTS}{staff.account.pk}/delete/", {"post": "yes"})
    assert User.objects.filter(pk=staff.account.pk).exists()


@pytest.mark.parametrize("by", ["password__startswith", "password", "totpdevice__key__startswith", "studios__studio"])
def test_nobody_can_filter_by_what_the_page_does_not_show(manager: Desk, staff: Desk, by: str) -> None:
    assert manager.client.get(f"{ACCOUNTS}?{by}=md5").status_code == 400


@pytest.mark.parametrize(
    "query", ["?q=%00", "?q=maria%27%22", "?is_active__exact=x", "?o=99", "?p=-1", "?all=", "?e=1"]
)
def test_strange_questions_are_answered(manager: Desk, query: str) -> None:
    assert manager.client.get(ACCOUNTS + query).status_code in (200, 302, 400)
