"""When nobody says what became of a request, the portal looks before it speaks, and never sends it again."""

from typing import Any

import pytest

from selfservice.datasets import service
from selfservice.models import AuditEntry
from tests.datasets.conftest import wait_for_mails
from tests.pageclient import form_values, texts

pytestmark = pytest.mark.usefixtures("quick_looks")
NEW = {"phone_private": "030 23125555"}
SET = "*contact-data"
LOST: list[tuple[str, dict[str, Any]]] = [
    ("reset-after", {}),
    ("close", {"apply": True}),
    ("status", {"status": 500, "apply": True}),
    ("status", {"status": 502, "apply": True}),
    ("status", {"status": 503, "apply": True}),
    ("html", {"apply": True}),
    ("empty", {"apply": True}),
    ("truncated", {"apply": True}),
    ("not-json", {"apply": True}),
    ("huge", {"apply": True}),
    ("redirect", {"location": "/elsewhere", "apply": True}),
]
NOT_APPLIED = [
    (fault, {name: value for name, value in options.items() if name != "apply"})
    for fault, options in LOST
    if fault not in ("reset-after", "html", "empty", "truncated", "not-json", "huge")
] + [("reset-before", {})]


def posts(member: Any) -> int:
    return len(member.sent())


@pytest.mark.parametrize(("fault", "options"), LOST)
def test_applied_and_then_lost_waits(anna: Any, fault: str, options: dict[str, Any]) -> None:
    anna.sandbox.faults.add(fault, method="POST", path=SET, **options)
    response = anna.change("contact", **NEW)
    assert response.status_code == 302
    assert "Your request has been sent." in anna.read("contact/")
    assert posts(anna) == 1
    assert AuditEntry.objects.latest("pk").outcome == "pending"


@pytest.mark.parametrize(("fault", "options"), LOST)
def test_applied_at_once_and_then_lost_is_saved(jonas: Any, fault: str, options: dict[str, Any]) -> None:
    jonas.sandbox.faults.add(fault, method="POST", path=SET, **options)
    assert jonas.change("contact", **NEW).status_code == 302
    assert "Your change has taken effect." in jonas.read()
    assert posts(jonas) == 1


@pytest.mark.parametrize(("fault", "options"), NOT_APPLIED)
def test_lost_and_not_applied_says_so_and_keeps_the_entry(anna: Any, fault: str, options: dict[str, Any]) -> None:
    anna.sandbox.faults.add(fault, method="POST", path=SET, **options)
    response = anna.change("contact", **NEW)
    assert response.status_code in (502, 503, 504)
    assert "did not confirm your change, and it is not there" in texts(response)
    assert form_values(response)["phone_private"] == NEW["phone_private"]
    assert posts(anna) == 1
    assert AuditEntry.objects.latest("pk").outcome == "not-found"
    assert not wait_for_mails()
    assert anna.send("contact", form_values(response)).status_code == 302


def test_when_it_cannot_look_either_it_says_that_nobody_can_tell(anna: Any) -> None:
    values = anna.open("contact")
    anna.sandbox.faults.add("reset-after", method="POST", path=SET)
    anna.sandbox.faults.add("latency", method="GET", path=SET, seconds=0)
    anna.sandbox.faults.add("status", method="GET", path=SET, count=99, status=404)
    response = anna.send("contact", values, **NEW)
    words = texts(response)
    assert "we can't tell whether your change arrived" in words
    assert "saved" not in words
    assert form_values(response)["phone_private"] == NEW["phone_private"]
    assert posts(anna) == 1
    assert AuditEntry.objects.latest("pk").outcome == "unknown"


def test_it_is_found_at_the_last_look(anna: Any) -> None:
    values = anna.open("contact")
    anna.sandbox.faults.add("reset-after", method="POST", path=SET)
    anna.sandbox.faults.add("latency", method="GET", path=SET, seconds=0)
    anna.sandbox.faults.add("status", method="GET", path=SET, count=2, status=404)
    assert anna.send("contact", values, **NEW).status_code == 302
    assert "Your request has been sent." in anna.read("contact/")


@pytest.mark.parametrize(
    ("fault", "status", "says", "outcome"),
    [
        ("none", 409, "Another change is already waiting", "conflict"),
        ("reset-before", 503, "did not confirm that it is yours", "unknown"),
    ],
)
def test_somebody_elses_request_is_not_taken_for_ours(
    anna: Any, monkeypatch: pytest.MonkeyPatch, fault: str, status: int, says: str, outcome: str
) -> None:
    """Between our read and our request somebody else asks for something: the API refuses, or says nothing."""
    values = anna.open("contact")
    load = service.load

    def overtaken(*args: Any) -> Any:
        data = load(*args)
        if data.pending is None:
            anna.sandbox.gym.set_pending(1001, "contact-data", {"phoneBusiness": "+49 30 23125111"})
        return data

    monkeypatch.setattr(service, "load", overtaken)
    if fault != "none":
        anna.sandbox.faults.add(fault, method="POST", path=SET)
    response = anna.send("contact", values, **NEW)
    assert response.status_code == status
    words = texts(response)
    assert says in words
    assert "Requested: +49 30 23125111" in words
    assert "Your entry: 030 23125555" in words
    assert AuditEntry.objects.latest("pk").outcome == outcome


@pytest.mark.parametrize("change", [{"street": "Ahorn straße"}, {"street": "ahornstraße"}])
@pytest.mark.parametrize("fault", [("reset-before", {}), ("status", {"status": 500}), ("status", {"status": 409})])
def test_a_change_of_case_or_blanks_is_not_taken_for_done(jonas: Any, change: dict[str, str], fault: Any) -> None:
    jonas.sandbox.gym.set_values(1002, "address-data", jonas.values("address") | {"street": "Ahornstraße"})
    jonas.sandbox.faults.add(fault[0], method="POST", path="*address-data", **fault[1])
    response = jonas.change("address", **change)
    assert response.status_code in (409, 503)
    assert "has taken effect" not in texts(response)
    assert AuditEntry.objects.latest("pk").outcome in ("not-found", "conflict")


def test_an_iban_that_comes_back_with_other_blanks_is_ours(jonas: Any) -> None:
    jonas.sandbox.faults.add("reset-after", method="POST", path="*payment-data")
    values = jonas.open("payment") | {"iban": "DE02120300000000202051"}
    assert jonas.send("payment", values).status_code == 302
    assert jonas.values("payment")["iban"] == "DE02 1203 0000 0000 2020 51"


def test_what_upstream_wrote_in_its_own_way_is_not_called_lost(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gym = anna.sandbox.gym
    original = gym.request

    def reformatting(studio: Any, customer_id: int, data_set: str, body: Any) -> Any:
        return original(studio, customer_id, data_set, body | {"phonePrivate": "+49-30-23125555"})

    monkeypatch.setattr(gym, "request", reformatting)
    anna.sandbox.faults.add("reset-after", method="POST", path=SET)
    response = anna.change("contact", **NEW)
    words = texts(response)
    assert "did not confirm that it is yours" in words
    assert "not sent" not in words.lower()
    assert AuditEntry.objects.latest("pk").outcome == "unknown"


def test_a_gateway_that_gave_up_waiting_settles_nothing(anna: Any) -> None:
    anna.sandbox.faults.add("status", method="POST", path=SET, status=408, apply=True)
    assert anna.change("contact", **NEW).status_code == 302
    assert "Your request has been sent." in anna.read("contact/")


def test_busy_says_when_to_come_back(anna: Any) -> None:
    values = anna.open("contact")
    anna.sandbox.faults.add("status", method="POST", path=SET, status=429, retry_after=30)
    response = anna.send("contact", values, **NEW)
    assert response.status_code == 503
    assert "Nothing was sent, and your entry is still here. Try again in 30 seconds." in texts(response)
    assert posts(anna) == 1
    assert anna.send("contact", form_values(response)).status_code == 503
    assert posts(anna) == 1


def test_when_the_set_cannot_be_read_nothing_is_sent_and_nothing_lost(anna: Any) -> None:
    values = anna.open("payment") | {
        "iban": "DE02 1203 0000 0000 2020 51",
        "account_holder": "A. Berger",
        "signature_name": "Anna Berger",
    }
    anna.sandbox.faults.add("status", path="*payment-data", count=3, status=500)
    response = anna.send("payment", values)
    assert response.status_code == 503
    kept = form_values(response)
    assert {name: kept[name] for name in ("iban", "account_holder", "signature_name")} == {
        name: values[name] for name in ("iban", "account_holder", "signature_name")
    }
    assert not anna.sent()
    assert anna.send("payment", kept).status_code == 302


def test_a_key_that_is_rejected_is_not_the_members_fault(anna: Any) -> None:
    values = anna.open("contact")
    anna.sandbox.faults.add("status", method="POST", path=SET, status=401)
    response = anna.send("contact", values, **NEW)
    assert response.status_code == 503
    assert "Please tell your studio" in texts(response)
