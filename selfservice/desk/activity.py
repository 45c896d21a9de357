"""What was done at a studio, from the audit trail: who, what, for whom, when; names of fields, never values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..audit import MEMBER, Action, entries_of
from ..datasets import DATA_SETS
from ..datasets.base import DataSet
from ..datasets.values import field_name
from ..models import AuditEntry
from ..text import Text

MOST = 200
DAYS = 7
DEEDS: dict[str, Text] = {
    Action.CHANGE: _("asked for a change"),
    Action.WITHDRAW: _("withdrew a request"),
    Action.CONFIRM: _("confirmation"),
    Action.OPEN: _("opened the data"),
    Action.SIGN_IN: _("signed in"),
    Action.DESK_SIGN_IN: _("signed in at the desk"),
    Action.UNLOCK: _("unlocked the desk"),
}
OUTCOMES: dict[str, Text] = {
    "": _("begun"),
    "ok": _("done"),
    "pending": _("waits for the studio"),
    "saved": _("in effect"),
    "refused": _("refused"),
    "conflict": _("not done: something else was there"),
    "not-sent": _("not sent"),
    "not-found": _("not confirmed, and not there"),
    "unknown": _("nobody can tell"),
    "withdrawn": _("withdrawn"),
    "nothing-pending": _("nothing was waiting"),
    "another-pending": _("something else was waiting"),
    "no-number": _("not possible"),
    "not-done": _("still waits"),
    "interrupted": _("cut off; nobody can tell"),
    "told": _("told"),
    "code-mailed": _("code mailed"),
    "wrong-code": _("wrong code"),
    "proven": _("right code"),
    "identity-checked": _("identity checked"),
    "no-membership": _("no membership"),
    "not-allowed": _("not allowed"),
}
PROOFS: dict[str, Text] = {
    "address-on-file": _("code to the address on file"),
    "new-address": _("code to the new address"),
    "identity:id-card": _("identity card"),
    "identity:passport": _("passport"),
    "identity:driving-licence": _("driving licence"),
    "identity:residence-permit": _("residence permit"),
}


@dataclass(frozen=True)
class Filter:
    """Which part of the trail: the days up to `until`, one person's deeds, one data set; what is odd counts as none."""

    studio: str
    until: date
    person: int | None = None
    data_set: str = ""
    below: int = 0

    @classmethod
    def of(cls, asked: Mapping[str, str], studio: str) -> "Filter":
        """Read it from an address, in which people are numbers."""
        try:
            until = date.fromisoformat(asked.get("until", ""))
        except ValueError:
            until = timezone.localdate()
        if not date(2000, 1, 1) <= until <= date(3000, 1, 1):
            until = timezone.localdate()
        data_set = asked.get("set", "")
        below = _number(asked.get("below", "")) or 0
        return cls(studio, until, _number(asked.get("person", "")), data_set if data_set in DATA_SETS else "", below)

    @property
    def people(self) -> list[User]:
        """Who can be chosen: everybody who may work for the studio."""
        return list(User.objects.filter(studios__studio=self.studio).order_by("username"))

    @property
    def data_sets(self) -> list[tuple[str, Text]]:
        """What can be chosen."""
        return [(data_set.slug, data_set.title) for data_set in DATA_SETS.values()]

    @property
    def since(self) -> date:
        """The first of the days."""
        return self.until - timedelta(days=DAYS - 1)

    @property
    def before(self) -> date:
        """The day before these, to look further back."""
        return self.since - timedelta(days=1)

    def entries(self) -> QuerySet[AuditEntry]:
        """Return the entries, the newest first."""
        found = entries_of(self.studio).filter(action__in=list(DEEDS))
        found = found.exclude(outcome="", outcomes__isnull=False)  # its outcome says all of it
        found = found.filter(at__gte=_begin(self.since), at__lt=_begin(self.until + timedelta(days=1)))
        if self.person is not None:
            found = found.filter(actor__in=User.objects.filter(pk=self.person).values("username"))
        if self.data_set:
            found = found.filter(data_set=self.data_set)
        if self.below:
            found = found.filter(pk__lt=self.below)
        return found.order_by("-pk")


@dataclass(frozen=True)
class Deed:
    """One entry in words."""

    entry: AuditEntry
    what: Text
    data_set: Text
    fields: list[Text]
    proof: str
    outcome: Text

    @property
    def who(self) -> Text:
        """Who did it."""
        return {MEMBER: _("the member"), "unknown": _("somebody unknown")}.get(self.entry.actor, self.entry.actor)


def days(chosen: Filter) -> tuple[list[tuple[date, list[Deed]]], int]:
    """Return what was done, day by day, and the number before which to go on, 0 when that is all of it."""
    entries = list(chosen.entries()[: MOST + 1])
    deeds = [_deed(entry) for entry in entries[:MOST]]
    by_day = groupby(deeds, lambda deed: timezone.localdate(deed.entry.at))
    return [(day, list(of_day)) for day, of_day in by_day], entries[MOST - 1].pk if len(entries) > MOST else 0


def _deed(entry: AuditEntry) -> Deed:
    data_set = DATA_SETS.get(entry.data_set)
    proof = " + ".join(str(PROOFS.get(part, part)) for part in entry.proof.split("+") if part)
    return Deed(
        entry,
        DEEDS.get(entry.action, entry.action),
        data_set.title if data_set else entry.data_set,
        [_label(data_set, name) for name in entry.fields],
        proof,
        OUTCOMES.get(entry.outcome, entry.outcome),
    )


def _label(data_set: DataSet | None, name: str) -> Text:
    """Return what people call a field; the API's name where the portal has none."""
    own = field_name(name)
    return data_set.form.label(own) if data_set and own in data_set.form.base_fields else name


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
