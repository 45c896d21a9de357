"""One change request from the browser to its outcome, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from ..errors import status_of
from ..perfectgym.client import Deadline
from ..perfectgym.errors import GymError
from ..perfectgym.models import Amendment, SelfServiceData
from ..text import Text
from . import service, words
from .access import Access
from .base import DataSet, DataSetForm
from .notification import ChangeMail
from .service import Outcome, Result, WithdrawOutcome
from .values import Change, field_name
from .words import Notice

ARRIVED = (Outcome.PENDING, Outcome.SAVED)


@dataclass(frozen=True)
class Answer:
    """What the page has to say: `done` when the change arrived, else the form again with what was typed.

    `locked` is the data set when there can't be a form; `differences` what is typed against what holds now.
    """

    form: DataSetForm
    done: Outcome | None = None
    warnings: Sequence[Text] = ()
    status: int = 200
    notice: Notice | None = None
    locked: SelfServiceData | None = None
    differences: Sequence[Change] = ()


class Submission:
    """What a member sent for a data set."""

    def __init__(self, access: Access, data_set: DataSet, posted: QueryDict, deadline: Deadline) -> None:
        self.access = access
        self.data_set = data_set
        self.posted = posted
        self.deadline = deadline

    def run(self) -> Answer:
        """Check it, send it once, and find out what became of it."""
        try:
            current = service.load(self.access, self.data_set, self.deadline)
        except GymError as error:
            return self._unread(error)
        replaced = self._replaced(current)
        form = self.data_set.form(self.posted, access=self.access, current=current, requested=replaced)
        if not current.editable:
            return Answer(form, status=403, notice=words.locked(), locked=current)
        if current.pending and not replaced:
            return Answer(form, status=409, notice=words.already_pending(), locked=current)
        if "replaces" in self.posted and not replaced:
            form.rebase()
        if "refresh" in self.posted:
            form.refresh()
            form.without_complaints()
            return Answer(form)
        return self._check(form, current)

    def _unread(self, error: GymError) -> Answer:
        """Keep what was typed although nothing is known to compare it with; it is checked when it is sent again."""
        form = self.data_set.form(self.posted, access=self.access, current=None)
        form.without_complaints()
        return Answer(form, status=status_of(error), notice=words.unreachable(error))

    def _replaced(self, current: SelfServiceData) -> Amendment | None:
        """Return the pending amendment when this form was made to replace it."""
        if current.pending is None or current.pending.id is None:
            return None
        return current.pending if self.posted.get("replaces") == str(current.pending.id) else None

    def _check(self, form: DataSetForm, current: SelfServiceData) -> Answer:
        valid = form.is_valid()
        if form.is_outdated:
            form.catch_up()
            differences = form.typed_changes()
            return Answer(form, status=409, notice=words.outdated(), differences=differences)
        if not valid:
            return Answer(form)
        changes = form.changes()
        if not changes:
            return Answer(form, notice=words.nothing_changed())
        return self._send(form, current)

    def _send(self, form: DataSetForm, current: SelfServiceData) -> Answer:
        mail = ChangeMail(self.access, self.data_set)
        try:
            stopped = self._withdraw_replaced(form, current)
            if stopped:
                return stopped
            result = service.request_change(self.access, self.data_set, current, form.wanted(), self.deadline)
        except service.NotRecorded:
            return Answer(form, status=503, notice=words.not_recorded())
        except GymError as error:
            return Answer(form, status=status_of(error), notice=words.unreachable(error))
        if result.outcome in ARRIVED:
            mail.send("requested" if result.outcome is Outcome.PENDING else "changed")
            return Answer(form, done=result.outcome, warnings=form.warnings())
        return self._not_done(form, result)

    def _withdraw_replaced(self, form: DataSetForm, current: SelfServiceData) -> Answer | None:
        """Withdraw the request that this one replaces; return an answer when that did not work."""
        if form.shown is current or current.pending is None:
            return None
        outcome = service.withdraw(self.access, self.data_set, str(current.pending.id), self.deadline)
        if outcome in (WithdrawOutcome.WITHDRAWN, WithdrawOutcome.NOTHING_PENDING):
            return None
        return Answer(form, status=409, notice=words.withdrawal(outcome))

    def _not_done(self, form: DataSetForm, result: Result) -> Answer:
        error, notice = result.error, words.not_done(result)
        if form.shown is not form.current:
            form.requested_is_gone()
            notice = words.after_withdrawal(notice)
        if result.outcome is Outcome.CONFLICT and result.data is not None:
            return self._conflict(result.data, notice)
        if result.outcome is Outcome.REFUSED and error is not None:
            name = field_name(error.reference or "")
            if name in form.fields and error.message:
                form.add_error(name, error.message)
                return Answer(form)
            return Answer(form, notice=notice)
        return Answer(form, status=status_of(error) if error else 503, notice=notice)

    def _conflict(self, data: SelfServiceData, notice: Notice) -> Answer:
        form = self.data_set.form(self.posted, access=self.access, current=data)
        if data.pending or not data.editable:
            return Answer(form, status=409, notice=words.already_pending() if data.pending else notice, locked=data)
        form.catch_up()
        return Answer(form, status=409, notice=notice, differences=form.typed_changes())
