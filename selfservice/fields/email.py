"""E-mail addresses."""

from django import forms

from ..signin.address import clean_address


class EmailField(forms.CharField):
    """One address that can be mailed to. Not an e-mail input: browsers rewrite what stands in those."""

    widget = forms.TextInput(
        attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
    )

    def clean(self, value: str) -> str:
        """Return the address in the one spelling the portal uses, or "" when it was emptied."""
        text: str = super().clean(value)
        return clean_address(text) if text else ""
