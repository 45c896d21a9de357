"""How a data set's form shows values that nobody is editing: in rows, and as changes that wait."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from ..perfectgym.models import Amendment, SelfServiceData
from ..text import Text, shortened
from .values import Change, Row, field_name, wire


class ShownForm(forms.Form):
    """A form as the schema of a data set. Its fields may say how a value is read out (`display`) and compared (`same`).

    Fields with `extra = True` go with a change without being a value of the set.
    """

    @classmethod
    def value_names(cls) -> list[str]:
        """Return the names of the fields that are values of the data set, in their order."""
        return [name for name, field in cls.base_fields.items() if not getattr(field, "extra", False)]

    @classmethod
    def can_show(cls, source: SelfServiceData | Amendment) -> bool:
        """Say whether all values that this form knows, those that wait too, are texts, numbers or missing."""
        pending = source.pending if isinstance(source, SelfServiceData) else None
        parts = [source, pending] if pending else [source]
        return all(part.is_plain(wire(name)) for part in parts for name in cls.value_names())

    @classmethod
    def rows(cls, source: SelfServiceData | Amendment) -> list[Row]:
        """Return the values of a data set or an amendment as people read them; empty ones where they are usual."""
        texts = {name: source.text(wire(name)) for name in cls.value_names()}
        usual = cls.usual_names(texts)
        return [Row(name, cls.label(name), cls.display(name, texts[name])) for name in usual] + [
            Row(name, cls.label(name), cls.display(name, text))
            for name, text in texts.items()
            if text and name not in usual
        ]

    @classmethod
    def usual_names(cls, texts: Mapping[str, str]) -> Sequence[str]:  # noqa: ARG003  # for data sets that depend on it
        """Return the values that are shown also when they are empty, in their order, given all of them."""
        return cls.value_names()

    @classmethod
    def pending_changes(cls, data: SelfServiceData) -> list[Change]:
        """Return what the pending amendment of a data set would change."""
        if data.pending is None:
            return []
        pending = data.pending
        return cls.differing({name: (data.text(wire(name)), pending.text(wire(name))) for name in cls.value_names()})

    @classmethod
    def differing(cls, pairs: Mapping[str, tuple[str, str]]) -> list[Change]:
        """Return what changes between (now, then), by field name, as people read it."""
        return [
            Change(name, cls.label(name), cls.display(name, now), cls.display(name, then))
            for name, (now, then) in pairs.items()
            if now != then
        ]

    @classmethod
    def known_values(cls, source: SelfServiceData | Amendment) -> dict[str, str]:
        """Return the values of the set that this form knows, by the API's names; "" for those that are not there."""
        return {wire(name): source.text(wire(name)) for name in cls.value_names()}

    @classmethod
    def holds(cls, source: SelfServiceData | Amendment, changes: Mapping[str, Any]) -> bool:
        """Say whether a data set or an amendment shows exactly these changes; an IBAN may have other blanks."""
        return all(cls._same(name, source.text(name), wanted or "") for name, wanted in changes.items())

    @classmethod
    def _same(cls, api_name: str, a: str, b: str) -> bool:
        same = getattr(cls.base_fields.get(field_name(api_name)), "same", None)
        return bool(same(a, b)) if same else a == b

    @property
    def extra_names(self) -> list[str]:
        """The fields that go with a change without being a value, such as a signature."""
        return [name for name, field in self.fields.items() if getattr(field, "extra", False)]

    @property
    def goes_with_more(self) -> bool:
        """Whether it asks for something that goes with a change without being a value."""
        return bool(self.extra_names)

    @classmethod
    def label(cls, name: str) -> Text:
        """Return what people call a field."""
        return cls.base_fields[name].label or name

    @classmethod
    def display(cls, name: str, text: str) -> str:
        """Return a value as people read it: in words or as it came, cut if absurdly long."""
        show = getattr(cls.base_fields[name], "display", None)
        return shortened(str(show(text)) if show and text else text)
