"""The pages of one person's data sets: all of them, one of them, confirming a change, withdrawing one."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ..errors import error_page, status_of, with_retry_after
from ..perfectgym.errors import GymError
from ..signin.codes import State
from ..signin.forms import CodeForm
from ..signin.pages import wrong_code
from . import code_words, history, service, words
from .access import IdentityForm
from .base import DataSet
from .changing import ChangingView
from .confirmation import Confirmation
from .notification import ChangeMail
from .pages import card, is_not_offered
from .submission import Submission
from .viewing import LEVELS, DataSetsView
from .words import Notice


class OverviewView(DataSetsView):
    """All data sets at once; one that can't be had does not spoil the others."""

    methods = ("GET", "HEAD")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a card for each."""
        self.tell_interrupted(request)
        # Before PerfectGym is asked: what comes after its deadline makes the page late.
        desk_change = history.last_change_at_desk(self.access)
        found = service.load_all(self.access, self.deadline)
        cards = [card(self.access, data_set, data) for data_set, data in found]
        errors = [data for _set, data in found if isinstance(data, GymError) and not is_not_offered(data)]
        shown: dict[str, Any] = {"cards": cards, "desk_change": desk_change}
        if len(errors) < len(found):
            return self.page(request, "datasets/overview.html", **shown)
        return with_retry_after(self.page(request, "datasets/overview.html", status_of(errors[0]), **shown), errors[0])


class DataSetView(ChangingView):
    """One data set: its values, its form, or what waits for the studio."""

    def get(self, request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Show the form where the studio takes changes, else the values; a change that waits comes first."""
        self.tell_interrupted(request)
        try:
            data = service.load(self.access, data_set, self.deadline)
        except GymError as error:
            return self.unavailable(request, data_set, error)
        asked_to_change = "change" in request.GET and data.pending is not None and data.pending.id is not None
        can_edit = data.editable and self.access.may_change
        if not can_edit or (data.pending and not asked_to_change):
            return self.values_page(request, data_set, data)
        form = data_set.form(access=self.access, current=data, requested=data.pending)
        return self.form_page(request, data_set, form)

    def post(self, request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Request a change, or ask for the code that it needs first."""
        return self.show(request, data_set, Submission(self.access, data_set, request.POST, self.deadline).run())


class ConfirmView(ChangingView):
    """Asks for the codes that a change needs, and sends it with the last one."""

    def get(self, _request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Lead to the data set: what was typed stood in a page that is gone."""
        return redirect(self.access.url("data-set", slug=data_set.slug))

    def post(self, request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Take a code, mail another one, or go back to the form with what was typed."""
        confirmation = Confirmation.read(self.access, data_set, request.POST.get("confirmation", ""))
        if confirmation is None:
            return error_page(request, 403)
        if "edit" in request.POST:
            return self.edit(request, confirmation)
        if "identity" in request.POST and self.access.helper:
            return self.vouched(request, confirmation, self.access.helper.identity_form(request.POST))
        if confirmation.step == 0:
            return self.begun(request, confirmation)
        state = confirmation.standing.state
        if "resend" in request.POST and state not in (State.PROVEN, State.USED):
            return self.resend(request, confirmation)
        return self.tried(request, confirmation) if state is State.OPEN else self.go_on(request, confirmation, state)

    def vouched(self, request: HttpRequest, confirmation: Confirmation, identity: IdentityForm) -> HttpResponse:
        """Send the change when somebody at the desk has checked who the person is."""
        if not identity.is_valid():
            form = CodeForm() if confirmation.step else None
            return self.code_page(request, confirmation, form, identity=identity)
        return self.send(request, replace(confirmation, vouched=identity.proof))

    def begun(self, request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
        """Mail the first code when its button was pressed; ask again when neither way was chosen."""
        if "resend" in request.POST:
            return self.resend(request, confirmation)
        return self.code_page(request, confirmation, None)

    def tried(self, request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
        """Go on with the right code, ask again after a wrong one."""
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.code_page(request, confirmation, form)
        standing = confirmation.attempt(form.cleaned_data["code"])
        if standing.state is State.OPEN:
            form.add_error("code", wrong_code(standing.tries_left))
            return self.code_page(request, confirmation, form)
        return self.go_on(request, confirmation, standing.state)

    def go_on(self, request: HttpRequest, confirmation: Confirmation, state: State) -> HttpResponse:
        """Ask for the next code, send the change after the last one, or go back when the code does not count."""
        if state in (State.PROVEN, State.USED) and confirmation.step == len(confirmation.proofs):
            return self.send(request, confirmation)
        if state is State.PROVEN:
            return self.next_step(request, confirmation)
        return self.edit(request, confirmation, code_words.code_refused(state))

    def send(self, request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
        """Send the change; while it provably did not arrive its codes still count, and a button sends it again."""
        data_set, posted = confirmation.data_set, confirmation.form_data
        answer = Submission(self.access, data_set, posted, self.deadline, confirmation).run()
        if answer.status >= 500 and confirmation.is_proven:
            page = self.code_page(request, confirmation, None, answer.status, notice=answer.notice)
            return with_retry_after(page, answer.error)
        return self.show(request, data_set, answer)

    def edit(self, request: HttpRequest, confirmation: Confirmation, notice: Notice | None = None) -> HttpResponse:
        """Show the form again with what was typed; `notice` says why, when it was not the person's wish."""
        data_set = confirmation.data_set
        answer = Submission(self.access, data_set, confirmation.form_data, self.deadline).reopen()
        if notice and answer.notice is None:
            answer = replace(answer, notice=notice, status=403)
        return self.show(request, data_set, answer)


class WithdrawView(DataSetsView):
    """Asks whether a request shall be withdrawn, and withdraws it."""

    def get(self, request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Show what would be withdrawn and ask; lead back when nothing waits."""
        try:
            data = service.load(self.access, data_set, self.deadline)
        except GymError as error:
            return self.unavailable(request, data_set, error)
        if data.pending is None:
            # A HEAD has no reader: the next page would greet somebody with an answer to what they never asked.
            if request.method == "GET":
                messages.info(request, words.withdrawal(service.WithdrawOutcome.NOTHING_PENDING).text)
            return redirect(self.access.url("data-set", slug=data_set.slug))
        shown = card(self.access, data_set, data)
        url = self.access.url("withdraw", slug=data_set.slug)
        return self.page(request, "datasets/withdraw.html", card=shown, amendment_id=data.pending.id, withdraw_url=url)

    def post(self, request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Withdraw what the person saw waiting, then show what holds now."""
        seen = request.POST.get("amendment_id", "")
        notice = self.withdraw(data_set, seen)
        if isinstance(notice, GymError):
            return self.unavailable(request, data_set, notice)
        messages.add_message(request, LEVELS[notice.level], notice.text)
        return redirect(self.access.url("data-set", slug=data_set.slug))

    def withdraw(self, data_set: DataSet, seen: str) -> Notice | GymError:
        """Return what became of it, or why the studio's system could not be asked."""
        mail = ChangeMail(self.access, data_set)
        mail.settle()
        try:
            outcome = service.withdraw(self.access, data_set, seen, self.deadline)
        except service.NotRecorded:
            return words.not_recorded()
        except GymError as error:
            return error
        if outcome is service.WithdrawOutcome.WITHDRAWN:
            mail.send("withdrawn")
        return words.withdrawal(outcome)
