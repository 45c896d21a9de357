"""Countries by their CLDR names in the active language, and a select that renders quickly."""

import unicodedata
from functools import lru_cache, partial
from html import escape
from typing import Any, Unpack

from babel import Locale, UnknownLocaleError
from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from ..text import shortened
from .options import FieldOptions

# CLDR also names groups of states, islands without a code of their own and test codes.
_NOT_ISO_3166 = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
_NAMED_ONLY = frozenset({"XK"})  # Kosovo: in use for IBANs and postcodes, but ISO 3166-1 does not assign it
_NO_DECOMPOSITION = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})

_NOTHING = "—"

Choice = tuple[str, str]


def country_name(code: str) -> str:
    """Return the name of an ISO 3166-1 alpha-2 code in the active language; "" for "", the code itself when unknown."""
    return _names(_locale()).get(code.upper(), code)


def is_country(code: str) -> bool:
    """Tell whether `code` (two capitals) is in ISO 3166-1, or is Kosovo's XK."""
    return code in _names("en")


def _locale() -> str:
    return to_locale(get_language() or "en")


@lru_cache(maxsize=64)
def _names(locale: str) -> dict[str, str]:
    try:
        territories = Locale.parse(locale).territories
    except (UnknownLocaleError, ValueError):
        territories = Locale("en").territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code not in _NOT_ISO_3166}


@lru_cache(maxsize=64)
def _sorted_choices(locale: str) -> tuple[Choice, ...]:
    listed = ((code, name) for code, name in _names(locale).items() if code not in _NAMED_ONLY)
    return tuple(sorted(listed, key=lambda choice: _collation_key(choice[1])))


def _collation_key(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in folded if not unicodedata.combining(char)).translate(_NO_DECOMPOSITION)


def _choices(*, optional: bool, kept: tuple[str, ...] = ()) -> list[Choice]:
    listed = _sorted_choices(_locale())
    blank = [("", _NOTHING)] if optional else []
    codes = {code for code, _name in listed}
    return [*blank, *((code, shortened(country_name(code))) for code in kept if code not in codes), *listed]


class CountrySelect(forms.Select):
    """A flat select whose options are written in one go: Django's own renders one template for each."""

    template_name = "fields/country_select.html"

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Offer an empty option where nothing valid is chosen, so that no country is chosen by accident."""
        context = forms.Widget.get_context(self, name, value, attrs)
        widget = context["widget"]
        choices = {str(code): str(label) for code, label in self.choices}
        selected = str(value or "")
        if "" not in choices and (selected not in choices or "required" in widget["attrs"]):
            choices = {"": _NOTHING, **choices}
        widget["options"] = _options(choices, selected)
        return context

    def use_required_attribute(self, initial: object) -> bool:
        """Say `required` where the choice can be left empty."""
        return not initial and forms.Widget.use_required_attribute(self, initial)


def _options(choices: dict[str, str], selected: str) -> SafeString:
    # The standard library's escape: it is called 500 times for one select, and Django's takes six times as long.
    rows = "".join(
        f'<option value="{escape(code)}"{" selected" * (code == selected)}>{escape(label)}</option>'
        for code, label in choices.items()
    )
    return SafeString(rows)  # nosec B703  # every part was escaped just above


class CountryField(forms.ChoiceField):
    """One ISO 3166-1 alpha-2 code, chosen by name; "" when not required and left empty."""

    widget = CountrySelect
    default_error_messages = {
        "required": _("Choose a country."),
        "invalid_choice": _("Choose a country from the list."),
    }

    def __init__(self, **options: Unpack[FieldOptions]) -> None:
        self._kept: tuple[str, ...] = ()
        optional = not options.get("required", True)
        super().__init__(choices=partial(_choices, optional=optional), **options)

    def display(self, code: str) -> str:
        """Return the name of the country."""
        return country_name(code)

    def keep(self, code: str) -> None:
        """Let a stored `code` that is not in the list be chosen as it is; call it on the field of a form instance."""
        self._kept = (*self._kept, code) if code else self._kept
        self.choices = partial(_choices, optional=not self.required, kept=self._kept)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let browsers fill in the country unless the widget says otherwise."""
        return {
            **super().widget_attrs(widget),
            **({} if "autocomplete" in widget.attrs else {"autocomplete": "country"}),
        }
