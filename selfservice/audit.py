"""The audit trail: record() is the only writer of AuditEntry."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils import timezone

from .models import AuditEntry


class Action(StrEnum):
    """What somebody did."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    CHANGE = "change"
    WITHDRAW = "withdraw"


def record(  # noqa: PLR0913  # an entry's parts, all by name
    action: Action,
    *,
    studio: str,
    actor: str,
    customer_id: int | None,
    data_set: str = "",
    fields: Iterable[str] = (),
    amendment_id: int | None = None,
    outcome: str = "",
    attempt: AuditEntry | None = None,
) -> AuditEntry:
    """Write one entry; `fields` are names, never values. Raises DatabaseError when it can't be written.

    A call that changes something is recorded twice: before it as an attempt, after it by close().
    """
    return AuditEntry.objects.create(
        at=timezone.now(),
        studio=studio,
        actor=actor,
        customer_id=customer_id,
        action=action,
        data_set=data_set,
        fields=sorted(fields),
        amendment_id=amendment_id,
        outcome=outcome,
        attempt=attempt,
    )


def close(attempt: AuditEntry, outcome: str, amendment_id: int | None) -> AuditEntry:
    """Write what became of an attempt as an entry of its own; raises DatabaseError when it can't be written."""
    return record(
        Action(attempt.action),
        studio=attempt.studio,
        actor=attempt.actor,
        customer_id=attempt.customer_id,
        data_set=attempt.data_set,
        fields=attempt.fields,
        amendment_id=amendment_id,
        outcome=outcome,
        attempt=attempt,
    )
