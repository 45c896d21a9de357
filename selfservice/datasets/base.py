"""What a data set is: a declaration of its form, from which showing, editing and comparing follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from ..perfectgym.models import Amendment, SelfServiceData
from ..text import Text
from .access import Access
from .basis import Basis
from .values import Change, Row, Wanted, as_text, plain, wire


class DataSetForm(forms.Form):
    """A form whose fields are the API's properties in snake_case.

    `current` is what PerfectGym holds, None when it can't be read now; `requested` the amendment that is to be
    replaced, if any. A field that was left as it was shown, or that was not on the page, is never validated and is
    missing from `cleaned_data`; a field that was emptied is there as "". Fields with `extra = True` go with a change
    without being a value of the set.
    """

    data: QueryDict

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        access: Access,
        current: SelfServiceData | None,
        requested: Amendment | None = None,
    ) -> None:
        self.access = access
        self.current = current
        self.shown = requested or current
        super().__init__(data, initial={name: self.shown_text(name) for name in self.value_names()})
        self.basis = self._basis_of_form()
        self.prepare()

    # --- what a data set may adapt ---

    def prepare(self) -> None:
        """Adapt the fields to the studio and the values; called once, before anything is checked or shown."""

    def layout(self) -> tuple[Any, ...]:
        """Return the parts of the page's form in their order: field names and crispy layout objects."""
        return tuple(self.fields)

    def refresh(self) -> None:
        """Fill in what follows from the values typed so far, when the person asked for that without sending."""

    def extras(self) -> dict[str, Any]:
        """Return what goes with a change but is no value of the set, by the API's names."""
        return {}

    def warnings(self) -> list[Text]:
        """Return what the person should look at again although the change can be sent."""
        return []

    # --- values ---

    @classmethod
    def value_names(cls) -> list[str]:
        """Return the names of the fields that are values of the data set, in their order."""
        return [name for name, field in cls.base_fields.items() if not getattr(field, "extra", False)]

    def shown_text(self, name: str) -> str:
        """Return what the form shows for a field before anything is typed."""
        return self.shown.text(wire(name)) if self.shown else ""

    def current_text(self, name: str) -> str:
        """Return what PerfectGym holds for a field."""
        return self.current.text(wire(name)) if self.current else ""

    def typed_text(self, name: str) -> str:
        """Return what stands in a field on the page: what was typed, or what was shown."""
        if not (self.is_bound and self._is_on_page(name)):
            return self.shown_text(name)
        return self._one_text(name, self[name].data)

    def value(self, name: str) -> str:
        """Return what the field will be if this form is accepted: the checked value, or what was shown."""
        return as_text(self.cleaned_data[name]) if name in self.cleaned_data else self.shown_text(name)

    def changes(self) -> dict[str, Any]:
        """Return what would change, by the API's names; None stands for a value that was removed."""
        wanted = {name: self.value(name) for name in self.value_names()}
        return {wire(name): text or None for name, text in wanted.items() if text != self.current_text(name)}

    def wanted(self) -> Wanted:
        """Return what the person asks for, once the form is valid."""
        return Wanted(self.changes(), self.extras())

    # --- what was touched ---

    def touched(self, *names: str) -> bool:
        """Say whether any of these fields was changed on the page."""
        return not all(self._is_untouched(name) for name in names)

    def _is_untouched(self, name: str) -> bool:
        field = self.fields[name]
        if getattr(field, "extra", False):
            return False
        if not self._is_on_page(name):
            return True
        typed = plain(self.typed_text(name))
        as_shown = typed == self._shown_as_typed(name) or self.basis.shows(name, typed)
        return as_shown and bool(typed or not field.required)

    def _is_on_page(self, name: str) -> bool:
        widget = self.fields[name].widget
        return not widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))

    def _clean_fields(self) -> None:
        """Check only what was changed: a stored value may break rules that it is older than."""
        every = self.fields
        self.fields = {name: field for name, field in every.items() if not self._is_untouched(name)}
        try:
            super()._clean_fields()  # type: ignore[misc]  # Django's own step, which the stubs leave out
        finally:
            self.fields = every

    # --- what changed meanwhile ---

    @property
    def is_outdated(self) -> bool:
        """Whether PerfectGym holds something else than when this form was shown."""
        return not all(self.basis.shows(name, text) for name, text in self._shown_texts().items())

    def _basis_of_form(self) -> Basis:
        scope = f"{self.access.studio.slug}:{self.access.customer_id}:{type(self).__name__}"
        if self.is_bound:
            return Basis.read(scope, self.value_names(), as_text(self.data.get("basis")))
        return Basis.of(scope, self._shown_texts())

    def catch_up(self) -> None:
        """Show what PerfectGym holds now in every field that the person left alone, and take it for the new basis."""
        untouched = [name for name in self.value_names() if name in self.fields and self._is_untouched(name)]
        self.data = self.data.copy()
        for name in untouched:
            for key in self._keys_of(name):
                del self.data[key]
            self.data[name] = self.shown_text(name)
        self.rebase()

    def rebase(self) -> None:
        """Take what PerfectGym holds now for the basis: everything that stands on the page counts as typed."""
        self.basis = Basis.of(self.basis.scope, self._shown_texts())

    def requested_is_gone(self) -> None:
        """Go on as a form for the current values: the amendment that was to be replaced does not exist any more."""
        self.shown = self.current
        self.rebase()

    def _keys_of(self, name: str) -> list[str]:
        """Return the names under which a field's value came: its own, or those of its several boxes."""
        parts = [key for key in self.data if key.startswith(f"{name}_") and key not in self.fields]
        return [*parts, name] if name in self.data else parts

    def _shown_texts(self) -> dict[str, str]:
        return {name: self._shown_as_typed(name) for name in self.value_names()}

    def _shown_as_typed(self, name: str) -> str:
        return plain(self._one_text(name, self.shown_text(name)))

    def _one_text(self, name: str, value: object) -> str:
        """Return a field's value as one text, also where it has several boxes."""
        join = getattr(self.base_fields[name], "as_text", as_text)
        return str(join(value))

    # --- the page ---

    @property
    def replaces(self) -> int | None:
        """The id of the amendment that this form is to replace, None when it replaces none."""
        return self.shown.id if isinstance(self.shown, Amendment) else None

    @property
    def helper(self) -> FormHelper:
        """How crispy renders the form; made when the page is, so that it can follow what was typed."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(*self.layout())
        return helper

    def without_complaints(self) -> None:
        """Show what was typed without checking it yet."""
        self._errors = ErrorDict()

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
        pairs = {name: (data.text(wire(name)), data.pending.text(wire(name))) for name in cls.value_names()}
        return [cls._change(name, now, then) for name, (now, then) in pairs.items() if now != then]

    def typed_changes(self) -> list[Change]:
        """Return what stands on the page and differs from what PerfectGym holds."""
        pairs = {name: (self.current_text(name), self.typed_text(name)) for name in self.value_names()}
        return [self._change(name, now, then) for name, (now, then) in pairs.items() if plain(now) != plain(then)]

    @classmethod
    def _change(cls, name: str, now: str, then: str) -> Change:
        return Change(name, cls.label(name), cls.display(name, now), cls.display(name, then))

    @classmethod
    def label(cls, name: str) -> Text:
        """Return what people call a field."""
        return cls.base_fields[name].label or name

    @classmethod
    def display(cls, name: str, text: str) -> str:
        """Return a value as people read it: in words where its field has them, else as it came."""
        show = getattr(cls.base_fields[name], "display", None)
        return str(show(text)) if show and text else text


@dataclass(frozen=True)
class DataSet:
    """One of the sets that PerfectGym keeps about a member; `resource` is the last part of its API path."""

    slug: str
    resource: str
    title: Text
    form: type[DataSetForm]
