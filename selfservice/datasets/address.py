"""Where a member lives: every country writes it its own way."""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.layout import HTML
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..fields.country import CountryField
from ..fields.postcode import clean_postcode
from ..fields.text import PlainTextField
from ..text import Text
from .base import DataSet, DataSetForm
from .layout import MoreFields

EVERYWHERE = ("street", "house_number", "zip_code", "city", "additional_address_information", "country_code")
# Which other parts an address of a country usually has, in the order in which people there write them.
SPAIN = ("street_type", "street", "house_number", "street_block", "portal", "stairway", "floor", "door")
USUAL: dict[str, tuple[str, ...]] = {
    "ES": (*SPAIN, "zip_code", "city", "province", "additional_address_information", "country_code"),
    "IT": ("street", "house_number", "zip_code", "city", "province", "additional_address_information", "country_code"),
    "TR": (
        *("street", "second_street", "building_name", "house_number", "city_part", "district"),
        *("zip_code", "city", "additional_address_information", "country_code"),
    ),
    "US": (
        *("street", "house_number", "second_street", "city", "province", "province_code", "zip_code"),
        *("additional_address_information", "country_code"),
    ),
}
SHOW_COUNTRY = HTML('{% include "datasets/refresh.html" with text=form.show_country_text %}')


def _part(label: Text, **kwargs: Any) -> PlainTextField:
    return PlainTextField(label=label, required=False, **kwargs)


class AddressForm(DataSetForm):
    """An address; which optional parts stand on the page depends on the country, and on what has a value."""

    street_type = _part(_("Type of street"), help_text=_("For example Calle or Avenida."))
    street = PlainTextField(label=_("Street"), widget=forms.TextInput(attrs={"autocomplete": "address-line1"}))
    house_number = _part(_("House number"))
    street_block = _part(_("Block"))
    building_name = _part(_("Building"))
    portal = _part(_("Entrance"))
    stairway = _part(_("Stairway"))
    floor = _part(_("Floor"))
    door = _part(_("Door"))
    second_street = _part(_("Second address line"))
    city_part = _part(_("Part of town"))
    district = _part(_("District"))
    zip_code = PlainTextField(label=_("Postcode"), widget=forms.TextInput(attrs={"autocomplete": "postal-code"}))
    city = PlainTextField(label=_("Town or city"), widget=forms.TextInput(attrs={"autocomplete": "address-level2"}))
    province = _part(_("Province or state"))
    province_code = _part(_("Short form of the province or state"), help_text=_("For example MD or CA."))
    additional_address_information = _part(
        _("Additional information"), help_text=_("For example c/o, or what helps to find the door.")
    )
    country_code = CountryField(label=_("Country"))
    show_country_text = _("Show the fields of this country")

    def prepare(self) -> None:
        """Keep a country code that the portal does not know selectable."""
        self.fields["country_code"].keep(self.code_to_keep("country_code"))  # type: ignore[attr-defined]  # CountryField

    @classmethod
    def usual_names(cls, texts: Mapping[str, str]) -> Sequence[str]:
        """Return the parts that an address of its country usually has, in the order of that country."""
        return USUAL.get(texts["country_code"], EVERYWHERE)

    def layout(self) -> tuple[Any, ...]:
        """Show what the chosen country usually needs and what has a value or an error; the rest can be opened."""
        usual = self.usual_names({"country_code": self.typed_text("country_code")})
        needed = [name for name in self.fields if name not in usual and (self.typed_text(name) or self.has_error(name))]
        rest = [name for name in self.fields if name not in usual and name not in needed]
        first = [name for name in usual if name != "country_code"]
        return (*first, *needed, "country_code", SHOW_COUNTRY, MoreFields(_("More address fields"), *rest))

    def clean(self) -> None:
        """Check the postcode against its country, but only when one of the two was changed."""
        wrong = self.has_error("zip_code") or self.has_error("country_code")
        if wrong or not self.touched("zip_code", "country_code", "province", "province_code"):
            return
        try:
            zip_code = clean_postcode(self.value("zip_code"), self.value("country_code"))
        except ValidationError as error:
            self.add_error("zip_code", error)
        else:
            if self.touched("zip_code", "country_code"):
                self.cleaned_data["zip_code"] = zip_code


ADDRESS = DataSet("address", "address-data", _("Address"), AddressForm)
