"""What the audit trail holds, and that nothing is sent when it can't be written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone

from selfservice import audit
from selfservice.audit import Action
from selfservice.models import AuditEntry
from tests.pageclient import form_values, texts

PHONES = {"phone_private": "030 23125555", "phone_private_mobile": "0171 3920099"}
FAILURES = [DatabaseError, OperationalError, InterfaceError]
OF_ITS_OWN = "The portal has a problem of its own, so nothing was sent."

Break = Callable[[str, type[Exception]], None]


@pytest.fixture
def break_trail(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Return a function that makes `record` or `close` of the trail fail."""

    def break_it(function: str, error: type[Exception]) -> None:
        def broken(*_: Any, **__: Any) -> None:
            raise error

        monkeypatch.setattr(f"selfservice.audit.{function}", broken)

    return break_it


def test_it_says_who_where_and_which_fields_in_attempt_and_outcome(anna: Any) -> None:
    anna.change("contact", **PHONES)
    entries = list(AuditEntry.objects.order_by("pk"))
    assert len(entries) == 2
    for entry in entries:
        assert (entry.studio, entry.actor, entry.customer_id) == ("berlin-mitte", "member", 1001)
        assert (entry.action, entry.data_set) == ("change", "contact")
        assert entry.fields == ["phonePrivate", "phonePrivateMobile"]


def test_it_names_the_studio_of_the_member(sign_in: Any) -> None:
    sign_in(2001, "madrid-centro").change("contact", phone_private="910 000 009")
    assert set(AuditEntry.objects.values_list("studio", "customer_id")) == {("madrid-centro", 2001)}


def test_a_withdrawal_is_recorded_alike(miriam: Any) -> None:
    number = miriam.pending("master").id
    miriam.withdraw("master")
    for entry in AuditEntry.objects.all():
        assert (entry.studio, entry.actor, entry.customer_id) == ("berlin-mitte", "member", 1003)
        assert (entry.action, entry.data_set, entry.amendment_id) == ("withdraw", "master", number)
    assert AuditEntry.objects.count() == 2


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize("fault", [("reset-after", {}), ("status", {"status": 500, "apply": True})])
def test_what_was_found_by_looking_is_there_with_its_number(anna: Any, fault: Any) -> None:
    anna.sandbox.faults.add(fault[0], method="POST", path="*contact-data", **fault[1])
    anna.change("contact", **PHONES)
    attempt, outcome = AuditEntry.objects.order_by("pk")
    assert (attempt.amendment_id, outcome.outcome) == (None, "pending")
    assert outcome.amendment_id == anna.pending("contact").id


@pytest.mark.usefixtures("quick_looks")
def test_what_was_not_found_has_no_number(anna: Any) -> None:
    anna.sandbox.faults.add("reset-before", method="POST", path="*contact-data")
    anna.change("contact", **PHONES)
    assert AuditEntry.objects.latest("pk").amendment_id is None


@pytest.mark.parametrize("error", FAILURES)
def test_without_a_trail_no_change_is_sent(anna: Any, break_trail: Break, error: type[Exception]) -> None:
    values = anna.open("contact")
    break_trail("record", error)
    response = anna.send("contact", values, **PHONES)
    assert response.status_code == 503
    assert OF_ITS_OWN in texts(response)
    assert not anna.sent()


@pytest.mark.parametrize("error", FAILURES)
def test_without_a_trail_nothing_is_withdrawn(miriam: Any, break_trail: Break, error: type[Exception]) -> None:
    values = form_values(miriam.get("address/withdraw/"))
    break_trail("record", error)
    assert miriam.client.post(miriam.url("address/withdraw/"), values).status_code == 302
    words = miriam.read("address/")
    assert OF_ITS_OWN in words
    assert "has been withdrawn" not in words
    assert not miriam.sent("DELETE")
    assert miriam.pending("address") is not None


def test_without_a_trail_nothing_is_replaced(miriam: Any, break_trail: Break) -> None:
    values = form_values(miriam.get("address/?change"))
    number = values["replaces"]
    break_trail("record", InterfaceError)
    response = miriam.send("address", values, house_number="45")
    assert response.status_code == 503
    words = texts(response)
    assert OF_ITS_OWN in words
    assert "has been withdrawn" not in words
    kept = form_values(response)
    assert (kept["replaces"], kept["house_number"]) == (number, "45")
    assert not miriam.sent("DELETE")
    assert not miriam.sent()


@pytest.mark.parametrize("error", FAILURES)
def test_an_outcome_that_cannot_be_written_undoes_nothing(
    anna: Any, miriam: Any, break_trail: Break, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    break_trail("close", error)
    assert miriam.withdraw("address").status_code == 302
    assert "Your request has been withdrawn." in miriam.read("address/")
    assert "could not be written: withdrawn" in caplog.text


@pytest.mark.parametrize(
    ("path", "action", "says"),
    [("", Action.CHANGE, "While your change of “Contact” was being sent"), ("contact/", Action.WITHDRAW, "withdraw")],
)
def test_what_was_cut_off_is_told_once(
    anna: Any, monkeypatch: pytest.MonkeyPatch, path: str, action: Action, says: str
) -> None:
    """The server was killed while a change was under way: nobody saw what became of it."""
    with monkeypatch.context() as patch:
        then = timezone.now() - timedelta(seconds=30)
        patch.setattr(timezone, "now", lambda: then)
        audit.record(action, studio="berlin-mitte", actor="member", customer_id=1001, data_set="contact")
    words = anna.read(path)
    assert says in words
    assert "the portal was interrupted" in words
    assert "interrupted" not in anna.read(path)
    assert [entry.outcome for entry in AuditEntry.objects.order_by("pk")] == ["", "interrupted", "told"]


def test_what_is_still_under_way_is_not_called_cut_off(anna: Any) -> None:
    audit.record(Action.CHANGE, studio="berlin-mitte", actor="member", customer_id=1001, data_set="contact")
    assert "interrupted" not in anna.read()


def test_a_trail_that_cannot_be_read_spoils_no_page(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(audit, "to_be_told", broken)
    monkeypatch.setattr(audit, "last_change_at_desk", broken)
    assert anna.get().status_code == 200
