"""Reading a member's data sets, requesting a change, withdrawing one: what is true afterwards, never a guess."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import DatabaseError

from .. import audit
from ..models import AuditEntry
from ..perfectgym.client import Deadline
from ..perfectgym.errors import Busy, Conflict, GymError, Invalid, NotFound
from ..perfectgym.models import Amendment, AmendmentConfigurationStatus, SelfServiceData
from . import DATA_SETS
from .access import Access
from .base import DataSet
from .values import Wanted

# When to look whether a request arrived of which nobody said so: seconds after it failed.
LOOKS = (0.0, 0.4, 1.2)
# What a page keeps of its time for these looks.
RESERVE_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of a change request; the words are those of the audit trail."""

    PENDING = "pending"  # it waits for the studio
    SAVED = "saved"  # it is in effect
    REFUSED = "refused"  # PerfectGym said no; nothing was changed
    CONFLICT = "conflict"  # something else waits or was changed meanwhile; nothing was changed
    NOT_SENT = "not-sent"  # it provably did not reach PerfectGym, or was turned away unread
    NOT_FOUND = "not-found"  # no answer, and PerfectGym does not show it
    UNKNOWN = "unknown"  # no answer, and PerfectGym can't be asked


class WithdrawOutcome(StrEnum):
    """What became of a withdrawal; the words are those of the audit trail."""

    WITHDRAWN = "withdrawn"
    NOTHING_PENDING = "nothing-pending"  # it waits no more, and not because of us
    ANOTHER_PENDING = "another-pending"  # what waits now is not what the person saw
    NO_NUMBER = "no-number"  # PerfectGym gave the request no number to withdraw it by
    NOT_DONE = "not-done"  # it still waits
    UNKNOWN = "unknown"  # no answer, and PerfectGym can't be asked


class NotRecorded(Exception):
    """The audit trail could not be written, so nothing was sent."""


@dataclass(frozen=True)
class Result:
    """What became of a request: the outcome, the error behind it, and the data set where it was read again."""

    outcome: Outcome
    error: GymError | None = None
    data: SelfServiceData | None = None


def load_all(access: Access, deadline: Deadline) -> list[tuple[DataSet, SelfServiceData | GymError]]:
    """Return every data set in the order of the overview, each with its data or with why it can't be had."""
    resources = [data_set.resource for data_set in DATA_SETS.values()]
    found = access.studio.gym.read_all(access.customer_id, resources, language=access.language, deadline=deadline)
    return [(data_set, found[data_set.resource]) for data_set in DATA_SETS.values()]


def load(access: Access, data_set: DataSet, deadline: Deadline) -> SelfServiceData:
    """Return one data set; raises GymError."""
    gym = access.studio.gym
    return gym.read(access.customer_id, data_set.resource, language=access.language, deadline=deadline)


def request_change(
    access: Access, data_set: DataSet, current: SelfServiceData, wanted: Wanted, deadline: Deadline
) -> Result:
    """Send the whole set with its changes once; raises NotRecorded before anything is sent.

    `current` is what was just read. The API takes the whole set, so what is not among the changes goes back as it
    came, also what this portal does not know. Without an answer PerfectGym is asked what it holds.
    """
    changes = wanted.changes
    attempt = _record(audit.Action.CHANGE, access, data_set, fields=changes)
    try:
        amendment = access.studio.gym.request_change(
            access.customer_id,
            data_set.resource,
            body(current, changes) | dict(wanted.extras),
            language=access.language,
            deadline=Deadline.after(max(deadline.left() - RESERVE_SECONDS, RESERVE_SECONDS)),
        )
        result, amendment_id = Result(_accepted(current)), amendment.id
    except GymError as error:
        result = _after_error(access, data_set, changes, error, deadline)
        amendment_id = result.data.pending.id if result.data and result.data.pending else None
    _record_outcome(attempt, result.outcome, amendment_id)
    return result


def body(current: SelfServiceData, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sent: the values as they came, the changes over them, and nothing that says "no value"."""
    wanted = current.values | dict(changes)
    return {name: value for name, value in wanted.items() if value is not None and value != ""}


def _accepted(current: SelfServiceData) -> Outcome:
    at_once = current.status is AmendmentConfigurationStatus.CHANGES_WITHOUT_VERIFICATION
    return Outcome.SAVED if at_once else Outcome.PENDING


def _after_error(
    access: Access, data_set: DataSet, changes: Mapping[str, Any], error: GymError, deadline: Deadline
) -> Result:
    if isinstance(error, Conflict) or error.outcome_unknown:
        return _look(access, data_set, changes, error, deadline)
    if isinstance(error, Busy) or error.retryable:
        return Result(Outcome.NOT_SENT, error)
    return Result(Outcome.REFUSED if isinstance(error, Invalid) else Outcome.NOT_SENT, error)


def _look(access: Access, data_set: DataSet, changes: Mapping[str, Any], error: GymError, deadline: Deadline) -> Result:
    """Read the set until it shows the change or there is no more time; only what is read at last counts."""
    started, data = time.monotonic(), None
    for look in LOOKS:
        pause = started + look - time.monotonic()
        if pause >= deadline.left():
            break
        time.sleep(max(pause, 0))
        data = _read_or_none(access, data_set, deadline)
        if data and data.pending:
            arrived = holds(data.pending, changes)
            return Result(Outcome.PENDING if arrived else Outcome.CONFLICT, error, data)
        if data and holds(data, changes):
            return Result(Outcome.SAVED, error, data)
        if data and isinstance(error, Conflict):
            return Result(Outcome.CONFLICT, error, data)
    return Result(Outcome.NOT_FOUND if data else Outcome.UNKNOWN, error, data)


def _read_or_none(access: Access, data_set: DataSet, deadline: Deadline) -> SelfServiceData | None:
    try:
        return load(access, data_set, deadline)
    except GymError:
        return None


def holds(source: SelfServiceData | Amendment, changes: Mapping[str, Any]) -> bool:
    """Say whether a data set or an amendment shows these changes; blanks and case may differ, as in an IBAN."""
    return all(_loose(source.text(name)) == _loose(wanted or "") for name, wanted in changes.items())


def _loose(text: str) -> str:
    return "".join(text.split()).casefold()


def withdraw(access: Access, data_set: DataSet, seen: str, deadline: Deadline) -> WithdrawOutcome:
    """Withdraw the amendment that the set shows as pending now, if it is the one the person saw.

    `seen` is its id as the browser sent it, "" for whichever is pending. Nothing was sent when this raises: GymError
    if the set can't be read, NotRecorded if the audit trail can't be written.
    """
    pending = load(access, data_set, deadline).pending
    if pending is None:
        return WithdrawOutcome.NOTHING_PENDING
    if pending.id is None:
        return WithdrawOutcome.NO_NUMBER
    if seen and seen != str(pending.id):
        return WithdrawOutcome.ANOTHER_PENDING
    attempt = _record(audit.Action.WITHDRAW, access, data_set, amendment_id=pending.id)
    outcome = _withdraw(access, data_set, pending.id, deadline)
    _record_outcome(attempt, outcome, pending.id)
    return outcome


def _withdraw(access: Access, data_set: DataSet, amendment_id: int, deadline: Deadline) -> WithdrawOutcome:
    enough = Deadline.after(max(deadline.left() - RESERVE_SECONDS, RESERVE_SECONDS))
    try:
        access.studio.gym.withdraw(access.customer_id, amendment_id, language=access.language, deadline=enough)
    except NotFound:
        return WithdrawOutcome.NOTHING_PENDING
    except GymError as error:
        logger.info("a withdrawal was not confirmed: %s", error)
        return _still_pending(access, data_set, amendment_id, deadline)
    return WithdrawOutcome.WITHDRAWN


def _still_pending(access: Access, data_set: DataSet, amendment_id: int, deadline: Deadline) -> WithdrawOutcome:
    data = _read_or_none(access, data_set, deadline)
    if data is None:
        return WithdrawOutcome.UNKNOWN
    waits = data.pending is not None and data.pending.id == amendment_id
    return WithdrawOutcome.NOT_DONE if waits else WithdrawOutcome.NOTHING_PENDING


def _record(action: audit.Action, access: Access, data_set: DataSet, **details: Any) -> AuditEntry:
    try:
        return audit.record(
            action,
            studio=access.studio.slug,
            actor=access.actor,
            customer_id=access.customer_id,
            data_set=data_set.slug,
            **details,
        )
    except DatabaseError as error:
        raise NotRecorded from error


def _record_outcome(attempt: AuditEntry, outcome: str, amendment_id: int | None) -> None:
    """Close an attempt. What happened has happened: a trail that can't be written now is logged, not raised."""
    try:
        audit.close(attempt, outcome, amendment_id)
    except DatabaseError:
        logger.exception("the outcome of audit entry %s could not be written: %s", attempt.pk, outcome)
