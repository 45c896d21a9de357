"""A choice among the codes of the API."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..text import Text, shortened

Codes = Sequence[tuple[str, Text]]


class CodeField(forms.ChoiceField):
    """A choice whose stored code may be newer than this portal: it is shown as it came and stays selectable."""

    default_error_messages = {
        "required": _("Please choose one."),
        "invalid_choice": _("Please choose one of the list."),
    }

    def __init__(self, *, codes: Codes, **options: Any) -> None:
        self.codes = codes
        super().__init__(choices=_choices(codes), **options)

    def keep(self, code: str) -> None:
        """Offer a stored code that is not among the choices as one more choice, in its own words.

        Without a stored code a box to choose from starts empty: nobody may send the first choice by accident.
        """
        if code and code not in dict(self.codes):
            self.choices = _choices([*self.codes, (code, shortened(code))])
        elif not code and not isinstance(self.widget, forms.RadioSelect):
            self.choices = _choices([("", _("Please choose")), *self.codes])

    def display(self, code: str) -> str:
        """Return the words for a code, or the code itself when it is unknown."""
        return str(dict(self.codes).get(code, code))


def _choices(codes: Iterable[tuple[str, Text]]) -> list[tuple[Any, Any]]:
    return list(codes)
