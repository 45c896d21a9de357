"""The forms of the desk: signing in, unlocking, setting up an account, finding a member."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from ..signin.forms import CodeInput
from ..text import Text
from . import factors

LONGEST = 200
KEY_SECONDS = 60 * 60
PASSWORD_RULES = lazy(lambda: " ".join(password_validators_help_texts()), str)()
APP_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 20}


def code_field(**options: Any) -> forms.CharField:
    """Return the box for a code of the app."""
    return forms.CharField(
        label=_("Code from your app"),
        max_length=20,
        error_messages={"required": _("Enter the six digits that your app shows.")},
        widget=CodeInput(APP_CODE),
        **options,
    )


def password_field(label: Text, autocomplete: str, **options: Any) -> forms.CharField:
    """Return a box for a password, which is never written back into a page."""
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        strip=False,
        error_messages={"required": _("Enter your password.")},
        widget=forms.PasswordInput({"autocomplete": autocomplete}),
        **options,
    )


class SignInForm(forms.Form):
    """Asks for everything at once, so that nobody learns which part was wrong."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={"required": _("Enter your e-mail address.")},
        widget=forms.EmailInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = password_field(_("Password"), "current-password")
    code = code_field(help_text=_("Or one of your backup codes."))


class UnlockForm(forms.Form):
    """Asks the person on duty for a code or their password; one is enough."""

    code = code_field(required=False)
    password = password_field(_("Or your password"), "current-password", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.is_derived = True  # type: ignore[attr-defined]  # read by the field's template: none is optional alone

    def clean(self) -> None:
        """Ask for one of the two."""
        if not self.cleaned_data.get("code") and not self.cleaned_data.get("password"):
            self.add_error("code", ValidationError(_("Enter a code from your app, or your password."), code="required"))


class SetUpForm(forms.Form):
    """Asks a new colleague for a password, and for a code that proves that their app has the key."""

    password = password_field(_("Choose a password"), "new-password", help_text=PASSWORD_RULES)
    password_again = password_field(_("The same password again"), "new-password")
    code = code_field(help_text=_("Six digits that your app shows after it has scanned the picture."))

    def __init__(self, data: Mapping[str, Any] | None, account: User, token: str) -> None:
        super().__init__(data)
        self._account, self._salt = account, f"selfservice.desk.set-up:{token}"
        self.key = self._posted_key() or factors.new_key()

    @property
    def carried(self) -> str:
        """The key of this page as the page carries it."""
        return signing.dumps(self.key, salt=self._salt)

    def _posted_key(self) -> str:
        try:
            return str(signing.loads(self.data.get("key", ""), salt=self._salt, max_age=KEY_SECONDS))
        except signing.BadSignature:
            return ""

    def clean_password(self) -> str:
        """Refuse passwords that are short, common, or like the address."""
        password: str = self.cleaned_data["password"]
        validate_password(password.strip(), self._account)  # blanks around it make it no better
        return password

    def clean_password_again(self) -> str:
        """Make sure that it was typed as it was meant."""
        again: str = self.cleaned_data["password_again"]
        if self.cleaned_data.get("password", again) != again:
            raise ValidationError(_("This is not the same as above. Type it once more."), code="different")
        return again

    def clean(self) -> None:
        """Try the code last: one that is right must not be used up by a password that is not good enough."""
        if not self.errors and not factors.fits(self.key, self.cleaned_data["code"]):
            self.add_error(
                "code",
                ValidationError(
                    _("This is not the code that your app should show. Wait for the next one, and check its clock."),
                    code="wrong",
                ),
            )


class SearchForm(forms.Form):
    """One box for whatever the member says."""

    q = forms.CharField(
        label=_("Name, e-mail address, date of birth or membership number"),
        max_length=LONGEST,
        error_messages={"required": _("Enter what the member told you.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "enterkeyhint": "search"}),
    )
