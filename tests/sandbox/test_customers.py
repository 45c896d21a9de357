"""Finding customers, and the studio's own description."""

from __future__ import annotations

import pytest

from selfservice.sandbox import Sandbox
from tests.sandbox.client import MADRID, Ask

SEARCH = "/v1/customers/search"


@pytest.mark.parametrize(
    ("criteria", "ids"),
    [
        ({"email": "ANNA.berger@example.com"}, [1001]),
        ({"email": "anna.berger@example"}, []),
        ({"firstName": "ann"}, [1001]),
        ({"lastName": "SOM"}, [1011, 1012, 1013]),
        ({"lastName": "ommer"}, []),
        ({"lastName": "Sommer", "firstName": "L"}, [1012]),
        ({"email": "familie.sommer@example.com"}, [1011, 1012, 1013]),
        ({"dateOfBirth": "1991-03-14"}, [1001]),
        ({"dateOfBirth": "1991-03-14", "lastName": "Keller"}, []),
        ({"email": "mateo.ibarra@example.es"}, []),
    ],
)
def test_search_meets_all_criteria_within_the_studio(ask: Ask, criteria: dict[str, str], ids: list[int]) -> None:
    assert [customer["id"] for customer in ask("POST", SEARCH, criteria).json] == ids


@pytest.mark.parametrize(
    ("criteria", "reference"),
    [
        ({}, None),
        ({"email": ""}, None),
        ({"phone": "1"}, None),
        ([], None),
        ({"email": 7}, "email"),
        ({"dateOfBirth": "14.03.1991"}, "dateOfBirth"),
    ],
)
def test_search_refuses_what_it_can_not_use(ask: Ask, criteria: object, reference: str | None) -> None:
    refused = ask("POST", SEARCH, criteria)

    assert (refused.status, refused.json.get("reference")) == (400, reference)


@pytest.mark.parametrize(
    "query",
    [
        "customerNumber=1-1001",
        "cardNumber=C1001",
        "barcode=400000001001",
        "qrCodeUuid=00000000-0000-4000-8000-000000001001",
        "customerNumber=1-1001&cardNumber=C1001",
    ],
)
def test_a_customer_is_found_by_number_or_card(ask: Ask, query: str) -> None:
    assert ask("GET", f"/v1/customers/by?{query}").json["id"] == 1001


@pytest.mark.parametrize(
    ("query", "status"), [("", 400), ("customerNumber=", 400), ("name=x", 400), ("customerNumber=1-9", 404)]
)
def test_a_number_that_nobody_has(ask: Ask, query: str, status: int) -> None:
    assert ask("GET", f"/v1/customers/by?{query}").status == status


def test_a_number_of_another_studio(ask: Ask) -> None:
    assert ask("GET", "/v1/customers/by?customerNumber=1-1001", key=MADRID).status == 404


def test_a_customer_carries_the_documented_and_more(ask: Ask) -> None:
    customer = ask("GET", "/v1/customers/1001").json

    assert customer["customerNumber"] == "1-1001"
    assert (customer["firstName"], customer["lastName"], customer["dateOfBirth"]) == ("Anna", "Berger", "1991-03-14")
    assert (customer["email"], customer["status"], customer["studioId"]) == ("anna.berger@example.com", "MEMBER", 1210)
    assert customer["preferredLanguage"] == {"languageCode": "de", "countryCode": "DE"}
    assert isinstance(customer["leadSource"], dict)


def test_a_customer_without_an_address_has_no_email(ask: Ask) -> None:
    assert "email" not in ask("GET", "/v1/customers/1019").json


def test_an_applied_change_shows_in_the_customer(ask: Ask, sandbox: Sandbox) -> None:
    ask("POST", "/v1/customers/1002/self-service/contact-data", {"email": "new@example.com"})

    assert ask("POST", SEARCH, {"email": "new@example.com"}).json[0]["id"] == 1002
    assert sandbox.gym.member(1002).email == "new@example.com"


def test_the_studio_describes_itself(ask: Ask) -> None:
    berlin, madrid = (ask("GET", "/v1/studios/information", key=key).json for key in ("sandbox-berlin", MADRID))

    assert (berlin["name"], berlin["countryCode"]) == ("Fit Berlin Mitte", "DE")
    assert (madrid["name"], madrid["countryCode"]) == ("Fit Madrid Centro", "ES")
    assert isinstance(berlin["openingState"], dict)
