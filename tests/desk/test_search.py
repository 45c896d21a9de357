"""Finding a member: by whatever they say, in this studio alone, without a trace of it anywhere."""

from typing import Any

import pytest

from selfservice.desk.search import TooShort, in_order, understood
from selfservice.perfectgym.models import Customer
from selfservice.sandbox.demo import load_members
from tests.pageclient import texts

BERGER = {"firstName": "Anna", "lastName": "Berger"}


@pytest.mark.parametrize(
    ("typed", "criteria"),
    [
        ("berger", [{"lastName": "berger"}, {"firstName": "berger"}]),
        (" Anna  Berger ", [BERGER, {"firstName": "Berger", "lastName": "Anna"}]),
        ("Berger, Anna", [{"firstName": "Berger", "lastName": "Anna"}, BERGER]),
        ("4.5.1952", [{"dateOfBirth": "1952-05-04"}]),
        ("04.05.1952", [{"dateOfBirth": "1952-05-04"}]),
        ("4. 5. 1952", [{"dateOfBirth": "1952-05-04"}]),
        ("4/5/1952", [{"dateOfBirth": "1952-05-04"}]),
        ("1952-05-04", [{"dateOfBirth": "1952-05-04"}]),
        ("Anna.Berger@Example.com", [{"email": "anna.berger@example.com"}]),
    ],
)
def test_what_was_typed_is_understood(typed: str, criteria: list[dict[str, str]]) -> None:
    found = list(understood(typed).criteria)
    assert found[: len(criteria)] == criteria


def test_several_first_names_are_tried_in_every_order() -> None:
    ways = understood("Anna Maria Berger").criteria
    assert {"firstName": "Anna Maria", "lastName": "Berger"} in ways
    assert {"firstName": "Maria Berger", "lastName": "Anna"} in ways


def test_a_membership_number_is_one() -> None:
    assert understood(" 1-12345 ").number == "1-12345"


@pytest.mark.parametrize("typed", ["a", "  ", "-"])
def test_what_would_find_everybody_is_refused(typed: str) -> None:
    with pytest.raises(TooShort):
        understood(typed)


@pytest.mark.parametrize("typed", ["31.2.1990", "1990-13-01", "no@address", "a@b@c.example"])
def test_what_can_only_be_a_mistake_is_told(typed: str) -> None:
    with pytest.raises(ValueError, match=r"not an address|day|month"):
        understood(typed)


@pytest.mark.parametrize(
    "typed", ["Berger", "anna", "berger anna", "Anna Berger", "anna.berger@example.com", "14.3.1991", "1991-03-14"]
)
def test_anna_is_found_by_whatever_she_says(desk: Any, typed: str) -> None:
    page = desk.search(typed)
    shown = texts(page)
    for fact in ("Anna Berger", "born 1991", "1-1001", "Berlin", "member"):
        assert fact in shown
    assert "14 March" not in shown


def test_a_membership_number_opens_the_member_at_once(desk: Any) -> None:
    assert desk.search("1-1001").headers["Location"] == desk.url("members/1001/")


def test_nobody_is_told_so(desk: Any) -> None:
    for typed in ("Nobody", "9-99999", "nobody@example.net", "1.1.1901"):
        assert "Nobody found" in texts(desk.search(typed))


def test_members_of_other_studios_are_not_found(desk: Any) -> None:
    others = [member for member in load_members() if member.studio != "berlin-mitte"]
    for member in others:
        page = desk.search(member.record["customerNumber"])
        assert "Nobody found" in texts(page)


def test_former_members_are_called_so(desk: Any) -> None:
    assert "former member" in texts(desk.search("vera"))


def test_members_come_first_in_the_order_of_their_names() -> None:
    people = [
        Customer.parse({"id": number, "status": status, "lastName": last, "firstName": first})
        for number, (status, last, first) in enumerate(
            [
                ("FORMER_MEMBER", "Abel", "Ada"),
                ("MEMBER", "Berger", "Zoe"),
                ("PROSPECT", "Aal", "Bo"),
                ("MEMBER", "Berger", "Anna"),
            ]
        )
    ]
    assert [one.id for one in in_order(people)] == [3, 1, 2, 0]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter what the member told you."),
        ("x", "Enter at least two letters."),
        ("31.2.1990", "There is no such date or address."),
        ("anna@", "There is no such date or address."),
    ],
)
def test_a_mistake_is_told_beside_the_box_and_stays_in_it(desk: Any, typed: str, says: str) -> None:
    page = desk.search(typed)
    assert says in texts(page)
    assert f'value="{typed}"' in page.content.decode() or not typed
    assert not desk.calls("/search")


def test_more_than_fifty_have_to_be_narrowed(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfservice.desk.search.MOST", 1)
    page = desk.search("sommer")
    assert "There are more. Narrow your search" in texts(page)
    assert page.content.decode().count("formaction") == 1


def test_an_answer_that_is_too_large_has_to_be_narrowed(desk: Any) -> None:
    desk.sandbox.faults.add("huge", method="POST", path="*search", count=9)
    assert "Too many people found" in texts(desk.search("an"))


@pytest.mark.parametrize(("fault", "status"), [("stall", 504), ("html", 502), ("reset-before", 503)])
def test_an_upstream_failure_is_told(desk: Any, fault: str, status: int) -> None:
    desk.sandbox.faults.add(fault, method="POST", path="*search", count=99)
    assert desk.search("berger").status_code == status


def test_a_key_without_the_right_says_which_one(desk: Any) -> None:
    desk.sandbox.faults.add("status", status=403, path="/v1/customers/*", count=9)
    page = desk.search("berger")
    assert page.status_code == 503
    assert "CUSTOMER_READ" in texts(page)
    assert "Whoever runs the portal" in texts(page)


def test_what_was_typed_stands_in_no_address_and_no_log(desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    page = desk.search("Berger")
    assert "Berger" not in caplog.text
    assert "Berger" not in page.request["QUERY_STRING"]
