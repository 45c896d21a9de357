"""Whose address it is: members, families, people without a membership, and a PerfectGym that does not answer."""

from collections.abc import Callable
from typing import Any

import pytest

from selfservice.models import AuditEntry
from selfservice.perfectgym.models import Customer
from selfservice.sandbox import Sandbox
from selfservice.signin import people
from selfservice.signin.people import Person, told_apart
from selfservice.studios import registry
from selfservice.studios.studio import Studio
from tests.signin.visitor import ANNA, ANNA_ID, FAMILY, NOBODY, Visitor, newest_code, words

SEARCH: dict[str, Any] = {"path": "/v1/customers/search"}


def test_a_family_chooses_the_person(visitor: Visitor) -> None:
    answer = visitor.sign_in(FAMILY)
    assert answer.headers["Location"] == "/berlin-mitte/sign-in/member/"
    page = visitor.get("sign-in/member/")
    assert "Katrin , born 1982" in words(page)
    assert "Lena , born 2009" in words(page)
    assert "Tim , born 2012" in words(page)
    assert "Sommer" not in page.content.decode()
    assert not visitor.is_in()
    answer = visitor.post("sign-in/member/", {"customer": "1012"})
    assert answer.headers["Location"] == "/berlin-mitte/profile/"
    assert visitor.client.session["member"]["customer"] == 1012
    assert AuditEntry.objects.get().customer_id == 1012


@pytest.mark.parametrize("customer", [str(ANNA_ID), "2001", "0", "-1", "1012 ", "01012", "x", "1012.0", "1" * 500])
@pytest.mark.parametrize("address", [FAMILY, "jonas.keller@example.com"])
def test_only_people_with_the_proven_address_can_be_chosen(visitor: Visitor, address: str, customer: str) -> None:
    visitor.ask(address)
    code = newest_code()
    if address == FAMILY:
        visitor.enter(code)
    else:
        prove_without_entering(visitor, code)
    assert visitor.post("sign-in/member/", {"customer": customer}).status_code == 403
    assert not visitor.is_in()
    assert AuditEntry.objects.get().outcome == "not-allowed"


def prove_without_entering(visitor: Visitor, code: str) -> None:
    from selfservice.signin import codes
    from selfservice.signin.claim import Claim, read_claim

    request = visitor.get("sign-in/code/").wsgi_request
    claim = read_claim(request, request.studio)
    assert isinstance(claim, Claim)
    codes.attempt("berlin-mitte", claim.nonce, code)


def test_a_person_who_is_no_longer_in_the_family_can_not_be_chosen(visitor: Visitor, sandbox: Sandbox) -> None:
    visitor.sign_in(FAMILY)
    sandbox.gym._members[1012].record["status"] = "FORMER_MEMBER"
    assert "Lena" not in words(visitor.get("sign-in/member/"))
    assert visitor.post("sign-in/member/", {"customer": "1012"}).status_code == 403


def test_a_choice_is_made_once(visitor: Visitor) -> None:
    visitor.sign_in(FAMILY)
    kept = visitor.client.cookies["sign-in"].value
    visitor.post("sign-in/member/", {"customer": "1012"})
    other = Visitor()
    other.client.cookies["sign-in"] = kept
    assert "This code has been used" in words(other.post("sign-in/member/", {"customer": "1013"}, follow=True))
    assert not other.is_in()


def test_the_proof_lasts_ten_minutes(visitor: Visitor, pass_time: Callable[..., None]) -> None:
    visitor.sign_in(FAMILY)
    pass_time(minutes=10)
    assert "This code has run out" in words(visitor.post("sign-in/member/", {"customer": "1012"}, follow=True))
    assert not visitor.is_in()


@pytest.mark.parametrize("address", [NOBODY, "vera.lang@example.com", "felix.ott@example.com"])
def test_without_a_membership_the_desk_can_help(visitor: Visitor, sandbox: Sandbox, address: str) -> None:
    page = visitor.sign_in(address)
    assert page.status_code == 200
    assert "No membership with this address" in words(page)
    assert "ask at the desk" in words(page)
    assert not visitor.is_in()
    assert AuditEntry.objects.get().outcome == "no-membership"
    sandbox.gym._members[ANNA_ID].sets["contact-data"].values["email"] = address
    assert visitor.post("sign-in/member/").headers["Location"] == "/berlin-mitte/profile/"
    assert visitor.client.session["member"]["customer"] == ANNA_ID


def test_the_same_person_in_two_studios_is_two_customers(visitor: Visitor) -> None:
    visitor.sign_in("carla.reyes@example.com")
    assert visitor.client.session["member"]["customer"] == 1022
    madrid = Visitor("madrid-centro")
    madrid.sign_in("carla.reyes@example.com")
    assert madrid.client.session["member"]["customer"] == 2002


@pytest.mark.parametrize(
    "failure",
    [
        ({"fault": "status", "status": 503, "count": 3}, 503, "not available right now"),
        ({"fault": "status", "status": 429, "retry_after": 30}, 503, "not available right now"),
        ({"fault": "reset-before", "count": 3}, 503, "not available right now"),
        ({"fault": "status", "status": 500, "count": 3}, 503, "not available right now"),
        ({"fault": "html"}, 502, "gave an answer we can't read"),
        ({"fault": "null"}, 502, "gave an answer we can't read"),
        ({"fault": "string"}, 502, "gave an answer we can't read"),
        ({"fault": "status", "status": 401}, 503, "not set up correctly"),
        ({"fault": "status", "status": 403}, 503, "not set up correctly"),
        ({"fault": "stall", "seconds": 5}, 504, "takes too long"),
    ],
    ids=str,
)
def test_when_perfectgym_fails_the_code_is_not_lost(
    visitor: Visitor,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    failure: tuple[dict[str, Any], int, str],
) -> None:
    fault, status, heading = failure
    monkeypatch.setattr(people, "PAGE_SECONDS", 0.3 if fault["fault"] == "stall" else 5)
    sandbox.faults.add(**SEARCH, **fault)
    page = visitor.sign_in()
    assert page.status_code == status
    assert heading in words(page)
    assert "You are not signed in yet" in words(page)
    assert 'action="/berlin-mitte/sign-in/member/"' in page.content.decode()
    assert page.headers.get("Retry-After") == ("30" if "retry_after" in fault else None)
    assert not visitor.is_in()
    if fault.get("status") == 429:
        from django.core.cache import cache

        cache.clear()  # the pause that was asked for is over
    assert visitor.post("sign-in/member/").headers["Location"] == "/berlin-mitte/profile/"
    assert visitor.is_in()


def test_a_family_that_meets_a_failure_can_still_choose(visitor: Visitor, sandbox: Sandbox) -> None:
    visitor.sign_in(FAMILY)
    sandbox.faults.add("html", count=2, **SEARCH)
    assert visitor.get("sign-in/member/").status_code == 502
    assert visitor.post("sign-in/member/", {"customer": "1012"}).status_code == 502
    assert visitor.post("sign-in/member/").headers["Location"] == "/berlin-mitte/sign-in/member/"
    visitor.post("sign-in/member/", {"customer": "1012"})
    assert visitor.is_in()


def test_a_key_without_the_scope_says_whom_to_tell(
    visitor: Visitor, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    poor = Studio("berlin-mitte", "Fit Berlin Mitte", sandbox.base_url, "sandbox-berlin-noscope")
    monkeypatch.setattr(registry, "_load", lambda _path: {poor.slug: poor})
    page = visitor.sign_in()
    assert page.status_code == 503
    assert "Please tell your studio" in words(page)
    assert "sandbox-berlin-noscope" not in page.content.decode()


def test_asking_perfectgym_again_and_again_comes_to_an_end(visitor: Visitor, sandbox: Sandbox) -> None:
    visitor.sign_in(NOBODY)
    for _ in range(19):
        assert visitor.post("sign-in/member/").status_code == 200
    sandbox.forget_requests()
    page = visitor.post("sign-in/member/")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "900"
    assert not [request for request in sandbox.requests if request.path == SEARCH["path"]]


@pytest.mark.parametrize("stored", ["Anna@Müller.example", " ANNA@xn--mller-kva.example"])
def test_an_address_may_be_stored_in_another_spelling(visitor: Visitor, sandbox: Sandbox, stored: str) -> None:
    customer = {"id": 7, "email": stored, "status": "MEMBER"}
    sandbox.faults.add("status", status=200, body=[customer], count=1, **SEARCH)
    visitor.sign_in("anna@müller.example")
    assert visitor.client.session["member"]["customer"] == 7


def test_a_search_that_answers_too_much_lets_nobody_in(visitor: Visitor, sandbox: Sandbox) -> None:
    others = [
        {"id": 1, "email": "anna.berger@example.com.evil.example", "status": "MEMBER"},
        {"id": 2, "email": "xanna.berger@example.com", "status": "MEMBER"},
        {"id": 3, "email": None, "status": "MEMBER"},
        {"id": 4, "email": [ANNA], "status": "MEMBER"},
        {"id": 5, "email": ANNA, "status": "member"},
        {"id": 6, "email": ANNA},
        {"id": "7", "email": ANNA, "status": "MEMBER"},
        {"id": True, "email": ANNA, "status": "MEMBER"},
    ]
    sandbox.faults.add("status", status=200, body=others, count=3, **SEARCH)
    assert "No membership with this address" in words(visitor.sign_in())


@pytest.mark.parametrize("fields", [["id"], ["status"], ["email"], ["status", "email", "id"]])
def test_somebody_who_can_not_be_read_is_not_nobody(visitor: Visitor, sandbox: Sandbox, fields: list[str]) -> None:
    sandbox.faults.add("missing-fields", **SEARCH, fields=fields)
    answer = visitor.sign_in()
    assert answer.status_code == 502
    assert "No membership" not in words(answer)
    assert visitor.post("sign-in/member/").headers["Location"] == "/berlin-mitte/profile/"


def test_a_name_from_outside_is_text(visitor: Visitor, sandbox: Sandbox) -> None:
    found = [
        {"id": 1, "email": ANNA, "status": "MEMBER", "firstName": "<script>alert(1)</script>", "dateOfBirth": "x"},
        {"id": 2, "email": ANNA, "status": "MEMBER"},
    ]
    sandbox.faults.add("status", status=200, body=found, count=3, **SEARCH)
    visitor.sign_in()
    page = visitor.get("sign-in/member/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "Member without a name" in page


def test_people_are_told_apart_by_as_little_as_possible() -> None:
    def customer(number: int, name: str, born: str) -> Customer:
        raw = {"id": number, "firstName": name, "dateOfBirth": born, "customerNumber": f"1-{number}"}
        return Customer.parse(raw)

    family = [customer(1, "Tim", "2012-08-23"), customer(2, "Tim", "2012-01-01"), customer(3, "Tim", "1980-01-01")]
    assert told_apart(family) == [Person(1, "Tim", 2012, "1-1"), Person(2, "Tim", 2012, "1-2"), Person(3, "Tim", 1980)]
