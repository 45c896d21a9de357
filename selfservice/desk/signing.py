"""A change that the member signs elsewhere than in its form: on the whole screen of the tablet, or on their phone.

What was typed travels signed in the desk's own pages until the signature is there; then it is sent like any other.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

import segno
from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..datasets.access import Access, NoAccess
from ..datasets.answer import Answer
from ..datasets.base import DataSet, DataSetForm
from ..datasets.changing import SIGNED_ELSEWHERE, ChangingView
from ..datasets.submission import Submission
from ..datasets.words import Notice
from ..perfectgym.models import Amendment, SelfServiceData
from ..signature.field import SignatureField
from . import phone, session
from .entry import opened
from .forms import UnlockForm
from .members import desk_access
from .session import State

SIGNATURE = ("signature", "signature_name")


class SigningForm(forms.Form):
    """The pad alone."""

    signature = SignatureField(label=gettext_lazy("Your signature"))


class Draft(Submission):
    """A change that is complete but for what goes with it: checked as always, and not sent."""

    ready: DataSetForm | None = None
    is_signed = False  # whether the set is one that has to be

    def form_for(self, current: SelfServiceData | None, requested: Amendment | None = None) -> DataSetForm:
        """Return the form without what is asked for elsewhere."""
        form = super().form_for(current, requested)
        self.is_signed = form.goes_with_more
        for name in form.extra_names:
            del form.fields[name]
        return form

    def send(self, form: DataSetForm, current: SelfServiceData) -> Answer:  # noqa: ARG002  # the signature of its base
        """Keep it, now that it is known to be valid and to change something."""
        self.ready = form
        return Answer(form)


@dataclass(frozen=True)
class Unsigned:
    """What was posted, what of it is shown above the pad, and the link for the phone, "" on the tablet."""

    access: Access
    data_set: DataSet
    posted: str
    shown: tuple[tuple[str, str], ...]
    phone: str = ""

    @classmethod
    def of(cls, access: Access, data_set: DataSet, posted: QueryDict, form: DataSetForm) -> Self:
        """Return a valid change, as what is to be signed."""
        kept = posted.copy()
        for name in ("csrfmiddlewaretoken", "by", *SIGNATURE):
            kept.pop(name, None)
        values = [(str(form.label(name)), form.display(name, form.value(name))) for name in form.value_names()]
        shown = tuple((label, text) for label, text in values if text)
        return cls(access, data_set, kept.urlencode(), shown)

    @classmethod
    def read(cls, access: Access, data_set: DataSet, token: str) -> Self | None:
        """Return what a page carried; None unless it was made for this member, session and set."""
        try:
            content: dict[str, Any] = signing.loads(token, salt=_salt(access, data_set))
            shown = tuple((label, text) for label, text in content["shown"])
            return cls(access, data_set, content["posted"], shown, content["phone"])
        except (signing.BadSignature, KeyError, TypeError, ValueError):
            return None

    @property
    def token(self) -> str:
        """All of it as a page carries it."""
        content = {"posted": self.posted, "shown": self.shown, "phone": self.phone}
        return signing.dumps(content, salt=_salt(self.access, self.data_set), compress=True)

    def signed(self, signature: QueryDict | dict[str, str]) -> QueryDict:
        """Return what was posted, with a signature that is good for exactly that."""
        posted = QueryDict(self.posted, mutable=True)
        posted[SIGNED_ELSEWHERE] = "1"
        for name in SIGNATURE:
            posted[name] = str(signature.get(name) or "")
        return posted


class SignView(ChangingView):
    """Collects the signature of a change that is complete otherwise."""

    def get(self, _request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Lead to the data set: what was typed stood in a page that is gone."""
        return redirect(self.access.url("data-set", slug=data_set.slug))

    def post(self, request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Begin, or go on with what the page carries."""
        unsigned = Unsigned.read(self.access, data_set, request.POST.get("draft", ""))
        if session.state(request) is State.HANDED_OVER and (unsigned is None or unsigned.phone):
            return redirect("desk-unlock", studio=self.access.studio.slug)
        if unsigned is None:
            return self.begin(request, data_set)
        if unsigned.phone:
            return self.from_phone(request, unsigned)
        if "unlock" in request.POST:
            return self.give_back(request, unsigned)
        return self.on_tablet(request, unsigned)

    def begin(self, request: HttpRequest, data_set: DataSet) -> HttpResponse:
        """Check what was typed, and show where it can be signed; a form that is not right comes back as always."""
        draft = Draft(self.access, data_set, request.POST, self.deadline)
        answer = draft.run()
        if draft.ready is None:
            return self.show(request, data_set, answer)
        if not draft.is_signed:
            return redirect(self.access.url("data-set", slug=data_set.slug))
        unsigned = Unsigned.of(self.access, data_set, request.POST, draft.ready)
        if request.POST.get("by") == "phone":
            token = phone.ask(self.access.studio, [list(line) for line in unsigned.shown])
            return self.phone_page(request, replace(unsigned, phone=token))
        return self.tablet_page(request, unsigned, SigningForm())

    def tablet_page(self, request: HttpRequest, unsigned: Unsigned, form: SigningForm) -> HttpResponse:
        """Show what is to be signed, the pad, and nothing else."""
        return self._handed_over(request, "desk/sign_here.html", unsigned, form=form)

    def on_tablet(self, request: HttpRequest, unsigned: Unsigned) -> HttpResponse:
        """Take the signature, and ask for the tablet back."""
        form = SigningForm(request.POST)
        if "decline" not in request.POST and not form.is_valid():
            return self.tablet_page(request, unsigned, form)
        signature = {} if "decline" in request.POST else signature_of(request.POST)
        return self._handed_over(request, "desk/give_back.html", unsigned, form=UnlockForm(), signature=signature)

    def give_back(self, request: HttpRequest, unsigned: Unsigned) -> HttpResponse:
        """Go on once the person on duty has unlocked the tablet."""
        form, signature = UnlockForm(request.POST), signature_of(request.POST)
        account, studio = session.whose(request), self.access.studio
        if account and form.is_valid() and opened(request, studio, account, form):
            try:
                self.access = desk_access(request, self.deadline, studio, self.access.customer_id)
                return self.go_on(request, unsigned, signature)
            except NoAccess:
                form.add_error(None, _("The studio's system does not answer. Nothing was lost: try again in a minute."))
        return self._handed_over(request, "desk/give_back.html", unsigned, form=form, signature=signature)

    def phone_page(self, request: HttpRequest, unsigned: Unsigned, *, not_yet: bool = False) -> HttpResponse:
        """Show the QR code, and wait."""
        path = reverse("desk-phone", kwargs={"studio": self.access.studio.slug, "token": unsigned.phone})
        address = request.build_absolute_uri(path)
        picture = segno.make(address, error="m").svg_data_uri(scale=6, border=4, light="#fff")
        return self._page(
            request, "desk/sign_phone.html", unsigned, picture=picture, phone_url=address, not_yet=not_yet
        )

    def from_phone(self, request: HttpRequest, unsigned: Unsigned) -> HttpResponse:
        """Go on when the signature is there."""
        studio = self.access.studio
        if "decline" in request.POST:
            return self.go_on(request, unsigned, {})
        signature = phone.collect(studio, unsigned.phone)
        if signature is not None:
            return self.go_on(request, unsigned, signature)
        if phone.has_ended(studio, unsigned.phone):
            return self.go_on(request, unsigned, {})
        return self.phone_page(request, unsigned, not_yet=True)

    def go_on(self, request: HttpRequest, unsigned: Unsigned, signature: dict[str, str]) -> HttpResponse:
        """Send the signed change like any other; without a signature, show the form with all that was typed."""
        change = Submission(self.access, unsigned.data_set, unsigned.signed(signature), self.deadline)
        if any(signature.values()):
            return self.show(request, unsigned.data_set, change.run())
        not_signed = Notice(_("It is not signed yet, so nothing was sent. What was typed is still here."), "warning")
        answer = change.reopen()
        return self.show(request, unsigned.data_set, replace(answer, notice=answer.notice or not_signed))

    def _handed_over(self, request: HttpRequest, template: str, unsigned: Unsigned, **context: Any) -> HttpResponse:
        """Show a page to the member who holds the tablet: from now on it opens no other one."""
        session.set_state(request, State.HANDED_OVER, signing=self.access.customer_id)
        return session.turned(self._page(request, template, unsigned, **context))

    def _page(self, request: HttpRequest, template: str, unsigned: Unsigned, **context: Any) -> HttpResponse:
        assert self.access.helper  # noqa: S101  # nosec B101  # only the desk's URLs lead here
        slug = unsigned.data_set.slug
        url = self.access.helper.sign_url(slug)
        return self.page(request, template, unsigned=unsigned, sign_url=url, **context)


def signature_of(posted: QueryDict) -> dict[str, str]:
    """Return what was drawn or typed, "" for what was not."""
    return {name: posted.get(name, "") for name in SIGNATURE}


def _salt(access: Access, data_set: DataSet) -> str:
    whose = f"{access.studio.slug}:{access.customer_id}:{access.actor}:{access.session}"
    return f"selfservice.desk.signing:{whose}:{data_set.slug}"
