"""What a data set is: a declaration of its form, from which showing, editing and comparing follow."""

from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django.forms.utils import ErrorDict
from django.http import QueryDict

from ..perfectgym.models import Amendment, SelfServiceData
from ..text import Text, shortened
from .access import Access
from .adaptable import Adaptable
from .basis import Basis
from .showing import ShownForm
from .values import Change, Wanted, as_text, plain, wire

# Stands in a form's basis for all that PerfectGym holds; no field is called like that.
CURRENT = "*"


class DataSetForm(Adaptable, ShownForm):
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
        # Fields that the page showed empty although PerfectGym holds a value.
        self.emptied = [name for name in self.data.get("emptied", "").split(",") if name in self.fields]
        self.prepare()

    def code_to_keep(self, name: str) -> str:
        """Return the code that a choice has to offer: the stored one, or what was sent when nothing can be read."""
        return self.shown_text(name) if self.shown else self.typed_text(name)

    def shown_text(self, name: str) -> str:
        """Return what the form shows for a field before anything is typed."""
        return self.shown.text(wire(name)) if self.shown else ""

    def current_text(self, name: str) -> str:
        """Return what PerfectGym holds for a field."""
        return self.current.text(wire(name)) if self.current else ""

    def typed_text(self, name: str) -> str:
        """Return what stands in a field on the page: what was typed, or what was shown."""
        on_page = self.is_bound and self._is_on_page(name)
        return self._one_text(name, self[name].data if on_page else self.shown_text(name))

    def value(self, name: str) -> str:
        """Return what the field will be if this form is accepted: the checked value, or what was shown."""
        return as_text(self.cleaned_data[name]) if name in self.cleaned_data else self.shown_text(name)

    def changes(self) -> dict[str, Any]:
        """Return what would change, by the API's names; None stands for a value that was removed."""
        wanted = {name: self.value(name) for name in self.value_names()}
        return {wire(name): text or None for name, text in wanted.items() if text != self.current_text(name)}

    @property
    def opens_the_portal(self) -> bool:
        """Whether the change is one of what people sign in with."""
        return not self.opens_with.isdisjoint(self.changes())

    def forget_more(self) -> None:
        """Ask anew for what goes with a change."""
        self.data = self.data.copy()
        for name in self.extra_names:
            for key in self._keys_of(name):
                del self.data[key]

    def wanted(self) -> Wanted:
        """Return what the person asks for, once the form is valid."""
        base = (self.current.values if self.current else {}) | (self.shown.values if self.shown else {})
        return Wanted(base, self.changes(), self.extras())

    def touched(self, *names: str) -> bool:
        """Say whether any of these fields was changed on the page."""
        return not all(self._is_untouched(name) for name in names)

    def _is_untouched(self, name: str) -> bool:
        field = self.fields[name]
        if getattr(field, "extra", False):
            return False
        if not self._is_on_page(name):
            return bool(self.shown_text(name)) or not field.required
        typed = plain(self.typed_text(name))
        as_held = typed == self._shown_as_typed(name)
        return (as_held or self.was_left_alone(name)) and bool(typed or not field.required)

    def was_typed(self) -> bool:
        """Say whether anything on the page is not as it was shown."""
        return not all(self.was_left_alone(name) for name in self.value_names() if name in self.fields)

    def was_left_alone(self, name: str) -> bool:
        """Say whether a field came back as the page showed it."""
        typed = plain(self.typed_text(name))
        return typed == "" if name in self.emptied else self.basis.shows(name, typed)

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

    @property
    def is_outdated(self) -> bool:
        """Whether PerfectGym holds, or the replaced request asks for, something else than when this form was shown."""
        return self.shows_other_values or self.holds_other_values

    @property
    def shows_other_values(self) -> bool:
        """Whether the form would show other values if it were opened now."""
        return not all(self.basis.shows(name, self._shown_as_typed(name)) for name in self.value_names())

    @property
    def holds_other_values(self) -> bool:
        """Whether PerfectGym holds other values than when this form was shown, whatever was requested meanwhile."""
        return not self.basis.shows(CURRENT, self._held())

    def _basis_of_form(self) -> Basis:
        scope = f"{self.access.studio.slug}:{self.access.customer_id}:{type(self).__name__}"
        if self.is_bound:
            return Basis.read(scope, [*self.value_names(), CURRENT], as_text(self.data.get("basis")))
        return Basis.of(scope, self._basis_texts())

    def _basis_texts(self) -> dict[str, str]:
        """Return what the form shows, and beside it, for forms that show a request, what is held."""
        return {name: self._shown_as_typed(name) for name in self.value_names()} | {CURRENT: self._held()}

    def _held(self) -> str:
        return "\x1f".join(self._one_text(name, self.current_text(name)) for name in self.value_names())

    def catch_up(self) -> None:
        """Show what PerfectGym holds now in every field that the person left alone, and take it for the new basis."""
        untouched = [name for name in self.value_names() if name in self.fields and self._is_untouched(name)]
        self.data = self.data.copy()
        for name in untouched:
            for key in self._keys_of(name):
                del self.data[key]
            self.data[name] = self.shown_text(name)
        self.rebase()

    def forget(self, name: str) -> None:
        """Show a field empty from now on: what stood in it was not typed, and does not fit what was."""
        self.data = self.data.copy()
        self.data[name] = ""
        self.emptied = sorted({*self.emptied, name})

    def rebase(self) -> None:
        """Take what PerfectGym holds now for the basis: everything that stands on the page counts as typed."""
        self.basis = Basis.of(self.basis.scope, self._basis_texts())

    def requested_is_gone(self) -> None:
        """Go on as a form for the current values: the amendment that was to be replaced does not exist any more."""
        self.shown = self.current
        self.rebase()

    def _keys_of(self, name: str) -> list[str]:
        """Return the names under which a field's value came: its own, or those of its several boxes."""
        parts = [key for key in self.data if key.startswith(f"{name}_") and key not in self.fields]
        return [*parts, name] if name in self.data else parts

    def _shown_as_typed(self, name: str) -> str:
        return plain(self._one_text(name, self.shown_text(name)))

    def _one_text(self, name: str, value: object) -> str:
        """Return a field's value as one text, also where it has several boxes."""
        join = getattr(self.base_fields[name], "as_text", as_text)
        return str(join(value))

    @property
    def replaces(self) -> int | None:
        """The id of the amendment that this form is to replace, None when it replaces none."""
        if self.shown is None:
            posted = self.data.get("replaces", "")
            return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 20 else None
        return self.shown.id if isinstance(self.shown, Amendment) else None

    @property
    def helper(self) -> FormHelper:
        """How crispy renders the form; made when the page is, so that it can follow what was typed."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False  # it stands in the page's head
        helper.layout = Layout(*self.layout())
        return helper

    def without_complaints(self) -> None:
        """Show what was typed without checking it yet."""
        self._errors = ErrorDict()

    def typed_changes(self) -> list[Change]:
        """Return what stands on the page and differs from what PerfectGym holds."""
        pairs = {
            name: (self._one_text(name, self.current_text(name)), self.typed_text(name)) for name in self.value_names()
        }
        return [
            Change(name, self.label(name), self.display(name, now), self._display_typed(name, then))
            for name, (now, then) in pairs.items()
            if plain(now) != plain(then)
        ]

    def asked_changes(self) -> list[Change]:
        """Return what would change, as a page shows it that only wants to be sure: an account is masked."""
        return self.differing({name: (self.current_text(name), self.value(name)) for name in self.value_names()})

    def _display_typed(self, name: str, text: str) -> str:
        show = getattr(self.fields.get(name), "display_typed", None)
        return shortened(str(show(text))) if show else self.display(name, text)


@dataclass(frozen=True)
class DataSet:
    """One of the sets that PerfectGym keeps about a member; `resource` is the last part of its API path."""

    slug: str
    resource: str
    title: Text
    form: type[DataSetForm]
