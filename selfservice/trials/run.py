"""The whole corpus: every fault on every call, several at a time; what came late is tried again alone."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

from django.db import connections

from .changing import Beside, Change, Withdrawal, effects
from .entering import Search
from .faults import SLOW, Fault, all_faults
from .reading import Overview, SetPage, StudioInformation
from .surroundings import Surroundings
from .trial import JONAS, Case, Row, Trial, tried
from .watching import memory, wait_until

CALLS = {
    call.name: call for call in (Overview(), SetPage(), Search(), Beside(), StudioInformation(), Change(), Withdrawal())
}
AT_A_TIME = 4
# After so many cases, what is loaded once and kept up to a limit is there.
WARM_UP = 400
# How often a page that was late on a busy machine is measured again.
AGAIN = 6
_numbers = count(1)


@dataclass(frozen=True)
class Report:
    """All rows; by how many megabytes this process grew meanwhile; whether all its threads are free again."""

    rows: Sequence[Row]
    grown: float
    idle: bool


def cases(deadline: float, *, tls: bool) -> list[Case]:
    """Return every case: each fault on each call over each transport, changes with and without effect."""
    found = [
        case for secure in (False, True)[: 1 + tls] for fault in all_faults(deadline) for case in _of(fault, secure)
    ]
    return sorted(found, key=lambda case: list(CALLS).index(case.call))


def _of(fault: Fault, secure: bool) -> Iterator[Case]:  # noqa: FBT001 - a fact, not a switch
    for name in CALLS:
        if name not in ("change", "withdrawal"):
            yield Case(name, fault, secure)
    for applied in effects(fault, needs_body=True):
        yield Case("change", fault, secure, applied=applied)
        if not secure:
            yield Case("change", fault, secure, JONAS, applied)
    for applied in effects(fault, needs_body=False):
        yield Case("withdrawal", fault, secure, applied=applied)


def run(around: Surroundings, wanted: Sequence[Case]) -> Report:
    """Try all of `wanted`."""
    _warm_up(around, wanted)
    before = memory()
    rows = dict(enumerate(_side_by_side(around, wanted)))
    for number, row in rows.items():
        for _ in range(AGAIN):
            if rows[number].is_late:
                rows[number] = one(around, row.case)
    idle = wait_until(around.threads.idle, around.deadline)
    return Report(list(rows.values()), memory() - before, idle)


def _warm_up(around: Surroundings, wanted: Sequence[Case]) -> None:
    """Load whatever is loaded once, so that growing means growing."""
    quick = [case for case in wanted if case.fault.name not in SLOW]
    _side_by_side(around, quick[:: len(quick) // WARM_UP + 1])


def _side_by_side(around: Surroundings, wanted: Sequence[Case]) -> list[Row]:
    with ThreadPoolExecutor(AT_A_TIME) as lanes:
        return list(lanes.map(lambda case: one(around, case), wanted))


def one(around: Surroundings, case: Case) -> Row:
    """Try one case."""
    trial = Trial(around, case, next(_numbers))
    try:
        return tried(CALLS[case.call], trial)
    except Exception as error:  # noqa: BLE001 - whatever a page raises is a finding, and no reason to stop
        return Row(case, wrong=(f"{type(error).__name__}: {error}",))
    finally:
        trial.close()
        connections.close_all()
