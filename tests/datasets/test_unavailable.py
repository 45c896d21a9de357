"""Pages for what can't be had: their links, their words, and no complaints about what nobody could check."""

import re
from typing import Any

import pytest

from tests.pageclient import form_values, texts

BAD = {"phone_private": "12", "email": "not an address"}


def links(response: Any) -> dict[str, str]:
    """Return where the page's links lead, by their words."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', response.content.decode(), re.DOTALL)
    return {" ".join(re.sub("<[^>]*>", " ", words).split()): target for target, words in found}


def complains(response: Any) -> bool:
    html = response.content.decode()
    return any(sign in html for sign in ("_error", "aria-invalid", "error-summary", "<title>Error"))


@pytest.mark.parametrize("path", ["contact/", "address/withdraw/"])
def test_a_page_that_was_asked_for_can_be_tried_again(miriam: Any, path: str) -> None:
    miriam.sandbox.faults.add("status", path="*self-service*", status=500, count=99)
    response = miriam.get(path)
    assert response.status_code == 503
    assert links(response)["Try again"] == miriam.url(path)


def test_what_was_sent_is_not_tried_again_by_a_link(miriam: Any) -> None:
    values = form_values(miriam.get("address/withdraw/"))
    miriam.sandbox.faults.add("status", path="*address-data", status=500, count=99)
    response = miriam.client.post(miriam.url("address/withdraw/"), values)
    assert response.status_code == 503
    assert "Try again" not in links(response)
    assert "Go to the start page" in links(response)


def test_what_could_not_be_compared_is_not_complained_about(anna: Any) -> None:
    values = anna.open("contact")
    anna.sandbox.faults.add("status", path="*contact-data", status=500, count=9)
    response = anna.send("contact", values, **BAD)
    assert response.status_code == 503
    assert not complains(response)
    anna.sandbox.faults.clear()
    kept = form_values(response)
    assert {name: kept[name] for name in BAD} == BAD
    assert complains(anna.send("contact", kept))


@pytest.mark.parametrize(
    ("slug", "typed"),
    [
        ("address", {"country_code": "ES", "street": "", "zip_code": "x"}),
        ("payment", {"iban": "DE00", "bic": "NOPE", "account_holder": ""}),
    ],
)
def test_a_button_that_only_fills_in_complains_of_nothing(anna: Any, slug: str, typed: dict[str, str]) -> None:
    values = anna.open(slug) | typed
    response = anna.send(slug, values, refresh="1")
    assert response.status_code == 200
    assert not complains(response)
    assert complains(anna.send(slug, values))


@pytest.mark.parametrize(
    ("fault", "options", "words"),
    [
        ("status", {"status": 500}, "The studio's system is not available right now"),
        ("status", {"status": 503}, "The studio's system is not available right now"),
        ("reset-before", {}, "The studio's system is not available right now"),
        ("html", {}, "The studio's system gave an answer we can't read"),
        ("stall", {"seconds": 9}, "The studio's system takes too long to answer"),
        ("status", {"status": 401}, "The portal is not set up correctly"),
    ],
)
def test_a_card_says_why_it_is_empty(
    anna: Any, monkeypatch: pytest.MonkeyPatch, fault: str, options: dict[str, Any], words: str
) -> None:
    if fault == "stall":
        monkeypatch.setattr("selfservice.datasets.viewing.PAGE_SECONDS", 0.6)
    anna.sandbox.faults.add(fault, path="*contact-data", count=9, **options)
    response = anna.get()
    card = texts(response).partition("Contact ")[2].partition("Address ")[0]
    assert f"Not available right now {words} Try again" in card
    assert links(response)["Try again – Contact"] == anna.url("contact/")
