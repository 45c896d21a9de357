"""Every way an answer can go wrong, on every call the portal makes: late, untrue, twice or lost is a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command

from selfservice.datasets import service, viewing
from selfservice.perfectgym.deadline import PAGE_SECONDS, Deadline
from selfservice.perfectgym.errors import GymError
from selfservice.trials import surroundings as surroundings_module
from selfservice.trials import table
from selfservice.trials.changing import LOST, TWICE
from selfservice.trials.faults import all_faults
from selfservice.trials.run import CALLS, Report, cases, one, run
from selfservice.trials.surroundings import Surroundings, surroundings
from selfservice.trials.trial import JONAS, LATE, NO_STEP, Case

pytestmark = pytest.mark.django_db(transaction=True)
DEADLINE = 1.0
FAULTS = {fault.label: fault for fault in all_faults(DEADLINE)}


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch) -> Iterator[Surroundings]:
    with surroundings(DEADLINE) as made:
        yield made
        monkeypatch.undo()  # what a test has changed here, before all of it is put back
    assert (vars(viewing)["PAGE_SECONDS"], len(service.LOOKS)) == (PAGE_SECONDS, 3)


def wrong(around: Surroundings, call: str, fault: str, **more: Any) -> tuple[str, ...]:
    return one(around, Case(call, FAULTS[fault], secure=False, **more)).wrong


def test_every_fault_on_every_call() -> None:
    # Not by the fixture: what it sets up is outside of what pytest listens to, and pytest keeps every log record.
    with surroundings(DEADLINE) as around:
        assert around.has_tls
        report = run(around, cases(DEADLINE, tls=True))
        if report.grown > table.MOST_GROWTH:
            # What other tests have left behind may settle once; what leaks grows every time.
            report = replace(report, grown=run(around, cases(DEADLINE, tls=True)).grown)
    rows = report.rows
    assert [table.line(row) for row in rows if row.wrong] == []
    assert table.is_fine(report), table.totals(report)
    assert "sent twice 0, wrong statements 0, typed values lost 0" in table.totals(report)
    tried = {(row.case.call, row.case.fault.label, row.case.secure) for row in rows}
    assert tried == {(call, fault, secure) for call in CALLS for fault in FAULTS for secure in (False, True)}
    assert len(CALLS) == 7
    assert len(FAULTS) >= 25


@pytest.mark.parametrize(("call", "modes"), [("change", 11), ("withdrawal", 5)])
def test_changes_take_effect_behind_a_spoilt_answer_and_do_not(call: str, modes: int) -> None:
    found = [case for case in cases(DEADLINE, tls=True) if case.call == call]
    for applied in (True, False):
        assert len({case.fault.label for case in found if case.applied is applied}) >= modes
    assert {case.customer_id for case in found} == ({1001, JONAS} if call == "change" else {1001})


def test_it_notices_a_change_that_is_called_saved(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = service.Result(service.Outcome.PENDING)
    monkeypatch.setattr(service, "_after_error", lambda *_: saved)
    assert wrong(around, "change", "close", applied=False) == ("wrong statement: said to have arrived",)


def test_it_notices_a_change_that_is_called_lost(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_after_error", lambda *_: service.Result(service.Outcome.NOT_FOUND))
    assert wrong(around, "change", "close", applied=True) == ("wrong statement: said not to have arrived",)


def test_it_notices_a_change_that_is_sent_twice(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = service._after_error

    def again(access: Any, data_set: Any, changes: Any, error: Any, deadline: Any) -> Any:
        found = real(access, data_set, changes, error, deadline)
        with pytest.raises(GymError):
            access.studio.gym.request_change(
                access.customer_id, data_set.resource, changes, language="en", deadline=Deadline.after(1)
            )
        return found

    monkeypatch.setattr(service, "_after_error", again)
    assert wrong(around, "change", "reset-before", applied=False) == (TWICE,)


def test_it_notices_typed_values_that_are_gone(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    page = viewing.DataSetsView.page

    def without_values(self: Any, request: Any, template: str, status: int = 200, **context: Any) -> Any:
        response = page(self, request, template, status, **context)
        response.content = response.content.replace(b'value="030 23125555"', b"")
        return response

    monkeypatch.setattr(viewing.DataSetsView, "page", without_values)
    assert wrong(around, "change", "status 503", applied=False) == (LOST,)


def test_it_notices_a_withdrawal_that_was_none(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_still_pending", lambda *_: service.WithdrawOutcome.WITHDRAWN)
    assert wrong(around, "withdrawal", "status 500", applied=False) == ("wrong statement: said to be withdrawn",)


def test_it_notices_a_late_page(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewing, "PAGE_SECONDS", DEADLINE + 0.3)
    row = one(around, Case("set page", FAULTS["stall"], secure=False))
    assert (row.wrong, row.is_late) == ((LATE,), True)


def test_it_notices_values_that_were_not_read_and_a_page_without_a_way_on(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.http import HttpResponse

    shown = HttpResponse("<main>anna.berger@example.com</main>", status=503)
    monkeypatch.setattr(viewing.DataSetsView, "unavailable", lambda *_: shown)
    assert wrong(around, "set page", "html") == ("wrong statement: shows what was not read", NO_STEP)


def test_it_notices_tries_that_nobody_logged(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    from selfservice.perfectgym.calls import Call

    monkeypatch.setattr(Call, "_log", lambda *_: None)
    assert wrong(around, "set page", "status 404") == ("log: 1 tries without a line", "log: no line has the status")


def test_it_notices_a_page_that_raises(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("at the worst moment")

    monkeypatch.setattr(service, "load_all", broken)
    assert wrong(around, "overview", "empty") == ("ZeroDivisionError: at the worst moment",)


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from selfservice.management.commands import faults

    monkeypatch.setattr(faults, "_own_database", lambda _folder: None)
    call_command("faults", deadline=DEADLINE, only="status 404")
    said = capsys.readouterr().out.splitlines()
    assert said[0].split() == table.HEAD.split()
    assert re.match(r"overview +status 404 +HTTP +200 +\d+  Not offered by your studio +ok", said[1])
    assert said[-1].startswith("15 cases: not ok 0,")


def test_without_openssl_the_command_leaves_tls_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from selfservice.management.commands import faults

    monkeypatch.setattr(faults, "_own_database", lambda _folder: None)
    monkeypatch.setattr(surroundings_module, "make_certificates", lambda _folder: None)
    monkeypatch.setattr(table, "is_fine", lambda _report: False)
    with pytest.raises(SystemExit):
        call_command("faults", deadline=DEADLINE, only="set page status 409")
    said = capsys.readouterr()
    assert "no openssl" in said.err
    assert "1 cases: not ok 0" in said.out


def test_growing_and_threads_that_hang_are_findings() -> None:
    assert table.is_fine(Report([], 9.9, idle=True))
    assert not table.is_fine(Report([], 10.1, idle=True))
    assert not table.is_fine(Report([], 0.0, idle=False))
