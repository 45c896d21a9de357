"""Phone numbers: however they are typed, stored in international form."""

import re
from typing import Unpack

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

from .country import country_name
from .options import FieldOptions
from .text import OneLineField, ascii_digits, drop_invisible

# Address books wrap a copied number in marks that keep it left to right; the number itself never needs them.
_WRAPPING_MARKS = "\u202a\u202d\u2066\u2068\u202c\u2069"
_PASTED_LABEL = re.compile(r"tel[.:]*\s*", re.IGNORECASE)
_EXTENSION = re.compile(r"[,;]?\s?(?:ext(?:ension|n)?|x|dw|durchwahl|#)[.:=]?\s?-?([0-9]{1,7})$", re.IGNORECASE)
_EXAMPLE = "+49 171 1234567"
_WORLDWIDE = "001"  # the library's region of numbers that belong to no country
_LENGTH_PROBLEMS = {
    ValidationResult.TOO_SHORT: "too_few_digits",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too_few_digits",
    ValidationResult.TOO_LONG: "too_many_digits",
}


class PhoneField(OneLineField):
    """A phone number as "+49 171 1234567", with " ext. 12" behind it when an extension was typed.

    `region` (ISO 3166-1 alpha-2) says where a number without a country prefix belongs; set it on the field of a form
    instance. Without it the prefix must be typed. `autocomplete` takes the variants such as "mobile tel".
    """

    region: str = ""
    widget = forms.TelInput
    default_error_messages = {
        "required": _("Enter a phone number."),
        "too_long": _("This is too long for a phone number. Enter one number only."),
        "no_digits": _("Enter a phone number with digits, for example %(example)s."),
        "letters": _("Use digits instead of letters, for example %(example)s."),
        "too_short": _("This is too short for a phone number. Check that all digits are there."),
        "prefix_missing": _("Start with the prefix of the country, for example %(example)s."),
        "prefix_unknown": _("No country has this prefix. Check the beginning; it looks like this: %(example)s."),
        "too_few_digits": _(
            "This number is too short for the country (%(country)s). Check that the area code and all digits are there."
        ),
        "too_many_digits": _(
            "This number is too long for the country (%(country)s). Check that no digit is there twice."
        ),
        "invalid": _("There is no such number in the country (%(country)s). Check the digits and the prefix."),
    }

    def __init__(self, *, region: str = "", autocomplete: str = "tel", **options: Unpack[FieldOptions]) -> None:
        self.region = region
        self.hints = {"autocomplete": autocomplete, "inputmode": "tel"}
        super().__init__(**options)

    def to_python(self, value: object) -> str | None:
        """Return the number in international form; raise ValidationError that names the mistake."""
        return super().to_python(value.strip(_WRAPPING_MARKS + " ") if isinstance(value, str) else value)

    def normalise(self, text: str) -> str:
        """Split off the extension, then read the number in the region."""
        line = " ".join(ascii_digits(drop_invisible(text)).split())
        line = _PASTED_LABEL.sub("", line, count=1) if line[:3].lower() == "tel" else line
        extension = _EXTENSION.search(line)
        digits = line[: extension.start()] if extension else line
        self._check_characters(digits)
        number = phonenumbers.format_number(self._number(digits), PhoneNumberFormat.INTERNATIONAL)
        return f"{number} ext. {extension[1]}" if extension else number

    def _check_characters(self, text: str) -> None:
        # The library would read letters as keys of a phone: "0171 1234567 Mum" would become another number.
        if any(char.isalpha() for char in text):
            raise self._fault("letters")
        if not any(char.isdigit() for char in text):
            raise self._fault("no_digits")

    def _number(self, text: str) -> PhoneNumber:
        """Read `text`; 00 stands for + everywhere unless the region uses it in another way."""
        abroad = f"+{text[2:]}" if text.startswith("00") else text
        try:
            return self._valid_number(abroad)
        except ValidationError:
            if abroad == text or not self.region:
                raise
        return self._valid_number(text)

    def _valid_number(self, text: str) -> PhoneNumber:
        try:
            number = phonenumbers.parse(text, self.region.upper() or None)
        except NumberParseException as error:
            raise self._fault(_parse_problem(error, text)) from error
        number.extension = None
        reason = phonenumbers.is_possible_number_with_reason(number)
        if reason in _LENGTH_PROBLEMS or not phonenumbers.is_valid_number(number):
            raise self._fault(_LENGTH_PROBLEMS.get(reason, "invalid"), number)
        return number

    def _fault(self, code: str, number: PhoneNumber | None = None) -> ValidationError:
        return self.fault(code, example=self._example(), country=self._country(number) if number else "")

    def _example(self) -> str:
        number = phonenumbers.example_number_for_type(self.region.upper(), PhoneNumberType.MOBILE)
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else _EXAMPLE

    def _country(self, number: PhoneNumber) -> str:
        """Name the country of the prefix; where several share it, the region if it is one of them."""
        prefix = number.country_code or 0
        shared = phonenumbers.region_codes_for_country_code(prefix)
        region = (
            self.region.upper() if self.region.upper() in shared else phonenumbers.region_code_for_country_code(prefix)
        )
        return f"+{prefix}" if region == _WORLDWIDE else country_name(region)


def _parse_problem(error: NumberParseException, text: str) -> str:
    if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        return "prefix_unknown" if "+" in text else "prefix_missing"
    return "too_long" if error.error_type == NumberParseException.TOO_LONG else "too_short"
