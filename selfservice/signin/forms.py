"""The two forms of the sign-in: an address, then the code that was sent there."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..fields.email import EMAIL_BOX, EmailField
from .codes import DIGITS


class EmailForm(forms.Form):
    """Asks for the address a code is sent to; `cleaned_data["email"]` is one address that can be mailed to."""

    email = EmailField(
        label=_("E-mail address"),
        help_text=_("The one your studio has for you."),
        error_messages={"required": _("Enter your e-mail address.")},
        widget=forms.EmailInput(EMAIL_BOX),
    )


class CodeInput(forms.TextInput):
    """A box that is always empty: a code that was refused is not worth correcting."""

    def format_value(self, value: object) -> None:
        """Show nothing."""


class CodeForm(forms.Form):
    """Asks for the code; `cleaned_data["code"]` is its digits alone, however they were typed or pasted."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("8 digits, such as 1234 5678."),
        error_messages={"required": _("Enter the code from the mail.")},
        widget=CodeInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_code(self) -> str:
        """Return the digits; blanks and dashes of every script are allowed between them, and digits of every script."""
        characters = [one for one in self.cleaned_data["code"] if not _separates(one)]
        digits = [unicodedata.decimal(one, -1) for one in characters]
        if len(digits) != DIGITS or -1 in digits:
            raise ValidationError(
                _("A code has 8 digits. Look at the mail again; this did not count as a try."), code="shape"
            )
        return "".join(map(str, digits))


def _separates(character: str) -> bool:
    """Whether it only stands between digits: blanks, dashes, and what can't be seen (Zs, Pd, Cf and white space)."""
    return character.isspace() or unicodedata.category(character) in ("Pd", "Cf")
