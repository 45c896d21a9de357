"""What every one-line value shares: a bounded length, no hidden characters, one Unicode form."""

import re
import unicodedata
from typing import Any, Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from .options import FieldOptions

# Tab, line feed and carriage return count as blanks: they come along when a table cell is copied.
_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_JOINERS = "\u200c\u200d"  # they shape letters in Persian and Hindi names


def refuse_hidden_characters(text: str) -> None:
    """Raise ValidationError for control characters, bidirectional overrides and isolates, and lone surrogates."""
    if _REFUSED.search(text):
        raise ValidationError(
            _("This text contains hidden characters that cannot be stored. Type it in instead of pasting it."),
            code="hidden_characters",
        )


def drop_invisible(text: str) -> str:
    """`text` without zero-width and other format characters; joiners stay because they change how letters look."""
    return "".join(char for char in text if char in _JOINERS or unicodedata.category(char) != "Cf")


def ascii_digits(text: str) -> str:
    """`text` in compatibility form, with the digits of every script written 0 to 9. Give it short text only."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in folded)


def compact(text: str) -> str:
    """`text` without blanks, dashes and invisible characters, in ASCII digits and capitals. Give it short text only."""
    kept = (char for char in ascii_digits(text) if not char.isspace() and not _is_dash_or_invisible(char))
    joined = "".join(kept)
    # Beyond ASCII, upper() would turn a foreign letter into a valid one ("ı" into "I").
    return joined.upper() if joined.isascii() else joined


def _is_dash_or_invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Pd", "Cf"} or char == "\N{MINUS SIGN}"


def same_text(stored: object, typed: object) -> bool:
    """Whether an untouched input came back: equal apart from blanks around it."""
    return str(stored or "").strip() == str(typed or "").strip()


class OneLineField(forms.CharField):
    """Base of the text fields: checks length and characters, then lets `normalise` decide what the text becomes.

    A value that comes back as it is stored has not changed (`has_changed`), whatever today's rules say about it.
    """

    longest_input: int = 64
    hints: dict[str, str] = {}
    default_error_messages = {
        "required": _("Please fill this in. It can't be empty."),
        "too_long": _("This is too long. Check that you typed it into the right box."),
    }

    def to_python(self, value: object) -> str | None:
        """Return the normalised text; raise ValidationError when it breaks a rule."""
        text = super().to_python(value)
        if not text:
            return text
        if len(text) > self.longest_input:
            raise self.fault("too_long", limit=self.max_length or self.longest_input, typed=len(text))
        refuse_hidden_characters(text)
        return self.normalise(text) or self.empty_value

    def normalise(self, text: str) -> str:
        """Turn text that is not empty into the value to store, or raise ValidationError."""
        raise NotImplementedError

    def fault(self, code: str, **params: object) -> ValidationError:
        """Build the error that `error_messages` holds for `code`."""
        return ValidationError(self.error_messages[code], code=code, params=params)

    def has_changed(self, initial: object, data: object) -> bool:
        """Tell whether `data` asks for another value than the stored `initial`."""
        return not same_text(initial, data) and super().has_changed(initial, data)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Add the keyboard and autofill hints that the widget does not set itself."""
        hints = {name: value for name, value in self.hints.items() if name not in widget.attrs}
        return {**super().widget_attrs(widget), **hints}


class PlainTextField(OneLineField):
    """Names, streets and the like: any script, one line, single blanks, at most `max_length` characters."""

    default_error_messages = {
        "too_long": ngettext_lazy(
            "Use at most %(limit)d character. You typed %(typed)d.",
            "Use at most %(limit)d characters. You typed %(typed)d.",
            "limit",
        )
    }

    def __init__(self, *, max_length: int = 255, **options: Unpack[FieldOptions]) -> None:
        super().__init__(**options)
        # Not passed on: CharField would add the maxlength attribute, with which browsers cut pasted text silently.
        self.max_length: int = max_length
        self.longest_input = 4 * max_length  # decomposed letters and blanks may still shrink below the limit

    def normalise(self, text: str) -> str:
        """Compose letters with their accents, join blanks and count."""
        composed = unicodedata.normalize("NFC", drop_invisible(text))
        line = " ".join(composed.split()).strip(_JOINERS + " ")
        if len(line) > self.max_length:
            raise self.fault("too_long", limit=self.max_length, typed=len(line))
        return line
