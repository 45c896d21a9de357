"""The pages on which somebody changes a data set: its form, its values, and the code that a change may need."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ..errors import with_retry_after
from ..fields.email import masked
from ..mail import MailNotSent
from ..perfectgym.models import SelfServiceData
from ..signin.forms import CodeForm
from . import code_words, words
from .answer import Answer
from .base import DataSet, DataSetForm
from .confirmation import Confirmation, TooManyCodes
from .notification import ChangeMail
from .pages import STATES, card
from .service import Outcome
from .viewing import LEVELS, DataSetsView
from .words import Notice

# Posted with a signature that was not given in the form: it is good for exactly what stood there then.
SIGNED_ELSEWHERE = "elsewhere"


class ChangingView(DataSetsView):
    """What the form of a data set and the page that confirms a change have in common."""

    def show(self, request: HttpRequest, data_set: DataSet, answer: Answer) -> HttpResponse:
        """Say what became of a change; whatever it is, the page says what is true now and keeps what was typed."""
        # Not for what was sent before: somebody at an open session could repeat it, and send the owner away.
        if answer.key_changed:
            self.end_other_sessions(request)
            self.renew_session(request, now=answer.status < 500)
        if answer.done is not None:
            return self.done(request, data_set, answer)
        if answer.told is not None:
            messages.add_message(request, LEVELS[answer.told.level], answer.told.text)
            return redirect(self.access.url("data-set", slug=data_set.slug))
        if answer.unproven is not None:
            return self.ask(request, data_set, answer, answer.unproven)
        if answer.locked is not None:
            typed = answer.form.typed_changes()
            return self.values_page(request, data_set, answer.locked, answer.status, notice=answer.notice, typed=typed)
        shown = {"notice": answer.notice, "differences": answer.differences}
        return with_retry_after(self.form_page(request, data_set, answer.form, answer.status, **shown), answer.error)

    def done(self, request: HttpRequest, data_set: DataSet, answer: Answer) -> HttpResponse:
        """Lead to where the change can be seen: what waits on the set's page, what holds on the overview."""
        saved = answer.done is Outcome.SAVED
        messages.success(request, words.done(Outcome.SAVED if saved else Outcome.PENDING))
        for warning in answer.warnings:
            messages.warning(request, warning)
        return redirect(self.access.url("overview") if saved else self.access.url("data-set", slug=data_set.slug))

    def ask(self, request: HttpRequest, data_set: DataSet, answer: Answer, wanted: Confirmation) -> HttpResponse:
        """Mail the first code of a change that needs one, and ask for it; at the desk, ask how it is to be proven."""
        if self.access.helper:
            return self.code_page(request, replace(wanted, hint=masked(answer.on_file) if answer.on_file else ""), None)
        asked = _mailed(lambda: wanted.next(answer.on_file))
        if isinstance(asked, Notice):
            return self.form_page(request, data_set, answer.form, 503, notice=asked)
        return self.code_page(request, asked, CodeForm())

    def next_step(self, request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
        """Mail the code of the next step; when that fails, the button tries it again."""
        asked = _mailed(lambda: confirmation.next(confirmation.proofs[confirmation.step].address))
        if isinstance(asked, Notice):
            return self.code_page(request, confirmation, None, 503, notice=asked)
        return self.code_page(request, asked, CodeForm())

    def resend(self, request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
        """Mail another code for the same step; when that fails, the one before still works."""
        on_file = ChangeMail(self.access, confirmation.data_set)
        on_file.settle(patience=self.deadline.left())
        first = confirmation.step == 0
        if not (on_file.address or confirmation.proof.address):
            failed: Notice | Confirmation = code_words.no_address(known=on_file.is_known)
        else:
            failed = _mailed(lambda: (confirmation.next if first else confirmation.again)(on_file.address))
        if isinstance(failed, Notice):
            return self.code_page(request, confirmation, None if first else CodeForm(), 503, notice=failed)
        return self.code_page(request, failed, CodeForm(), notice=None if first else code_words.newest_code())

    def code_page(
        self, request: HttpRequest, confirmation: Confirmation, form: CodeForm | None, status: int = 200, **context: Any
    ) -> HttpResponse:
        """Ask for the code; without a form it was right, and only has to be sent. At the desk, offer the other way."""
        slug, helper = confirmation.data_set.slug, self.access.helper
        context |= {"form": form, "confirmation": confirmation, "form_url": self.access.url("confirm", slug=slug)}
        if helper:
            context.setdefault("identity", helper.identity_form())
        return self.page(request, "datasets/confirm.html", status, **context)

    def values_page(
        self, request: HttpRequest, data_set: DataSet, data: SelfServiceData, status: int = 200, **context: Any
    ) -> HttpResponse:
        """Show the values, and what waits."""
        can_withdraw = data.pending is not None and data.pending.id is not None and self.access.may_change
        context |= {"can_withdraw": can_withdraw, "can_change_request": can_withdraw and data.editable}
        context["card"] = card(self.access, data_set, data)
        context["withdraw_url"] = self.access.url("withdraw", slug=data_set.slug)
        return self.page(request, "datasets/data_set.html", status, **context)

    def form_page(
        self, request: HttpRequest, data_set: DataSet, form: DataSetForm, status: int = 200, **context: Any
    ) -> HttpResponse:
        """Show the form."""
        if SIGNED_ELSEWHERE in form.data:
            form.forget_more()
        context |= {"form": form, "data_set": data_set, "form_url": self.access.url("data-set", slug=data_set.slug)}
        if self.access.helper and form.goes_with_more:
            context["sign_url"] = self.access.helper.sign_url(data_set.slug)
        context["state"] = STATES.get(form.current.status) if form.current and form.current.status else ""
        return self.page(request, "datasets/form.html", status, **context)


def _mailed(mail: Callable[[], Confirmation]) -> Confirmation | Notice:
    """Return the confirmation with its new code, or what to say when none could be mailed."""
    try:
        return mail()
    except MailNotSent:
        return code_words.code_not_mailed()
    except TooManyCodes:
        return code_words.too_many_codes()
