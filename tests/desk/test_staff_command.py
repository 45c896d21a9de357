"""`manage.py staff`: what an operator does for the people at the desk."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from selfservice.desk import accounts
from tests.desk.desk import Desk, entries
from tests.pageclient import PageClient

pytestmark = pytest.mark.usefixtures("db", "studios")


@pytest.fixture
def staff_command(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs the command and returns what it printed."""

    def run(*arguments: str) -> str:
        call_command("staff", *arguments)
        return capsys.readouterr().out

    return run


def test_the_printed_link_opens_the_set_up_page(staff_command: Any) -> None:
    said = staff_command("add", "Maria@Fit.example", "--studio", "berlin-mitte", "--url", "https://portal.gym.example/")
    assert "maria@fit.example works for berlin-mitte." in said
    assert "valid for a day and once" in said
    (path,) = re.findall(r"https://portal\.gym\.example(/berlin-mitte/desk/set-up/[\w-]{43}/)\n", said)
    assert PageClient().get(path).status_code == 200
    assert entries("account") == [("berlin-mitte", "operator", "added")]


@pytest.mark.parametrize(
    ("secure", "hosts", "start"),
    [
        (True, ["*", ".gym.example"], "https://gym.example/"),
        (False, ["localhost"], "http://localhost:8000/"),
        (False, [], "http://localhost:8000/"),
    ],
)
def test_without_an_address_the_settings_say_where(
    staff_command: Any, secure: bool, hosts: list[str], start: str
) -> None:
    with override_settings(SESSION_COOKIE_SECURE=secure, ALLOWED_HOSTS=hosts):
        assert f"\n{start}berlin-mitte/desk/set-up/" in staff_command("add", "a@b.example", "--studio", "berlin-mitte")


def test_an_account_can_work_for_several_studios(staff_command: Any) -> None:
    said = staff_command("add", "a@b.example", "--studio", "madrid-centro", "--studio", "berlin-mitte")
    assert "a@b.example works for berlin-mitte, madrid-centro." in said
    assert "/madrid-centro/desk/set-up/" in said


def test_another_studio_for_a_ready_account_prints_no_link(staff: Desk, staff_command: Any) -> None:
    said = staff_command("add", "MARIA@fit.example", "--studio", "madrid-centro")
    assert said == "maria@fit.example works for berlin-mitte, madrid-centro.\n"
    assert staff.is_open()


@pytest.mark.parametrize(
    ("email", "studio", "complaint"),
    [
        ("maria", "berlin-mitte", "maria is no e-mail address."),
        (f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example", "berlin-mitte", "is longer than 150 characters."),
        ("maria@fit.example", "hamburg", "There is no studio hamburg in "),
    ],
)
def test_mistakes_are_told_and_nothing_is_made(staff_command: Any, email: str, studio: str, complaint: str) -> None:
    with pytest.raises(CommandError, match=re.escape(complaint)):
        staff_command("add", email, "--studio", "madrid-centro", "--studio", studio)
    assert accounts.everybody() == []
    assert entries("account") == []


def test_the_list_says_who_works_where(staff: Desk, manager: Desk, staff_command: Any) -> None:
    accounts.add("new@fit.example", ["madrid-centro"], manager=False, actor="operator")
    accounts.disable(staff.account, "operator")
    assert [re.split(r"\s{2,}| (?=\()", line) for line in staff_command("list").splitlines()] == [
        ["boss@fit.example", "ready", "berlin-mitte", "(manager)"],
        ["maria@fit.example", "disabled", "berlin-mitte"],
        ["new@fit.example", "not set up", "madrid-centro"],
    ]


def test_a_disabled_account_is_out_at_the_next_click(staff: Desk, staff_command: Any) -> None:
    assert staff.is_open()
    assert "maria@fit.example can't sign in any more." in staff_command("disable", "Maria@fit.example")
    assert not staff.is_open()
    assert entries("account")[-1] == ("berlin-mitte", "operator", "disabled")


def test_a_reset_account_is_out_and_gets_a_link(staff: Desk, staff_command: Any) -> None:
    said = staff_command("reset", "maria@fit.example", "--url", "https://portal.gym.example")
    assert not staff.is_open()
    (path,) = re.findall(r"https://portal\.gym\.example(/berlin-mitte/desk/set-up/[\w-]+/)", said)
    assert PageClient().get(path).status_code == 200


@pytest.mark.parametrize("command", ["disable", "reset"])
def test_an_account_that_does_not_exist_is_a_mistake(staff_command: Any, command: str) -> None:
    with pytest.raises(CommandError, match="There is no account maria@fit.example"):
        staff_command(command, "maria@fit.example")
