"""The keyword arguments that every form field here takes."""

from typing import TYPE_CHECKING, TypedDict

from django import forms

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class FieldOptions(TypedDict, total=False):
    """What django.forms.Field accepts and the fields here pass on."""

    required: bool
    label: "_StrOrPromise | None"
    help_text: "_StrOrPromise"
    initial: object
    widget: forms.Widget | type[forms.Widget] | None
    error_messages: "dict[str, _StrOrPromise] | None"
    disabled: bool
