"""What was done at the studio: enough for an auditor, without a value."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.datasets.conftest import wait_for_mails
from tests.pageclient import texts

ANNA, JONAS = 1001, 1002
IBAN = "DE02 1203 0000 0000 2020 51"


@pytest.fixture(autouse=True)
def _delivered() -> Any:
    yield
    wait_for_mails()


def rows(desk: Any, query: str = "") -> list[str]:
    """The lines of the table, each as its words."""
    html = desk.get(f"activity/{query}").content.decode()
    return [" ".join(texts_of(row).split()) for row in html.split("<tr>")[2:]]


def texts_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html.partition("</tr>")[0])


def test_an_auditor_learns_who_changed_what_how_it_was_proven_and_what_became_of_it(desk: Any) -> None:
    desk.vouch(JONAS, "payment", desk.change(JONAS, "payment", iban=IBAN), "passport")
    newest = rows(desk)[0]
    for fact in ("maria@fit.example", "asked for a change: Bank account", "IBAN", "1002", "passport", "in effect"):
        assert fact in newest
    page = desk.get("activity/").content.decode()
    assert "2051" not in page
    assert "Keller" not in page


def test_an_attempt_that_has_an_outcome_is_shown_once(desk: Any) -> None:
    desk.change(ANNA, "address", street="Ahornweg")
    assert len([row for row in rows(desk) if "asked for a change" in row]) == 1


def test_what_members_do_themselves_is_there_too(desk: Any, anna: Any) -> None:
    anna.change("address", street="Ahornweg")
    assert "the member" in rows(desk)[0]


def test_it_can_be_narrowed_by_person_and_by_data_set(desk: Any, another_desk: Any) -> None:
    desk.change(ANNA, "address", street="Ahornweg")
    another_desk.change(JONAS, "contact", phone_private="030 23125555")
    mine = rows(desk, f"?person={desk.account.pk}")
    assert mine
    assert all("maria@fit.example" in row for row in mine)
    contact = rows(desk, "?set=contact")
    assert contact
    assert all("Contact" in row for row in contact)
    assert "maria" not in str(rows(desk, f"?person={another_desk.account.pk}"))


@pytest.mark.parametrize(
    "query",
    [
        "?person=x",
        "?person=99999999999999999999",
        "?set=nothing",
        "?until=2026-99-99",
        "?until=",
        "?until=0001-01-01",
        "?until=9999-12-31",
        "?below=x",
    ],
)
def test_odd_filters_count_as_none(desk: Any, query: str) -> None:
    desk.helping(ANNA)
    assert rows(desk, query)


def test_days_before_can_be_looked_at(desk: Any, pass_time: Callable[..., None]) -> None:
    desk.change(ANNA, "address", street="Ahornweg")
    pass_time(days=10)
    desk.start()
    assert not [row for row in rows(desk) if "asked for a change" in row]
    before = re.search(r'href="(\?until=[^"]*)"', desk.get("activity/").content.decode())
    assert before
    assert [row for row in rows(desk, before[1].replace("&amp;", "&")) if "asked for a change" in row]


def test_more_than_fits_is_told_and_can_be_seen(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfservice.desk.activity.MOST", 2)
    for who in (ANNA, JONAS, 1003):
        desk.helping(who)
    first = desk.get("activity/").content.decode()
    assert "There is more of these days" in first
    assert len(rows(desk)) == 2
    further = re.search(r'href="(\?until=[^"]*below=[^"]*)"', first)
    assert further
    assert "1001" in str(rows(desk, further[1].replace("&amp;", "&")))


def test_a_stranger_is_not_called_a_member(desk: Any, at_desk: Any) -> None:
    at_desk("nobody@fit.example").sign_in(email="nobody@nowhere.example")
    assert "somebody unknown" in rows(desk)[0]


def test_another_studio_is_not_in_it(desk: Any, colleague_elsewhere: Any) -> None:
    colleague_elsewhere.client.get("/madrid-centro/desk/members/2001/")
    assert "luz@fit.example" not in desk.get("activity/").content.decode()


def test_nobody_else_sees_it(anna: Any) -> None:
    assert anna.client.get("/berlin-mitte/desk/activity/").status_code == 302
    assert "Staff sign-in" in texts(anna.client.get("/berlin-mitte/desk/activity/", follow=True))
