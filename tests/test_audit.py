"""The audit trail is append-only: nothing in the portal changes or removes an entry, but for the purge."""

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selfservice import audit
from selfservice.audit import Action
from selfservice.models import AuditEntry, NeverChanged

ROOT = Path(__file__).parents[1]
TABLE = AuditEntry._meta.db_table


def entry(**details: Any) -> AuditEntry:
    whose: dict[str, Any] = {"studio": "berlin-mitte", "actor": "member", "customer_id": 1001} | details
    return audit.record(Action.CHANGE, **whose)


def entry_of(days: int, monkeypatch: pytest.MonkeyPatch, **details: Any) -> AuditEntry:
    """Write an entry as if it were that many days ago."""
    with monkeypatch.context() as patch:
        now = timezone.now()
        patch.setattr(timezone, "now", lambda: now - timedelta(days=days))
        return entry(**details)


@pytest.mark.django_db
def test_an_entry_can_be_neither_changed_nor_removed() -> None:
    one = entry()
    one.outcome = "something else"
    for attempt in (
        one.save,
        one.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(outcome="something else"),
        lambda: AuditEntry.objects.bulk_update([one], ["outcome"]),
        lambda: AuditEntry._base_manager.update(outcome="something else"),
        lambda: AuditEntry._base_manager.all().delete(),
        lambda: AuditEntry.objects.update_or_create(pk=one.pk, defaults={"outcome": "something else"}),
    ):
        with transaction.atomic(), pytest.raises(NeverChanged):
            attempt()
    another = AuditEntry(pk=one.pk, at=one.at, studio="s", actor="x", action="change", outcome="something else")
    for added in (
        another.save,
        lambda: AuditEntry.objects.bulk_create([one], update_conflicts=True, update_fields=["outcome"]),
        lambda: AuditEntry.objects.bulk_create([one], None, False, True, ["outcome"], ["id"]),
    ):
        with transaction.atomic(), pytest.raises(IntegrityError):
            added()
    assert AuditEntry.objects.get().outcome == ""


def test_whatever_members_do_only_adds_to_it(anna: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        anna.change("contact", phone_private="030 23125555")
        anna.withdraw("contact")
        anna.get()
        anna.client.post("/berlin-mitte/sign-out/")
    verbs = {query["sql"].split()[0] for query in queries if TABLE in query["sql"]}
    assert verbs == {"INSERT", "SELECT"}


def test_only_the_trail_itself_writes_it() -> None:
    """No other module names the model, so none can reach past the rules of its query set."""
    naming = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "selfservice").rglob("*.py")
        if "migrations" not in path.parts and "AuditEntry.objects" in ast.unparse(ast.parse(path.read_text("utf-8")))
    }
    assert naming == {"selfservice/audit.py"}


@pytest.mark.django_db
def test_the_purge_takes_what_is_old_and_says_so(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    old = entry_of(91, monkeypatch)
    audit.close(audit.close(old, "interrupted"), "told")
    kept = entry_of(89, monkeypatch)
    call_command("audit", "purge", older_than=90)
    assert "Removed 3 entries" in capsys.readouterr().out
    first, last = AuditEntry.objects.order_by("pk")
    assert first == kept
    assert (last.action, last.actor, last.customer_id) == ("purge", "operator", None)
    assert last.outcome.startswith("3 entries before ")


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, -1, 99_999])
def test_the_purge_needs_a_number_of_days(days: int) -> None:
    with pytest.raises(CommandError):
        call_command("audit", "purge", older_than=days)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_a_purge_that_cannot_be_noted_removes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    entry_of(91, monkeypatch)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        audit.purge(timezone.now())
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_an_attempt_without_an_outcome_is_called_interrupted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off = entry_of(1, monkeypatch)
    done = entry_of(1, monkeypatch)
    audit.close(done, "pending")
    under_way = entry()
    for _ in range(2):
        audit.close_interrupted()
    (closed,) = AuditEntry.objects.filter(outcome="interrupted")
    assert closed.attempt == cut_off
    assert not under_way.outcomes.exists()


@pytest.mark.django_db
def test_the_customer_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entry_of(1, monkeypatch, data_set="contact")
    entry_of(1, monkeypatch, customer_id=1002)
    entry_of(1, monkeypatch, studio="madrid-centro")
    assert [one.data_set for one in audit.to_be_told("berlin-mitte", 1001, at_desk=False)] == ["contact"]
    assert audit.to_be_told("berlin-mitte", 1001, at_desk=False) == []


def test_an_entry_names_its_request(anna: Any) -> None:
    response = anna.change("contact", phone_private="030 23125555")
    assert set(AuditEntry.objects.values_list("request", flat=True)) == {response.headers["X-Request-Id"]}
