"""What PerfectGym refuses stands where the mistake is, and a conflict shows what is there now."""

from collections.abc import Callable
from typing import Any

import pytest

from selfservice.sandbox.refusals import Refusal
from tests.pageclient import form_values, texts

PHONE = {"phone_private": "030 23125555"}
NOTHING_CHANGED = "The studio's system did not accept the change. Nothing was changed."


def refuse(member: Any, reference: str, message: str = "Upstream says no.") -> None:
    body = {"errorMessage": message, "reference": reference}
    member.sandbox.faults.add("status", method="POST", path="*self-service*", status=400, body=body)


def errors(response: Any) -> str:
    """Return the page from its first complaint at a field on, "" without any."""
    return str(response.content.decode()).partition('_error"')[2]


def test_a_refused_signature_says_so_at_the_signature(anna: Any) -> None:
    refuse(anna, "signature.base64SvgSignature", "This signature is too faint.")
    response = anna.change("payment", account_holder="A. Berger", signature_name="Anna Berger")
    assert response.status_code == 200
    html = response.content.decode()
    at_the_signature = html[html.index('id="id_signature_error"') : html.index('name="signature_name"')]
    assert "This signature is too faint." in at_the_signature
    assert NOTHING_CHANGED not in texts(response)
    assert form_values(response)["signature_name"] == "Anna Berger"


@pytest.mark.parametrize("message", ["", "  "])
def test_a_refusal_without_words_stands_above_the_form(jonas: Any, message: str) -> None:
    refuse(jonas, "phonePrivate", message)
    response = jonas.change("contact", **PHONE)
    assert response.status_code == 200
    assert NOTHING_CHANGED in texts(response)
    assert errors(response) == ""
    assert form_values(response)["phone_private"] == PHONE["phone_private"]


@pytest.mark.parametrize("reference", ["faxLegacy", "signature.base64SvgSignature", "__all__", "street", "a.b[0].c"])
def test_a_refusal_of_something_that_is_not_on_the_page_stands_above_the_form(jonas: Any, reference: str) -> None:
    refuse(jonas, reference)
    response = jonas.change("contact", **PHONE)
    assert response.status_code == 200
    assert f"{NOTHING_CHANGED} Upstream says no." in texts(response)
    assert errors(response) == ""


def test_refused_after_a_withdrawal_it_says_both(miriam: Any) -> None:
    values = form_values(miriam.get("address/?change"))
    refuse(miriam, "street", "This street is unknown.")
    response = miriam.send("address", values, house_number="45")
    words = texts(response)
    assert 'id="id_street_error"' in response.content.decode()
    assert "This street is unknown." in words
    assert "Your earlier request has been withdrawn, so nothing is waiting at the studio now." in words
    assert form_values(response)["house_number"] == "45"


def test_a_refusal_of_a_field_that_could_be_opened_brings_it_into_view(anna: Any) -> None:
    refuse(anna, "stairway", "Which stairway?")
    html = anna.change("address", street="Neue Straße").content.decode()
    hidden = html[html.index("<details") : html.index("</details>")]
    assert "Which stairway?" in html
    assert 'name="floor"' in hidden
    assert 'name="stairway"' not in hidden


Overtake = Callable[[Any, Callable[[], None]], None]


@pytest.fixture
def overtaken(monkeypatch: pytest.MonkeyPatch) -> Overtake:
    """Return a function that lets something happen between the portal's read and its request, which gets a 409."""

    def overtake(member: Any, meanwhile: Callable[[], None]) -> None:
        gym = member.sandbox.gym
        undisturbed = gym.request

        def request(*_: Any) -> None:
            monkeypatch.setattr(gym, "request", undisturbed)
            meanwhile()
            raise Refusal(409, "pending")

        monkeypatch.setattr(gym, "request", request)

    return overtake


def test_a_conflict_with_a_set_that_was_closed_shows_it_without_a_form(anna: Any, overtaken: Overtake) -> None:
    overtaken(anna, lambda: anna.sandbox.gym.set_status(1001, "contact-data", "READ"))
    response = anna.change("contact", **PHONE)
    assert response.status_code == 409
    words = texts(response)
    assert "Your studio has just closed this for changes. Your entry was not sent" in words
    assert "Your entry: 030 23125555" in words
    assert 'name="basis"' not in response.content.decode()


def test_a_conflict_with_new_values_shows_them_and_asks_again(anna: Any, overtaken: Overtake) -> None:
    held = anna.values("contact") | {"phoneBusiness": "+49 30 23125777", "phonePrivate": "+49 30 23125888"}
    overtaken(anna, lambda: anna.sandbox.gym.set_values(1001, "contact-data", held))
    response = anna.change("contact", **PHONE)
    assert response.status_code == 409
    words = texts(response)
    assert "Something else was changed at the same moment. Your entry was not sent." in words
    assert "Home phone Now: +49 30 23125888 Your entry: 030 23125555" in words
    again = form_values(response)
    assert (again["phone_business"], again["phone_private"]) == ("+49 30 23125777", "030 23125555")
    # What is compared from now on are the new values.
    assert anna.send("contact", again).status_code == 302
    requested = anna.pending("contact").values
    assert (requested["phoneBusiness"], requested["phonePrivate"]) == ("+49 30 23125777", "+49 30 23125555")


def test_what_was_asked_again_after_a_bare_conflict_can_be_sent(anna: Any) -> None:
    anna.sandbox.faults.add("status", method="POST", path="*contact-data", status=409)
    again = form_values(anna.change("contact", **PHONE))
    assert anna.send("contact", again).status_code == 302
    assert anna.pending("contact").values["phonePrivate"] == "+49 30 23125555"
