"""The audit trail: record() is the only writer of AuditEntry, purge() the only way out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from .logs import request_id
from .models import AuditEntry

# Longer than any page takes: an attempt that has no outcome by then will never get one from its own page.
LONGEST_PAGE = timedelta(seconds=20)
INTERRUPTED = "interrupted"
TOLD = "told"
MEMBER = "member"


class Action(StrEnum):
    """What somebody did."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    CONFIRM = "confirm"
    CHANGE = "change"
    WITHDRAW = "withdraw"
    PURGE = "purge"
    DESK_SIGN_IN = "desk-sign-in"
    UNLOCK = "unlock"
    DESK_SIGN_OUT = "desk-sign-out"
    OPEN = "open"  # somebody at the desk opened a member's data
    ACCOUNT = "account"


def record(  # noqa: PLR0913  # an entry's parts, all by name
    action: Action,
    *,
    studio: str,
    actor: str,
    customer_id: int | None,
    data_set: str = "",
    fields: Iterable[str] = (),
    amendment_id: int | None = None,
    proof: str = "",
    outcome: str = "",
    account: str = "",
    attempt: AuditEntry | None = None,
) -> AuditEntry:
    """Write one entry; `fields` are names, never values; `account` is a staff account it is about.

    Raises DatabaseError when it can't be written.

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
        proof=proof,
        outcome=outcome,
        account=account,
        request=request_id(),
        attempt=attempt,
    )


def close(attempt: AuditEntry, outcome: str, amendment_id: int | None = None) -> AuditEntry:
    """Write what became of an attempt as an entry of its own; raises DatabaseError when it can't be written."""
    return record(
        Action(attempt.action),
        studio=attempt.studio,
        actor=attempt.actor,
        customer_id=attempt.customer_id,
        data_set=attempt.data_set,
        fields=attempt.fields,
        amendment_id=amendment_id,
        proof=attempt.proof,
        outcome=outcome,
        attempt=attempt,
    )


def close_interrupted(**whose: object) -> None:
    """Say of every attempt whose page ended before its outcome was known that it was interrupted.

    `whose` may name `studio` and `customer_id`; without them it is everybody's. Raises DatabaseError.
    """
    with transaction.atomic():
        # Locked, so that two processes that start at the same time do not both say it.
        attempts = AuditEntry.objects.select_for_update().filter(outcome="", attempt=None, **whose)
        for attempt in attempts.filter(at__lt=timezone.now() - LONGEST_PAGE).exclude(outcomes__isnull=False):
            close(attempt, INTERRUPTED)


def entries_of(studio: str) -> QuerySet[AuditEntry]:
    """Return all entries of a studio, to be narrowed and read."""
    return AuditEntry.objects.filter(studio=studio)


def last_change_at_desk(studio: str, customer_id: int) -> datetime | None:
    """Return when somebody at the desk last changed something for this customer, or asked for it, with effect."""
    done = AuditEntry.objects.filter(studio=studio, customer_id=customer_id, outcome__in=("pending", "saved"))
    entry = done.filter(action=Action.CHANGE).exclude(actor=MEMBER).order_by("-at").first()
    return entry.at if entry else None


def to_be_told(studio: str, customer_id: int, *, at_desk: bool) -> list[AuditEntry]:
    """Return what was interrupted and not told to this customer yet, and note that they are told now.

    Somebody at the desk is not told of what the customer has begun alone.
    """
    unfinished = Q(outcome="", attempt=None, at__lt=timezone.now() - LONGEST_PAGE) | Q(outcome=INTERRUPTED)
    # Asked first, so that the usual page takes no lock: it has to come while others write.
    mine = AuditEntry.objects.filter(studio=studio, customer_id=customer_id)
    mine = mine.exclude(actor=MEMBER) if at_desk else mine
    if not mine.filter(unfinished, outcomes=None).exists():
        return []
    with transaction.atomic():
        close_interrupted(studio=studio, customer_id=customer_id)
        interrupted = mine.filter(outcome=INTERRUPTED)
        news = list(interrupted.exclude(outcomes__isnull=False).order_by("pk"))
        for entry in news:
            close(entry, TOLD)
    return news


def purge(before: datetime) -> int:
    """Remove all entries from before that moment, leave an entry about it, and return how many were removed."""
    with transaction.atomic():
        removed = AuditEntry.objects.purge(before)
        outcome = f"{removed} entries before {before.date().isoformat()}"
        record(Action.PURGE, studio="", actor="operator", customer_id=None, outcome=outcome)
    return removed
