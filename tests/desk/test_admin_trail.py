"""The audit trail in /admin/: read by managers, written by nobody."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from selfservice.audit import Action, record
from selfservice.models import AuditEntry
from tests.desk.conftest import AtDesk
from tests.desk.desk import Desk
from tests.pageclient import PageClient, texts

TRAIL = "/admin/selfservice/auditentry/"


def write(**parts: Any) -> AuditEntry:
    """Add an entry."""
    usual: dict[str, Any] = {
        "studio": "berlin-mitte",
        "actor": "maria@fit.example",
        "customer_id": 1001,
        "outcome": "saved",
    }
    return record(parts.pop("action", Action.CHANGE), **usual | parts)


def rows(page: Any) -> int:
    return str(page.content).count('name="_selected_action"')


def export(desk: Desk, *entries: AuditEntry) -> list[list[str]]:
    chosen = [entry.pk for entry in entries]
    answer = desk.client.post(TRAIL, {"action": "export", "_selected_action": chosen, "index": "0"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-trail.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    return list(csv.reader(io.StringIO(answer.content.decode())))


def test_managers_read_the_entries_of_their_own_studios(manager: Desk) -> None:
    own, other = write(), write(studio="madrid-centro", actor="carla@fit.example")
    page = texts(manager.client.get(TRAIL))
    assert "maria@fit.example" in page
    assert "carla" not in page
    assert manager.client.get(f"{TRAIL}{own.pk}/change/").status_code == 200
    assert manager.client.get(f"{TRAIL}{other.pk}/change/").status_code == 302
    assert export(manager, other) == export(manager, other)[:1]


def test_what_happens_at_admin_itself_is_seen_there(at_desk: AtDesk) -> None:
    desk = at_desk("boss@fit.example", "berlin-mitte", "madrid-centro", manager=True)
    desk.client.post("/admin/login/", {"email": desk.name, "password": "wrong", "code": "123456"})
    studios = AuditEntry.objects.filter(action=Action.DESK_SIGN_IN).values_list("studio", flat=True)
    assert list(studios) == ["berlin-mitte", "madrid-centro"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_writes(manager: Desk, method: str) -> None:
    entry = write()
    before = list(AuditEntry.objects.order_by("pk").values())
    changed = {"actor": "somebody@else.example", "outcome": "refused", "post": "yes"}
    for path in ("add/", f"{entry.pk}/change/", f"{entry.pk}/delete/", f"{entry.pk}/history/", ""):
        answer = getattr(manager.client, method)(f"{TRAIL}{path}", changed)
        assert answer.status_code in (200, 302, 403, 405)
    deletion = {"action": "delete_selected", "_selected_action": [entry.pk], "index": "0", "post": "yes"}
    manager.client.post(TRAIL, deletion)
    edit = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": entry.pk,
        "form-0-actor": "x",
        "_save": "1",
    }
    manager.client.post(TRAIL, edit)
    assert list(AuditEntry.objects.order_by("pk").values()) == before


def test_an_entry_can_be_read_and_not_saved(manager: Desk) -> None:
    page = manager.client.get(f"{TRAIL}{write().pk}/change/").content.decode()
    assert "_save" not in page
    assert 'name="actor"' not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?action__exact=withdraw", 1),
        ("?data_set__exact=address", 2),
        ("?outcome__exact=pending", 1),
        ("?studio__exact=berlin-mitte&action__exact=change", 2),
        ("?studio__exact=madrid-centro", 0),
        ("?q=tom", 1),
        ("?q=1002", 1),
        ("?q=77", 1),
        ("?q=maria+1001", 1),
        ("?at__year=1999", 0),
    ],
)
def test_entries_are_filtered_and_found(manager: Desk, query: str, found: int) -> None:
    write(data_set="address", fields=["street"], amendment_id=77, outcome="pending")
    write(data_set="address", customer_id=1002)
    write(action=Action.WITHDRAW, data_set="contact", actor="tom@fit.example", customer_id=1003)
    write(studio="madrid-centro", data_set="address", amendment_id=77)
    page = manager.client.get(TRAIL + query)
    assert page.status_code == 200
    assert rows(page) == found


@pytest.mark.parametrize("query", ["?q=%00", "?q=99999999999999999999", "?at__gte=never", "?at__year=x", "?p=99"])
def test_strange_questions_are_answered(manager: Desk, query: str) -> None:
    assert manager.client.get(TRAIL + query).status_code in (200, 302, 400)


def test_the_export_says_who_how_and_with_what_outcome(manager: Desk) -> None:
    entry = write(
        data_set="payment", fields=["iban", "bic"], amendment_id=77, proof="identity:passport", outcome="pending"
    )
    heading, row = export(manager, entry)
    told = dict(zip(heading, row, strict=True))
    assert told | {"at": "", "request": ""} == {
        "at": "", "studio": "berlin-mitte", "actor": "maria@fit.example", "customer_id": "1001", "action": "change",
        "data_set": "payment", "fields": "bic iban", "amendment_id": "77", "proof": "identity:passport",
        "outcome": "pending", "account": "", "request": "",
    }  # fmt: skip
    assert told["at"] == str(entry.at)


def test_all_that_a_filter_finds_can_be_exported(manager: Desk) -> None:
    for number in range(110):
        write(customer_id=number, data_set="address")
    page = manager.client.get(f"{TRAIL}?data_set__exact=address")
    boxes = re.findall(r'name="_selected_action" value="(\d+)"', page.content.decode())
    typed = {"action": "export", "_selected_action": boxes, "index": "0", "select_across": "1"}
    answer = manager.client.post(f"{TRAIL}?data_set__exact=address", typed)
    assert len(answer.content.decode().splitlines()) == 111


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(manager: Desk, start: str) -> None:
    text = f'{start}HYPERLINK("https://evil.example")'
    _, row = export(manager, write(actor=text, account=text, fields=[text]))
    assert row.count(f"'{text}") == 3
    assert not any(cell.startswith(start) for cell in row)


def test_the_export_is_for_managers_alone(staff: Desk, client: PageClient) -> None:
    entry = write()
    data = {"action": "export", "_selected_action": [entry.pk], "index": "0"}
    assert client.post(TRAIL, data).status_code == 302
    assert staff.client.post(TRAIL, data, follow=True).status_code == 403
