"""Reading a member's data sets, requesting a change, withdrawing one: what is true afterwards, never a guess."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import Error as DatabaseError

from .. import audit
from ..models import AuditEntry
from ..perfectgym import pace
from ..perfectgym.client import Deadline
from ..perfectgym.errors import Conflict, Garbled, GymError, Invalid
from ..perfectgym.models import Amendment, AmendmentConfigurationStatus, SelfServiceData
from . import DATA_SETS
from .access import Access
from .base import DataSet
from .values import Wanted

# When to look whether a request arrived of which nobody said so: seconds after it failed.
LOOKS = (0.0, 0.4, 1.2)
# What a page keeps of its time for these looks.
RESERVE_SECONDS = 1.5
LARGER_SHARE = 0.7

logger = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of a change request; the words are those of the audit trail."""

    PENDING = "pending"  # it waits for the studio
    SAVED = "saved"  # it is in effect
    REFUSED = "refused"  # PerfectGym said no; nothing was changed
    CONFLICT = "conflict"  # something else waits or was changed meanwhile; nothing was changed
    NOT_SENT = "not-sent"  # it did not reach PerfectGym, or was turned away at the door
    NOT_FOUND = "not-found"  # no answer, and PerfectGym does not show it
    UNKNOWN = "unknown"  # no answer, and PerfectGym can't be asked, or shows what may or may not be ours


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
    return [(data_set, _readable(data_set, found[data_set.resource])) for data_set in DATA_SETS.values()]


def load(access: Access, data_set: DataSet, deadline: Deadline) -> SelfServiceData:
    """Return one data set; raises GymError."""
    gym = access.studio.gym
    found = gym.read(access.customer_id, data_set.resource, language=access.language, deadline=deadline)
    if isinstance(read := _readable(data_set, found), GymError):
        raise read
    return read


def _readable(data_set: DataSet, found: SelfServiceData | GymError) -> SelfServiceData | GymError:
    """Return what was found, or an error for values that no page could show: never that they are "not given"."""
    if isinstance(found, SelfServiceData) and not data_set.form.can_show(found):
        return Garbled(reason="values of the wrong type")
    return found


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
            wanted.body(),
            language=access.language,
            deadline=_with_reserve(deadline),
        )
        _check_answer(data_set, amendment)
        result, amendment_id = Result(_accepted(current)), amendment.id
    except GymError as error:
        result = _after_error(access, data_set, changes, error, deadline)
        amendment_id = result.data.pending.id if result.data and result.data.pending else None
    _record_outcome(attempt, result.outcome, amendment_id)
    return result


def _check_answer(data_set: DataSet, amendment: Amendment) -> None:
    """Believe no "done" that speaks of values which nobody can have asked for."""
    if not data_set.form.can_show(amendment):
        raise Garbled(reason="values of the wrong type", outcome_unknown=True)


def _accepted(current: SelfServiceData) -> Outcome:
    at_once = current.status is AmendmentConfigurationStatus.CHANGES_WITHOUT_VERIFICATION
    return Outcome.SAVED if at_once else Outcome.PENDING


def _after_error(
    access: Access, data_set: DataSet, changes: Mapping[str, Any], error: GymError, deadline: Deadline
) -> Result:
    if isinstance(error, Conflict) or error.outcome_unknown:
        return _look(access, data_set, changes, error, deadline)
    return Result(Outcome.REFUSED if isinstance(error, Invalid) else Outcome.NOT_SENT, error)


def _look(access: Access, data_set: DataSet, changes: Mapping[str, Any], error: GymError, deadline: Deadline) -> Result:
    """Read the set until it shows the change or there is no more time; only what is read at last counts."""
    started, data = time.monotonic(), None
    for look in LOOKS:
        pause = started + look - time.monotonic()
        if pause >= deadline.left():
            break
        pace.sleep(max(pause, 0))
        data = _read_or_none(access, data_set, deadline)
        if data and data.pending:
            return Result(_of_pending(data_set, data.pending, changes, error), error, data)
        if data and data_set.form.holds(data, changes):
            return Result(Outcome.SAVED, error, data)
        if data and isinstance(error, Conflict):
            return Result(Outcome.CONFLICT, error, data)
    if isinstance(error, Conflict):
        return Result(Outcome.CONFLICT, error)
    return Result(Outcome.NOT_FOUND if data else Outcome.UNKNOWN, error, data)


def _of_pending(data_set: DataSet, pending: Amendment, changes: Mapping[str, Any], error: GymError) -> Outcome:
    """Say what a pending amendment means that was not there before: ours, perhaps ours, or somebody else's."""
    if data_set.form.holds(pending, changes):
        return Outcome.PENDING
    return Outcome.CONFLICT if isinstance(error, Conflict) else Outcome.UNKNOWN


def _read_or_none(access: Access, data_set: DataSet, deadline: Deadline) -> SelfServiceData | None:
    try:
        return load(access, data_set, deadline)
    except GymError:
        return None


def withdraw(access: Access, data_set: DataSet, seen: str, deadline: Deadline) -> WithdrawOutcome:
    """Withdraw the amendment that the set shows as pending now, if it is the one the person saw.

    `seen` is its id as the browser sent it, "" for whichever is pending. Nothing was sent when this raises: GymError
    if the set can't be read, NotRecorded if the audit trail can't be written.
    """
    pending = load(access, data_set, deadline).pending
    if pending is None:
        return WithdrawOutcome.NOTHING_PENDING
    if seen and seen != str(pending.id):
        return WithdrawOutcome.ANOTHER_PENDING
    return withdraw_pending(access, data_set, pending, deadline)


def withdraw_pending(access: Access, data_set: DataSet, pending: Amendment, deadline: Deadline) -> WithdrawOutcome:
    """Withdraw an amendment that was just read as pending; raises NotRecorded before anything is sent."""
    if pending.id is None:
        return WithdrawOutcome.NO_NUMBER
    attempt = _record(audit.Action.WITHDRAW, access, data_set, amendment_id=pending.id)
    outcome = WithdrawOutcome.WITHDRAWN
    try:
        gym, until = access.studio.gym, _with_reserve(deadline)
        gym.withdraw(access.customer_id, pending.id, language=access.language, deadline=until)
    except GymError as error:
        outcome = _still_pending(access, data_set, pending, error, deadline)
    _record_outcome(attempt, outcome, pending.id)
    return outcome


def _still_pending(
    access: Access, data_set: DataSet, pending: Amendment, error: GymError, deadline: Deadline
) -> WithdrawOutcome:
    """Say what became of a withdrawal that was not confirmed, by what the set shows now."""
    data = _read_or_none(access, data_set, deadline)
    if data is None:
        return WithdrawOutcome.UNKNOWN
    if data.pending is not None and data.pending.id == pending.id:
        return WithdrawOutcome.NOT_DONE
    accepted = data_set.form.holds(data, data_set.form.known_values(pending))
    return WithdrawOutcome.WITHDRAWN if error.outcome_unknown and not accepted else WithdrawOutcome.NOTHING_PENDING


def _with_reserve(deadline: Deadline) -> Deadline:
    """Return the deadline of a call after which there may be something to look for; it gets the larger share."""
    left = deadline.left()
    return Deadline.after(max(left - RESERVE_SECONDS, left * LARGER_SHARE))


def _record(action: audit.Action, access: Access, data_set: DataSet, **details: Any) -> AuditEntry:
    try:
        return audit.record(
            action,
            studio=access.studio.slug,
            actor=access.actor,
            customer_id=access.customer_id,
            data_set=data_set.slug,
            proof=access.proof,
            **details,
        )
    except DatabaseError as error:
        logger.exception("the audit trail could not be written, so nothing was sent")
        raise NotRecorded from error


def _record_outcome(attempt: AuditEntry, outcome: str, amendment_id: int | None) -> None:
    """Close an attempt. What happened has happened: a trail that can't be written now is logged, not raised."""
    try:
        audit.close(attempt, outcome, amendment_id)
    except DatabaseError:
        logger.exception("the outcome of audit entry %s could not be written: %s", attempt.pk, outcome)
