"""One change request from the browser to its outcome, step by step."""

from dataclasses import replace

from django.http import QueryDict

from ..errors import status_of
from ..perfectgym.client import Deadline
from ..perfectgym.errors import GymError
from ..perfectgym.models import Amendment, SelfServiceData
from . import code_words, service, words
from .access import Access
from .answer import Answer
from .base import DataSet, DataSetForm
from .confirmation import Confirmation
from .notification import ChangeMail
from .service import Outcome, Result, WithdrawOutcome
from .turns import NoTurn, turn
from .values import field_name
from .words import Notice

# What a request gets for itself, in seconds, once the one that it replaces is withdrawn.
SECOND_HALF_SECONDS = 3.5
ARRIVED = (Outcome.PENDING, Outcome.SAVED)


class Submission:
    """What a member sent for a data set; `confirmation` has the codes that came with it."""

    def __init__(
        self,
        access: Access,
        data_set: DataSet,
        posted: QueryDict,
        deadline: Deadline,
        confirmation: Confirmation | None = None,
    ) -> None:
        self.access = access
        self.data_set = data_set
        self.posted = posted
        self.deadline = deadline
        self.confirmation = confirmation
        self.reopens = False
        self._used_up = False

    def reopen(self) -> Answer:
        """Show the form again with what was typed, without checking or sending it."""
        self.reopens = True
        return self.run()

    def run(self) -> Answer:
        """Check it, send it once, and find out what became of it; a second click waits for the first."""
        try:
            with turn(self.access, self.data_set, self.deadline):
                self.mail = ChangeMail(self.access, self.data_set)
                return self._answer(service.load(self.access, self.data_set, self.deadline))
        except NoTurn:
            return self._unread(503, words.still_sending())
        except GymError as error:
            return replace(self._unread(status_of(error), words.unreachable(error)), error=error)

    def form_for(self, current: SelfServiceData | None, requested: Amendment | None = None) -> DataSetForm:
        """Return the form with what was typed."""
        return self.data_set.form(self.posted, access=self.access, current=current, requested=requested)

    def _unread(self, status: int, notice: Notice) -> Answer:
        """Keep what was typed although nothing is known to compare it with; it is checked when it is sent again."""
        form = self.form_for(None)
        form.without_complaints()
        return Answer(form, status=status, notice=notice)

    def _answer(self, current: SelfServiceData) -> Answer:
        replaced = self._replaced(current)
        form = self.form_for(current, replaced)
        if not current.editable:
            return Answer(form, status=403, notice=words.locked(), locked=current)
        if current.pending and not replaced:
            return self._already_pending(form, current, current.pending)
        if "replaces" in self.posted and not replaced:
            if form.shows_other_values and form.holds_other_values:
                return self._outdated(form)
            form.rebase()
        if self.reopens:
            form.without_complaints()
            return Answer(form)
        if "refresh" in self.posted:
            told = form.refresh()
            form.without_complaints()
            return Answer(form, notice=Notice(str(told), "info") if told else None)
        return self._check(form, current)

    def _replaced(self, current: SelfServiceData) -> Amendment | None:
        """Return the pending amendment when this form was made to replace it."""
        if current.pending is None or current.pending.id is None:
            return None
        return current.pending if self.posted.get("replaces") == str(current.pending.id) else None

    def _already_pending(self, form: DataSetForm, current: SelfServiceData, pending: Amendment) -> Answer:
        """Say that something waits already: this very request, sent by a first click, or another one."""
        if form.is_valid() and form.changes() and form.holds(pending, form.changes()):
            return Answer(form, done=Outcome.PENDING)
        return Answer(form, status=409, notice=words.already_pending(), locked=current)

    def _check(self, form: DataSetForm, current: SelfServiceData) -> Answer:
        valid = form.is_valid()
        if valid and not form.changes():
            return self._nothing_to_send(form, current)
        if form.is_outdated:
            return self._outdated(form)
        if valid and form.replaces is not None and not form.was_typed():
            return Answer(form, notice=words.already_asked())
        return self.send(form, current) if valid else Answer(form)

    def _outdated(self, form: DataSetForm) -> Answer:
        form.catch_up()
        return Answer(form, status=409, notice=words.outdated(), differences=form.typed_changes())

    def _nothing_to_send(self, form: DataSetForm, current: SelfServiceData) -> Answer:
        if form.replaces is not None and current.pending is not None:
            return self._give_up(form, current.pending)
        if form.is_outdated and form.was_typed():
            return Answer(form, done=Outcome.SAVED)
        return Answer(form, notice=words.nothing_changed())

    def _give_up(self, form: DataSetForm, pending: Amendment) -> Answer:
        """Withdraw a request that was changed back to what holds anyway."""
        self.mail.settle()
        try:
            outcome = service.withdraw_pending(self.access, self.data_set, pending, self.deadline)
        except service.NotRecorded:
            return Answer(form, status=503, notice=words.not_recorded())
        if outcome is WithdrawOutcome.WITHDRAWN:
            self.mail.send("withdrawn")
        return Answer(form, told=words.withdrawal(outcome))

    def send(self, form: DataSetForm, current: SelfServiceData) -> Answer:
        """Send what the form asks for, once it is known to be valid and to change something."""
        self.mail.settle(otherwise=current.text("email"))
        if unproven := self._unproven(form):
            return unproven
        try:
            stopped = self._withdraw_replaced(form, current)
        except service.NotRecorded:
            self._give_codes_back()
            return Answer(form, status=503, notice=words.not_recorded())
        if stopped:
            self._give_codes_back()
            return stopped
        opens = form.opens_the_portal  # before the form may turn into one for the current values
        try:
            result = service.request_change(self.access, self.data_set, current, form.wanted(), self.deadline)
        except service.NotRecorded:
            self._give_codes_back()
            return self._kept(form, 503, words.not_recorded())
        if result.outcome in ARRIVED:
            self.mail.send("requested" if result.outcome is Outcome.PENDING else "changed", form.about)
            return Answer(form, done=result.outcome, key_changed=opens, warnings=form.warnings())
        # It may have arrived all the same.
        perhaps = opens and result.outcome in (Outcome.UNKNOWN, Outcome.NOT_FOUND)
        return replace(self._not_done(form, result), key_changed=perhaps)

    def _unproven(self, form: DataSetForm) -> Answer | None:
        """Return what is missing before the change may be sent; with None nothing is, and its codes are used up."""
        proofs = form.proofs()
        if not proofs:
            return None
        given = self.confirmation
        if given is None or given.proofs != proofs:
            if not self.mail.address and not self.access.helper:
                return Answer(form, status=409, notice=code_words.no_address(known=self.mail.is_known))
            wanted = Confirmation.of(self.access, self.data_set, self.posted, form)
            return Answer(form, unproven=wanted, on_file=self.mail.address)
        if not given.use_up():
            return Answer(form, status=403, notice=code_words.code_refused(given.why_refused))
        self._used_up = True
        self.access = replace(self.access, proof=given.proven_by)
        return None

    def _give_codes_back(self) -> None:
        """Let the codes count once more: the change provably was not sent."""
        if self.confirmation and self._used_up:
            self.confirmation.give_back()

    def _withdraw_replaced(self, form: DataSetForm, current: SelfServiceData) -> Answer | None:
        """Withdraw the request that this one replaces; return an answer when that did not work."""
        if form.replaces is None or current.pending is None:
            return None
        outcome = service.withdraw_pending(self.access, self.data_set, current.pending, self.deadline)
        if outcome is WithdrawOutcome.WITHDRAWN:
            # Nothing waits now: what replaces it gets time enough, even if the page then takes longer.
            self.deadline = Deadline.after(max(self.deadline.left(), SECOND_HALF_SECONDS))
            return None
        status = 409 if outcome is WithdrawOutcome.NOTHING_PENDING else 503
        return Answer(form, status=status, notice=words.not_replaced(outcome))

    def _kept(self, form: DataSetForm, status: int, notice: Notice, *, settled: bool = True) -> Answer:
        """Keep the draft; if its earlier version was withdrawn for it, go on without that, and say so."""
        if form.replaces is not None:
            self.mail.send("withdrawn")
            form.requested_is_gone()
            notice = words.after_withdrawal(notice, settled=settled)
        return Answer(form, status=status, notice=notice)

    def _not_done(self, form: DataSetForm, result: Result) -> Answer:
        error, data = result.error, result.data
        status = status_of(error) if error else 503
        if result.outcome is Outcome.CONFLICT:
            return self._conflict(data) if data else self._kept(form, 409, words.conflict())
        if result.outcome is Outcome.UNKNOWN and data is not None and data.pending:
            return Answer(form, status=status, notice=words.perhaps_pending(), locked=data)
        if result.outcome is Outcome.NOT_SENT:
            self._give_codes_back()
        if result.outcome is not Outcome.REFUSED or error is None:
            settled = result.outcome is not Outcome.UNKNOWN
            return replace(self._kept(form, status, words.not_done(result), settled=settled), error=error)
        return self._refused(form, error)

    def _refused(self, form: DataSetForm, error: GymError) -> Answer:
        """Say what PerfectGym did not accept: beside its field when it names one, else above the form."""
        name, replaced = field_name(error.reference or ""), form.replaces is not None
        answer = self._kept(form, 200, words.refused(error))
        if name not in form.fields or not error.message:
            return answer
        form.add_error(name, error.message)
        return answer if replaced else Answer(form)

    def _conflict(self, data: SelfServiceData) -> Answer:
        form = self.form_for(data)
        if data.pending:
            return Answer(form, status=409, notice=words.already_pending(), locked=data)
        if not data.editable:
            return Answer(form, status=409, notice=words.locked(), locked=data)
        form.catch_up()
        return Answer(form, status=409, notice=words.conflict(), differences=form.typed_changes())
