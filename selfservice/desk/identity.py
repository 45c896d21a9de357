"""Who somebody is, as the person at the desk has made sure: by which kind of document, never its number."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from . import factors, limits, session
from .forms import code_field
from .session import Staff

DOCUMENTS = {
    "id-card": _("Identity card"),
    "passport": _("Passport"),
    "driving-licence": _("Driving licence"),
    "residence-permit": _("Residence permit"),
}


class IdentityForm(forms.Form):
    """Asks for the kind of document, and for a code when the last one is older than ten minutes."""

    document = forms.ChoiceField(
        label=_("What did you look at?"),
        choices=[("", _("Please choose")), *DOCUMENTS.items()],
        error_messages={"required": _("Say which kind of document you looked at.")},
    )
    code = code_field()

    def __init__(self, data: QueryDict | None, request: HttpRequest, staff: Staff) -> None:
        # "code" is the name of the member's own code on the same page.
        super().__init__(data, prefix="identity")
        self._request, self._staff = request, staff
        if staff.has_just_proven:
            del self.fields["code"]

    def clean_code(self) -> str:
        """Try the code."""
        code: str = self.cleaned_data["code"]
        if not limits.may_try(self._request, self._staff.name):
            raise ValidationError(_("Too many tries. Wait a quarter of an hour."), code="too-many")
        if factors.check(self._staff.account, code) is None:
            raise ValidationError(_("This is not right. Wait for the next code of your app."), code="wrong")
        limits.was_right(self._staff.name)
        session.proven(self._request)
        return code

    @property
    def proof(self) -> str:
        """What the audit trail says of it."""
        return f"identity:{self.cleaned_data['document']}"
