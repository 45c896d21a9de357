"""The form field for a signature: draw it in a box or type a name, get the SVG in base64."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import svg
from .svg import SignatureError


class SignatureWidget(forms.MultiWidget):
    """A pad to draw in and a box for a typed name; without JavaScript only the latter.

    For a field called `signature` it reads `signature` (JSON of strokes) and `signature_name` from the POST. The
    field's own id belongs to a focusable group around both, so that an error summary has something to link to.
    """

    template_name = "signature/widget.html"

    class Media:
        css = {"all": ["css/signature.css"]}
        js = [
            forms.Script("vendor/signature_pad/signature_pad.umd.min.js", defer=True),
            forms.Script("js/signature.js", defer=True),
        ]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"": forms.HiddenInput(), "name": forms.TextInput()}, attrs)

    def decompress(self, value: object) -> list[str]:  # noqa: ARG002 - an SVG never becomes strokes again
        """Nothing is drawn and nothing typed before the member does it."""
        return ["", ""]

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds ids and, after a rejected form, what was drawn and typed."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        strokes, typed = widget["subwidgets"]
        base = widget["attrs"].get("id") or f"id_{name}"
        invalid = widget["attrs"].get("aria-invalid") == "true"
        widget |= {
            "base": base,
            "invalid": invalid,
            "described_by": f"{base}_name_help {base}_error" if invalid else f"{base}_name_help",
            "strokes": _normalised(strokes["value"] or ""),
            "typed": typed["value"] or "",
        }
        return context


class SignatureField(forms.MultiValueField):
    """Cleans to the SVG file in base64, or to "" if the field is optional and nothing was signed.

    The SVG is always written here, from checked points or from a font; what was drawn wins over what was typed.
    """

    widget = SignatureWidget
    # It goes with a change without being a value that is kept.
    extra = True
    default_error_messages = {
        "required": _("Please sign in the box or type your name."),
        "not_a_signature": _(
            "That looks too short for a signature. Please sign again with your full name, or type it."
        ),
        "malformed": _("We could not read the drawing. Please clear it and sign again."),
        "too_large": _(
            "The drawing is too large. Please clear it and sign again with fewer strokes, or type your name."
        ),
        "name_too_short": _("That looks too short for a name. Please type your full name."),
        "name_too_long": _("That is too long for a name. Please type at most 80 characters."),
        "name_character": _(
            "Our handwriting has no “%(character)s”. Please type your name without it, or draw your signature."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        parts = (forms.Field(required=False), forms.Field(required=False))
        super().__init__(parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str | None]) -> str:
        """The signature as base64 of an SVG; `data_list` is empty or the drawing as JSON and the typed name."""
        strokes, name = data_list or ("", "")
        try:
            return svg.to_base64(_draw(strokes or "", name or ""))
        except SignatureError as refusal:
            if refusal.code == "empty" and not self.required:
                return ""
            code = "required" if refusal.code == "empty" else refusal.code
            params = {"character": refusal.character}
            raise ValidationError(self.error_messages[code], code=code, params=params) from None


def _draw(strokes: str, name: str) -> str:
    try:
        return svg.render(svg.parse(strokes))
    except SignatureError as refusal:
        if refusal.code != "empty":
            raise
    from .typed import render_name  # noqa: PLC0415 - 50 ms for fontTools, which few people need

    return render_name(name)


def _normalised(raw: str) -> str:
    """The drawing for the pad to show again: our own reading of it, nothing if it was refused."""
    try:
        return svg.parse(raw).to_json()
    except SignatureError:
        return ""
