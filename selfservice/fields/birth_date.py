"""Date of birth in three boxes: day, month and year, in this order in every language."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from .text import ascii_digits, refuse_hidden_characters

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.utils.datastructures import MultiValueDict

_BOXES = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
_ISO_DATE = re.compile(r"([0-9]{1,4})-([0-9]{1,2})-([0-9]{1,2})")
_LONGEST_PART = 16
_EARLIEST = dt.date(1900, 1, 1)

Parts = tuple[str, str, str]
Files: TypeAlias = "MultiValueDict[str, UploadedFile[Any]]"


def _parts(value: object) -> Parts:
    """Take day, month and year out of a date, an ISO text or a list; text that is no date stays whole in the day."""
    if isinstance(value, dt.date):
        return str(value.day), str(value.month), str(value.year)
    if isinstance(value, (list, tuple)):
        day, month, year, *_rest = [*(str(part or "").strip() for part in value), "", "", ""]
        return day, month, year
    text = str(value or "").strip()
    if iso := _ISO_DATE.fullmatch(text):
        return iso[3].lstrip("0"), iso[2].lstrip("0"), iso[1]
    return text, "", ""


class BirthDateInput(forms.MultiWidget):
    """Three text boxes named `<name>_day`, `_month` and `_year`; without them, `<name>` is read as an ISO date.

    What was typed comes back into the boxes as it is. The legend around them is the form template's.
    """

    template_name = "fields/birth_date.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput({"inputmode": "numeric", "autocomplete": f"bday-{part}", "spellcheck": "false"})
            for part in _BOXES
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: object) -> list[str]:
        """Return the texts of the boxes for a stored value."""
        return list(_parts(value))

    def value_from_datadict(self, data: Mapping[str, Any], files: Files, name: str) -> list[Any]:
        """Return the texts of the boxes, or those of the whole date in `name` when no box was sent."""
        typed = super().value_from_datadict(data, files, name)
        return list(_parts(data.get(name))) if all(part is None for part in typed) else typed

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Files, name: str) -> bool:
        """Tell whether neither a box nor the whole date was sent."""
        return name not in data and super().value_omitted_from_data(data, files, name)

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Name and label each box after what it holds."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        for box, (part, label) in zip(widget["subwidgets"], _BOXES.items(), strict=True):
            box["label"] = label
            if widget["attrs"].get("id"):
                box["attrs"]["id"] = f"{widget['attrs']['id']}_{part}"
        return context


class BirthDateBoundField(BoundField):
    """Describes each box: a screen reader says a fieldset's description only when it enters the group."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add help text and error to the boxes, where Django would leave them to the fieldset."""
        described = {"aria-describedby": self.aria_describedby} if self.aria_describedby else {}
        return {**described, **super().build_widget_attrs(attrs, widget)}

    @property
    def id_for_label(self) -> str:
        """The first box: where a link from the list of errors leads."""
        return f"{self.auto_id}_day" if self.auto_id else ""


class BirthDateField(forms.Field):
    """A date of birth, from 1900 to today, as datetime.date; None when not required and left empty."""

    widget = BirthDateInput
    bound_field_class = BirthDateBoundField
    default_error_messages = {
        "required": _("Enter the date of birth."),
        "no_day": _("The day is missing. Enter it in the first box."),
        "no_month": _("The month is missing. Enter it in the second box."),
        "no_year": _("The year is missing. Enter it in the third box."),
        "digits": _("Use only digits for day, month and year, for example 4 5 1952."),
        "short_year": _("Enter the year with four digits, for example 1952."),
        "no_such_date": _("This date does not exist. Check day and month."),
        "future": _("This date is in the future. Check the year."),
        "too_early": _("This date is before 1900. Check the year."),
    }

    def to_python(self, value: object) -> dt.date | None:
        """Return the date; raise ValidationError that names the mistake."""
        parts = _parts(value)
        if not any(parts):
            return None
        day, month, year = self._numbers(parts)
        try:
            date = dt.date(year, month, day)
        except ValueError as error:
            raise self._fault("no_such_date") from error
        self._check_range(date)
        return date

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare what stands in the boxes, so that an untouched stored value never counts as changed."""
        return not self.disabled and _comparable(initial) != _comparable(data)

    def as_text(self, value: object) -> str:
        """Return what stands in the boxes, or a stored text, as one text: like an ISO date where it has the parts."""
        day, month, year = _parts(value)
        return f"{year}-{month:0>2}-{day:0>2}" if month or year else day

    def display(self, text: str) -> str:
        """Return an ISO date as people write it in the active language, every other text as it came."""
        try:
            return date_format(dt.date.fromisoformat(text), "DATE_FORMAT")
        except ValueError:
            return text

    def _numbers(self, parts: Parts) -> list[int]:
        self._check_complete(parts)
        if max(map(len, parts)) > _LONGEST_PART:
            raise self._fault("digits")
        refuse_hidden_characters("".join(parts))
        texts = [ascii_digits(part).strip(" .") for part in parts]
        if not all(text.isascii() and text.isdigit() for text in texts):
            raise self._fault("digits")
        if len(texts[2]) != 4:
            raise self._fault("short_year")
        return [int(text) for text in texts]

    def _check_complete(self, parts: Parts) -> None:
        missing = [self._fault(f"no_{name}") for name, part in zip(_BOXES, parts, strict=True) if not part]
        if missing:
            raise ValidationError(missing)

    def _check_range(self, date: dt.date) -> None:
        if date < _EARLIEST:
            raise self._fault("too_early")
        if date > timezone.localdate():
            raise self._fault("future")

    def _fault(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code)


def _comparable(value: object) -> list[str]:
    return [part.lstrip("0") for part in _parts(value)]
