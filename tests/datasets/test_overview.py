"""The overview: four cards, one round trip, and one bad part never spoils the page."""

import re
import time
from typing import Any

import pytest

from selfservice.sandbox.faults import KNOWN
from tests.pageclient import texts

CONTACT = "/v1/customers/1001/self-service/contact-data"
# Faults after which the answer is whole all the same.
HARMLESS = {
    *("latency", "set-cookie", "unknown-enum", "missing-fields", "duplicate-keys"),
    *("wrong-content-type", "bad-content-length"),
}


def test_the_cards_stand_in_their_order_with_values_status_and_action(anna: Any) -> None:
    words = anna.read()
    titles = ["Contact", "Address", "Personal details", "Bank account"]
    places = [words.index(f"{title} The studio checks changes first") for title in titles]
    assert places == sorted(places)
    assert "anna.berger@example.com" in words
    assert "Lindenallee" in words
    assert "14 March 1991" in words
    assert "DE12 •••• 9890" in words
    assert "5001 0517" not in words
    assert words.count("Change:") == 0
    assert words.count("Change – ") == 4


def test_it_says_what_waits(miriam: Any) -> None:
    words = miriam.read()
    assert words.count("A change is waiting for the studio") == 4
    assert "Now: Vogt Requested: Vogt-Hansen" in words
    assert "Now: DE02 •••• 2051 Requested: DE88 •••• 7892" in words


def test_somebody_who_is_not_signed_in_is_led_to_the_sign_in_and_back(page: Any, studios: object, db: None) -> None:
    response = page.get("/berlin-mitte/profile/contact/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/berlin-mitte/sign-in/?next=%2Fberlin-mitte%2Fprofile%2Fcontact%2F"


def test_a_session_of_one_studio_is_nothing_at_the_other(anna: Any) -> None:
    assert anna.client.get("/madrid-centro/profile/").status_code == 302
    assert anna.client.get("/madrid-centro/profile/payment/").status_code == 302


def test_an_unknown_studio_or_data_set_is_not_found(anna: Any) -> None:
    assert anna.client.get("/nowhere/profile/").status_code == 404
    assert anna.get("vehicle/").status_code == 404


@pytest.mark.parametrize("fault", sorted(set(KNOWN) - HARMLESS))
def test_three_sections_stay_whatever_happens_to_the_fourth(anna: Any, fault: str, short_page: None) -> None:
    options = (
        {"status": 500} if fault == "status" else {"location": "http://127.0.0.1/x"} if fault == "redirect" else {}
    )
    anna.sandbox.faults.add(fault, path=CONTACT, count=9, **options)
    response = anna.get()
    words = texts(response)
    assert response.status_code == 200
    assert "Contact Not available right now" in words
    assert words.count("The studio checks changes first") == 3
    assert "Try again" in words


@pytest.mark.parametrize("fault", sorted(set(KNOWN) - HARMLESS))
def test_a_data_set_that_cannot_be_had_says_so_and_offers_to_retry(anna: Any, fault: str, short_page: None) -> None:
    options = (
        {"status": 500} if fault == "status" else {"location": "http://127.0.0.1/x"} if fault == "redirect" else {}
    )
    anna.sandbox.faults.add(fault, path=CONTACT, count=9, **options)
    started = time.monotonic()
    response = anna.get("contact/")
    assert time.monotonic() - started < 5
    assert response.status_code in (502, 503, 504)
    words = texts(response)
    assert "Try again" in words
    assert "The studio's system" in words
    assert "anna.berger@example.com" not in words


@pytest.mark.parametrize("fault", sorted(HARMLESS - {"latency"}))
def test_an_odd_answer_is_shown_as_far_as_it_goes(anna: Any, fault: str) -> None:
    anna.sandbox.faults.add(fault, path=CONTACT, count=9)
    response = anna.get()
    assert response.status_code == 200
    assert texts(response).count("The studio checks changes first") >= 3


@pytest.fixture
def short_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody wants to wait five seconds in a test."""
    monkeypatch.setattr("selfservice.datasets.viewing.PAGE_SECONDS", 0.9)


@pytest.mark.parametrize("status", [403, 404])
def test_what_the_studio_does_not_offer_is_said_so(anna: Any, status: int) -> None:
    anna.sandbox.faults.add("status", path=CONTACT, count=9, status=status)
    assert "Contact Not offered by your studio" in anna.read()
    response = anna.get("contact/")
    assert response.status_code == 404
    assert "Not offered by your studio" in texts(response)


@pytest.mark.parametrize(
    ("fault", "options", "status"),
    [
        ("status", {"status": 503}, 503),
        ("status", {"status": 401}, 503),
        ("html", {}, 502),
        ("stall", {"seconds": 9}, 504),
        ("reset-before", {}, 503),
    ],
)
def test_when_nothing_can_be_had_the_status_says_why(
    anna: Any, fault: str, options: Any, status: int, short_page: None
) -> None:
    anna.sandbox.faults.add(fault, path="*self-service*", count=99, **options)
    response = anna.get()
    assert response.status_code == status
    assert texts(response).count("Not available right now") == 4
    single = anna.get("contact/")
    assert single.status_code == status
    assert "Try again" in texts(single)


def test_the_page_takes_one_upstream_call_not_four(anna: Any) -> None:
    anna.get()
    anna.sandbox.faults.add("latency", path="*self-service*", count=4, seconds=0.3)
    started = time.monotonic()
    anna.get()
    assert time.monotonic() - started < 0.9


def test_no_address_holds_personal_data(anna: Any) -> None:
    links = re.findall(r'(?:href|action)="([^"]*)"', anna.get().content.decode())
    assert links
    assert not [link for link in links if "anna" in link.lower() or "1001" in link]


def test_the_key_is_on_no_page(anna: Any) -> None:
    pages = [anna.get(path).content for path in ("", "contact/", "address/", "master/", "payment/")]
    assert not [page for page in pages if b"sandbox-berlin" in page]


@pytest.mark.parametrize("value", [["a", "list"], {"an": "object"}, True, False])
@pytest.mark.parametrize("waiting", [False, True])
def test_what_cannot_be_shown_is_never_called_not_given(miriam: Any, value: Any, waiting: bool) -> None:
    """A value is there, only not as a text: neither the set nor a request is shown, let alone changed, without it."""
    if waiting:
        miriam.sandbox.gym.set_pending(1003, "contact-data", {"phoneBusiness": value})
    else:
        miriam.sandbox.gym.set_values(1003, "contact-data", {"phonePrivate": value})
    card = texts(miriam.get()).partition("Contact ")[2].partition("Address ")[0]
    assert "The studio's system gave an answer we can't read" in card
    assert miriam.get("contact/").status_code == 502


def test_what_nobody_knows_may_be_of_any_type(anna: Any) -> None:
    anna.sandbox.gym.set_values(1001, "contact-data", {"email": "anna.berger@example.com", "new": {"an": ["object"]}})
    assert anna.change("contact", phone_private="030 23125555").status_code == 302
    assert anna.sent()[0]["new"] == {"an": ["object"]}
