"""The pages of one person's data sets; whose they are is decided by `access` before anything else happens."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from ..errors import gym_error_page, not_allowed, status_of, with_retry_after
from ..perfectgym.client import PAGE_SECONDS, Deadline
from ..perfectgym.errors import GymError
from ..perfectgym.models import SelfServiceData
from . import DATA_SETS, service, words
from .access import Access, NoAccess
from .base import DataSet, DataSetForm
from .notification import ChangeMail
from .pages import STATES, card, is_not_offered
from .submission import Submission
from .words import Notice


class DataSetsView(View):
    """What all pages have in common: the access, and until when the page has to be there."""

    methods: tuple[str, ...] = ("GET", "HEAD", "POST")
    access: Access
    deadline: Deadline

    def dispatch(self, request: HttpRequest, *_args: Any, access: Callable[..., Access], **kwargs: Any) -> HttpResponse:
        """Find out whose data this is before anything else happens."""
        self.deadline = Deadline.after(PAGE_SECONDS)
        slug = kwargs.pop("slug", None)
        try:
            self.access = access(request, **kwargs)
        except NoAccess as missing:
            return missing.response()
        if slug is None:
            return self.answer(request)
        if slug not in DATA_SETS:
            raise Http404
        return self.answer(request, DATA_SETS[slug])

    def answer(self, request: HttpRequest, *data_set: DataSet) -> HttpResponse:
        """Answer with get() or post(); no other name that a browser sends is ever looked up."""
        if request.method not in self.methods:
            return not_allowed(request, self.methods)
        handler = getattr(self, "post" if request.method == "POST" else "get")
        response: HttpResponse = handler(request, *data_set)
        return response

    def page(self, request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """Render a page of this access."""
        context["overview_url"] = self.access.url("overview")
        return render(request, template, context, status=status)

    def unavailable(self, request: HttpRequest, data_set: DataSet, error: GymError) -> HttpResponse:
        """Say that the data set is not offered, or that it can't be had right now."""
        if is_not_offered(error):
            return self.page(request, "datasets/data_set.html", 404, card=card(self.access, data_set, error))
        return gym_error_page(request, error)


class OverviewView(DataSetsView):
    """All data sets at once; one that can't be had does not spoil the others."""

    methods = ("GET", "HEAD")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a card for each."""
        found = service.load_all(self.access, self.deadline)
        cards = [card(self.access, data_set, data) for data_set, data in found]
        errors = [data for _set, data in found if isinstance(data, GymError) and not is_not_offered(data)]
        if len(errors) < len(found):
            return self.page(request, "datasets/overview.html", cards=cards)
        return with_retry_after(
            self.page(request, "datasets/overview.html", status_of(errors[0]), cards=cards), errors[0]
        )


class DataSetView(DataSetsView):
    """One data set: its values, its form, or what waits for the studio."""

    def get(self, request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Show the form where the studio takes changes, else the values; a change that waits comes first."""
        try:
            data = service.load(self.access, data_set, self.deadline)
        except GymError as error:
            return self.unavailable(request, data_set, error)
        asked_to_change = "change" in request.GET and data.pending is not None and data.pending.id is not None
        if not data.editable or (data.pending and not asked_to_change):
            return self.values_page(request, data_set, data)
        form = data_set.form(access=self.access, current=data, requested=data.pending)
        return self.form_page(request, data_set, form)

    def post(self, request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Request a change; whatever comes of it, the page says what is true now and keeps what was typed."""
        submission = Submission(self.access, data_set, request.POST, self.deadline)
        answer = submission.run()
        if answer.done is not None:
            messages.success(request, words.done(answer.done))
            for warning in answer.warnings:
                messages.warning(request, warning)
            return redirect(self.after(data_set, answer.done))
        if answer.told is not None:
            messages.add_message(request, LEVELS[answer.told.level], answer.told.text)
            return redirect(self.access.url("data-set", slug=data_set.slug))
        if answer.locked is not None:
            typed = answer.form.typed_changes()
            return self.values_page(request, data_set, answer.locked, answer.status, notice=answer.notice, typed=typed)
        shown = {"notice": answer.notice, "differences": answer.differences}
        return with_retry_after(self.form_page(request, data_set, answer.form, answer.status, **shown), answer.error)

    def after(self, data_set: DataSet, outcome: service.Outcome) -> str:
        """Return where to see what became of a change: what waits on the set's page, what holds on the overview."""
        if outcome is service.Outcome.SAVED:
            return self.access.url("overview")
        return self.access.url("data-set", slug=data_set.slug)

    def values_page(
        self, request: HttpRequest, data_set: DataSet, data: SelfServiceData, status: int = 200, **context: Any
    ) -> HttpResponse:
        """Show the values, and what waits."""
        can_withdraw = data.pending is not None and data.pending.id is not None
        context |= {"can_withdraw": can_withdraw, "can_change_request": can_withdraw and data.editable}
        context["card"] = card(self.access, data_set, data)
        context["withdraw_url"] = self.access.url("withdraw", slug=data_set.slug)
        return self.page(request, "datasets/data_set.html", status, **context)

    def form_page(
        self, request: HttpRequest, data_set: DataSet, form: DataSetForm, status: int = 200, **context: Any
    ) -> HttpResponse:
        """Show the form."""
        context |= {"form": form, "data_set": data_set, "form_url": self.access.url("data-set", slug=data_set.slug)}
        context["state"] = STATES.get(form.current.status) if form.current and form.current.status else ""
        return self.page(request, "datasets/form.html", status, **context)


class WithdrawView(DataSetsView):
    """Asks whether a request shall be withdrawn, and withdraws it."""

    def get(self, request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Show what would be withdrawn and ask; lead back when nothing waits."""
        try:
            data = service.load(self.access, data_set, self.deadline)
        except GymError as error:
            return self.unavailable(request, data_set, error)
        if data.pending is None:
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


LEVELS = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}
