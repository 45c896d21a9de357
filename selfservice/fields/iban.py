"""IBAN and BIC: reading, checking, comparing and masking them."""

import re
from dataclasses import dataclass

import schwifty
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from schwifty.exceptions import InvalidChecksumDigits, SchwiftyException
from schwifty.registry import get_banks_by_code, get_iban_spec

from .country import country_name, is_country
from .text import OneLineField, compact

_LONGEST_INPUT = 100  # 34 characters, blanks between all of them, and a pasted "IBAN:" before them
_PASTED_LABEL = re.compile(r"IBAN[:.]*")
_IBAN_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_LETTERS_AND_DIGITS = re.compile(r"[A-Z0-9]+")
# ISO 9362: four characters for the institution, two letters for the country, two for the place, three for the branch.
_BIC_SHAPE = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_HEAD_OFFICE = "XXX"
_DOTS = "••••"
_CODE_BOX = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false", "inputmode": "text"}


@dataclass(frozen=True)
class Bank:
    """A bank as the national registers name it; `bic` or `name` is "" when the register lacks it."""

    bic: str
    name: str


def _compact_iban(text: str) -> str:
    if len(text) > _LONGEST_INPUT:
        return text
    return _PASTED_LABEL.sub("", compact(text), count=1) if text else ""


def mask_iban(text: str) -> str:
    """Return "DE91 •••• 6789" for something shaped like an IBAN, "" for nothing, and only dots for everything else."""
    iban = _compact_iban(text)
    if _IBAN_SHAPE.fullmatch(iban):
        return f"{iban[:4]} {_DOTS} {iban[-4:]}"
    return _DOTS if iban else ""


def same_iban(a: str, b: str) -> bool:
    """Tell whether both texts are the same account number, whatever blanks, dashes and case they are written with."""
    return _compact_iban(a) == _compact_iban(b)


def bank_of(iban: str) -> Bank | None:
    """Return the bank of a valid IBAN from the national registers; None when unknown. Never raises."""
    known = _read(iban)
    if known is None or known.bank is None:
        return None
    return Bank(bic=str(known.bic or ""), name=known.bank_name or "")


def bic_matches(iban: str, bic: str) -> bool | None:
    """Tell whether `bic` belongs to the bank of `iban`; None when the registers or the values don't allow an answer.

    A head office (branch XXX or none) stands for all its branches.
    """
    known, given = _read(iban), compact(bic[:_LONGEST_INPUT])
    if known is None or known.bank is None or not _BIC_SHAPE.fullmatch(given):
        return None
    listed = {bank.bic for bank in get_banks_by_code(known.country_code, known.bank.bank_code) if bank.bic}
    return any(_same_institution(bic, given) for bic in listed) if listed else None


def _same_institution(a: str, b: str) -> bool:
    if _HEAD_OFFICE in (a[8:] or _HEAD_OFFICE, b[8:] or _HEAD_OFFICE):
        return a[:8] == b[:8]
    return a == b


def _read(text: str) -> schwifty.IBAN | None:
    iban = _compact_iban(text)
    try:
        return schwifty.IBAN(iban) if _IBAN_SHAPE.fullmatch(iban) else None
    except SchwiftyException:
        return None


class IBANField(OneLineField):
    """An IBAN in groups of four, "DE91 1000 0000 0123 4567 89"; every kind of mistake has its own message."""

    longest_input = _LONGEST_INPUT
    hints = _CODE_BOX
    default_error_messages = {
        "required": _("Enter the IBAN."),
        "too_long": _("This is too long for an IBAN. Enter only the IBAN, for example DE91 1000 0000 0123 4567 89."),
        "characters": _("An IBAN has only the letters A to Z and digits. Remove all other characters."),
        "unknown_country": _(
            "An IBAN starts with the two letters of its country, for example DE. Check the beginning."
        ),
        "no_iban_country": _("Banks in this country (%(country)s) have no IBAN. Enter an account that has one."),
        "length": ngettext_lazy(
            "An IBAN from %(prefix)s (%(country)s) has %(length)d characters. You typed %(typed)d character.",
            "An IBAN from %(prefix)s (%(country)s) has %(length)d characters. You typed %(typed)d characters.",
            "typed",
        ),
        "structure": _(
            "There is a letter where this IBAN needs a digit, or a digit where it needs a letter. "
            "Look for the letter O typed for the digit 0, and for I typed for 1."
        ),
        "checksum": _("There is a typing mistake in this IBAN. Compare it with your bank card or statement."),
    }

    def display(self, text: str) -> str:
        """Return the account number masked; the form alone shows it in full."""
        return mask_iban(text)

    def display_typed(self, text: str) -> str:
        """Return what somebody just typed in full, so that they need not look it up again."""
        return text

    def same(self, a: str, b: str) -> bool:
        """Say whether both are the same account, whatever blanks they are written with."""
        return same_iban(a, b)

    def normalise(self, text: str) -> str:
        """Return the IBAN in groups of four; raise ValidationError that names the mistake."""
        iban = _compact_iban(text)
        if iban:
            self._check_country(iban)
            self._check_account(iban)
        return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))

    def has_changed(self, initial: object, data: object) -> bool:
        """Ignore blanks and case: they do not make another account."""
        return not same_iban(str(initial or ""), str(data or "")) and super().has_changed(initial, data)

    def _check_country(self, iban: str) -> None:
        if not _LETTERS_AND_DIGITS.fullmatch(iban):
            raise self.fault("characters")
        code = iban[:2]
        if not is_country(code):
            raise self.fault("unknown_country")
        length = _iban_length(code)
        if not length:
            raise self.fault("no_iban_country", country=country_name(code))
        if len(iban) != length:
            raise self.fault("length", prefix=code, country=country_name(code), length=length, typed=len(iban))

    def _check_account(self, iban: str) -> None:
        try:
            schwifty.IBAN(iban)
        except InvalidChecksumDigits as error:
            raise self.fault("checksum") from error
        except SchwiftyException as error:
            raise self.fault("structure") from error


def _iban_length(code: str) -> int:
    try:
        return int(get_iban_spec(code).iban_length)
    except SchwiftyException:
        return 0


class BICField(OneLineField):
    """A BIC (ISO 9362) of 8 or 11 characters in capitals. Whether the bank exists is not checked."""

    hints = _CODE_BOX
    default_error_messages = {
        "required": _("Enter the BIC."),
        "too_long": _("This is too long for a BIC. Enter only the BIC, for example DEUTDEFF or DEUTDEFFXXX."),
        "characters": _("A BIC has only the letters A to Z and digits. Remove all other characters."),
        "length": ngettext_lazy(
            "A BIC has 8 or 11 characters. You typed %(typed)d character.",
            "A BIC has 8 or 11 characters. You typed %(typed)d characters.",
            "typed",
        ),
        "structure": _(
            "There is a typing mistake in this BIC. Its fifth and sixth characters are letters that name a country, "
            "as in DEUTDEFF. Compare it with your bank statement."
        ),
    }

    def normalise(self, text: str) -> str:
        """Return the BIC in capitals without blanks; raise ValidationError that names the mistake."""
        bic = compact(text)
        if bic and (problem := _bic_problem(bic)):
            raise self.fault(problem, typed=len(bic))
        return bic


def _bic_problem(bic: str) -> str:
    if not _LETTERS_AND_DIGITS.fullmatch(bic):
        return "characters"
    if len(bic) not in {8, 11}:
        return "length"
    return "" if _BIC_SHAPE.fullmatch(bic) and is_country(bic[4:6]) else "structure"
