"""Parts of a form's page that crispy does not have."""

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.template import Context

from ..text import Text


class MoreFields(Div):  # type: ignore[misc]  # crispy has no types
    """Fields that most people don't need, behind a line that opens them; works without JavaScript."""

    template = "%s/layout/more_fields.html"

    def __init__(self, summary: Text, *fields: str) -> None:
        super().__init__(*fields)
        self.summary = summary

    def render(self, form: forms.BaseForm, context: Context, **kwargs: Any) -> str:
        """Render nothing when there is no field to open."""
        return str(super().render(form, context, **kwargs)) if self.fields else ""
