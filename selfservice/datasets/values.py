"""Values on their way between the API and a page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..text import Text

LONG_WORD = 18


@dataclass(frozen=True)
class Row:
    """A value as people read it; "" when there is none."""

    name: str
    label: Text
    value: str

    @property
    def is_long(self) -> bool:
        """Whether the value, an e-mail address for instance, has a word too long for half a phone's width."""
        return max(map(len, self.value.split()), default=0) > LONG_WORD


@dataclass(frozen=True)
class Change:
    """A value and what it is to become, as people read them; "" stands for none."""

    name: str
    label: Text
    current: str
    requested: str


@dataclass(frozen=True)
class Wanted:
    """What a change asks for, by the API's names.

    `base` are the values that the change is made to, unknown ones included; `changes` the ones that differ, None
    removes one; `extras` go with the change without being values.
    """

    base: Mapping[str, Any]
    changes: Mapping[str, Any]
    extras: Mapping[str, Any]

    def body(self) -> dict[str, Any]:
        """Return what is sent: the values as they came, the changes over them, nothing that says "no value"."""
        wanted = {**self.base, **self.changes}
        return {name: value for name, value in wanted.items() if value not in (None, "")} | dict(self.extras)


def wire(name: str) -> str:
    """Return the API's name of a form field: `zip_code` is `zipCode`."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def field_name(reference: str) -> str:
    """Return the form field that an error's `reference` means: `signature.base64SvgSignature` is `signature`."""
    head = reference.partition(".")[0]
    return re.sub(r"[A-Z]", lambda capital: f"_{capital.group().lower()}", head)


def as_text(value: object) -> str:
    """Return a cleaned or typed value as text; None is ""."""
    return "" if value is None else str(value)


def plain(text: str) -> str:
    """Drop what a browser drops from a text box, so that an untouched value is recognised."""
    return re.sub(r"[\r\n\0]", "", text).strip()
