"""A choice among the codes of the API."""

from django import forms


class CodeField(forms.ChoiceField):
    """A choice whose stored code may be newer than this portal: it is shown as it came and stays selectable."""

    def keep(self, code: str) -> None:
        """Offer a stored code that is not among the choices as one more choice, in its own words."""
        choices = list(self.choices)
        if code and code not in dict(choices):
            self.choices = [*choices, (code, code)]

    def display(self, code: str) -> str:
        """Return the words for a code, or the code itself when it is unknown."""
        return str(dict(list(self.choices)).get(code, code))
