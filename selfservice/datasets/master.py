"""Who a member is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..fields.birth_date import BirthDateField
from ..fields.choice import CodeField
from ..fields.country import CountryField
from ..fields.text import PlainTextField
from .base import DataSet, DataSetForm

# The codes of the API; a code that it adds later is shown as it came and stays selectable.
GENDERS = [("FEMALE", _("Female")), ("MALE", _("Male")), ("UNISEX", _("Diverse"))]
TITLES = [("NONE", _("No title")), ("DR", _("Dr.")), ("PROF", _("Prof."))]


class MasterForm(DataSetForm):
    """Name, title, gender and birth; all but the country of birth are required by the API."""

    customer_title = CodeField(label=_("Title"), codes=TITLES)
    first_name = PlainTextField(label=_("First name"), widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = PlainTextField(label=_("Last name"), widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    gender = CodeField(label=_("Gender"), codes=GENDERS, widget=forms.RadioSelect)
    date_of_birth = BirthDateField(label=_("Date of birth"), help_text=_("Day, month and year, for example 31 5 1952."))
    country_of_birth = CountryField(label=_("Country of birth"), required=False)

    def prepare(self) -> None:
        """Keep codes that the portal does not know selectable."""
        for name in ("customer_title", "gender", "country_of_birth"):
            self.fields[name].keep(self.code_to_keep(name))  # type: ignore[attr-defined]  # fields with codes have it


MASTER = DataSet("master", "master-data", _("Personal details"), MasterForm)
