"""Which mail a change makes, in whose language, and that a hostile address gets none."""

from typing import Any

import pytest

from selfservice.perfectgym.models import Customer
from selfservice.sandbox.refusals import Refusal
from tests.datasets.conftest import wait_for_mails, wait_for_notices
from tests.pageclient import form_values

NEW = {"phone_private": "030 23125555"}


def test_what_waits_is_called_requested(anna: Any) -> None:
    anna.change("contact", **NEW)
    (message,) = wait_for_mails()
    assert message.subject == "Fit Berlin Mitte: change requested (Contact)"
    assert "It takes effect when your studio has checked it." in message.body


def test_what_is_in_effect_is_called_changed(jonas: Any) -> None:
    jonas.change("payment", account_holder="J. Keller")
    (message,) = wait_for_notices()
    assert message.subject == "Fit Berlin Mitte: data changed (Bank account)"
    assert "The change is in effect." in message.body


def test_what_is_gone_is_called_withdrawn(miriam: Any) -> None:
    miriam.withdraw("master")
    (message,) = wait_for_mails()
    assert message.subject == "Fit Berlin Mitte: request withdrawn (Personal details)"
    assert "Nothing was changed." in message.body


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize(("who", "event"), [(1001, "change requested"), (1002, "data changed")])
def test_what_was_found_by_looking_makes_the_same_mail(sign_in: Any, who: int, event: str) -> None:
    member = sign_in(who)
    member.sandbox.faults.add("reset-after", method="POST", path="*contact-data")
    member.change("contact", **NEW)
    assert [message.subject for message in wait_for_mails()] == [f"Fit Berlin Mitte: {event} (Contact)"]


def test_what_replaces_a_request_makes_one_mail(miriam: Any) -> None:
    values = form_values(miriam.get("address/?change"))
    assert miriam.send("address", values, house_number="45").status_code == 302
    assert [message.subject for message in wait_for_mails()] == ["Fit Berlin Mitte: change requested (Address)"]


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize(
    ("fault", "options"),
    [
        pytest.param("status", {"status": 400}, id="refused"),
        pytest.param("status", {"status": 409}, id="conflict"),
        pytest.param("status", {"status": 429, "retry_after": 30}, id="busy"),
        pytest.param("status", {"status": 401}, id="key"),
        pytest.param("status", {"status": 403}, id="scope"),
        pytest.param("reset-before", {}, id="lost"),
    ],
)
def test_what_did_not_arrive_makes_none(anna: Any, fault: str, options: dict[str, Any]) -> None:
    anna.sandbox.faults.add(fault, method="POST", path="*contact-data", **options)
    assert anna.change("contact", **NEW).status_code != 302
    assert not wait_for_mails()


@pytest.mark.usefixtures("quick_looks")
def test_what_nobody_can_tell_makes_none(anna: Any) -> None:
    values = anna.open("contact")
    anna.sandbox.faults.add("reset-after", method="POST", path="*contact-data")
    anna.sandbox.faults.add("latency", method="GET", path="*contact-data", seconds=0)
    anna.sandbox.faults.add("status", method="GET", path="*contact-data", status=404, count=9)
    assert anna.send("contact", values, **NEW).status_code == 503
    assert not wait_for_mails()


def test_nothing_to_send_and_bad_input_make_none(anna: Any) -> None:
    anna.change("contact")
    anna.change("contact", phone_private="12")
    assert not wait_for_mails()


@pytest.mark.parametrize("status", [403, 404, 429])
def test_what_could_not_be_withdrawn_makes_none(miriam: Any, status: int) -> None:
    miriam.sandbox.faults.add("status", method="DELETE", status=status, count=9)
    miriam.withdraw("address")
    assert not wait_for_mails()


def test_what_somebody_else_withdrew_makes_none(miriam: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> None:
        miriam.sandbox.gym.clear_pending(1003, "address-data")
        raise Refusal(404, "amendment")

    monkeypatch.setattr(miriam.sandbox.gym, "withdraw", gone)
    miriam.withdraw("address")
    assert not wait_for_mails()


GERMAN = "Fit Berlin Mitte: Änderung angefragt (Kontakt)"
ENGLISH = "Fit Berlin Mitte: change requested (Contact)"


@pytest.mark.parametrize(
    ("picked", "preferred", "browser", "subject"),
    [
        pytest.param("en", "de", "de", ENGLISH, id="what the person chose comes first"),
        pytest.param("", "de", "en", GERMAN, id="then what the studio knows"),
        pytest.param("", "de-CH", "en", GERMAN, id="in whichever country"),
        pytest.param("", "fr", "en", ENGLISH, id="then what the browser asks for"),
        pytest.param("", "", "fr", GERMAN, id="then what the studio speaks"),
    ],
)
def test_it_speaks_the_language_of_the_member(
    anna: Any, monkeypatch: pytest.MonkeyPatch, picked: str, preferred: str, browser: str, subject: str
) -> None:
    monkeypatch.setattr(Customer, "preferred_language", property(lambda _: preferred or None))
    anna.client.cookies["language"] = picked
    anna.client.defaults["HTTP_ACCEPT_LANGUAGE"] = browser
    anna.change("contact", **NEW)
    (message,) = wait_for_mails()
    assert message.subject == subject


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\nBcc: x@y.example",
        "a@b\nBcc: x@y",
        "a@b.example, x@y.example",
        "Anna <a@b.example>",
        "a@b.example\r\n\r\nGive me your password",
        "not an address",
    ],
)
def test_a_hostile_address_gets_no_mail(anna: Any, caplog: pytest.LogCaptureFixture, address: str) -> None:
    anna.sandbox.gym.set_values(1001, "contact-data", {"email": address})
    assert anna.change("address", street="Neue Straße").status_code == 302
    assert not wait_for_mails()
    assert "the mail about a change (requested) was not sent" in caplog.text
    assert "b.example" not in caplog.text
    assert "Bcc" not in caplog.text
