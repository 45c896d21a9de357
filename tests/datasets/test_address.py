"""Addresses: what stands on the page depends on the country, and nothing that has a value is hidden."""

from typing import Any

import html5lib
import pytest

from tests.pageclient import form_values, texts

EVERY_PART = {
    *("street_type", "street", "house_number", "street_block", "building_name", "portal", "stairway", "floor", "door"),
    *("second_street", "city_part", "district", "zip_code", "city", "province", "province_code"),
    *("additional_address_information", "country_code"),
}
USUAL = {"street", "house_number", "zip_code", "city", "additional_address_information", "country_code"}


def parts(response: Any) -> tuple[set[str], set[str]]:
    """Return the names of the fields in view and of those behind "More address fields"."""
    tree = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    hidden = {field.get("name") for box in tree.iter("details") for field in box.iter() if field.get("name")}
    return {name for name in form_values(response) if name in EVERY_PART} - hidden, hidden


def typed(member: Any, **values: str) -> Any:
    """Choose another country and press the button that shows its fields."""
    return member.send("address", member.open("address"), refresh="1", **values)


def test_a_german_address_is_short_and_the_rest_can_be_opened(anna: Any) -> None:
    shown, hidden = parts(anna.get("address/"))
    assert shown == USUAL
    assert hidden == EVERY_PART - USUAL


@pytest.mark.parametrize(
    ("country", "more"),
    [
        ("ES", {"street_type", "street_block", "portal", "stairway", "floor", "door", "province"}),
        ("IT", {"province"}),
        ("TR", {"second_street", "building_name", "city_part", "district"}),
        ("US", {"province", "province_code", "second_street"}),
        ("AT", set()),
    ],
)
def test_every_country_gets_its_fields(anna: Any, country: str, more: set[str]) -> None:
    response = typed(anna, country_code=country, street="Neu 1")
    shown, hidden = parts(response)
    assert shown == USUAL | more
    assert shown | hidden == EVERY_PART
    assert form_values(response)["street"] == "Neu 1"
    assert not anna.sent()


def test_a_field_with_a_value_is_always_in_view(sign_in: Any) -> None:
    selin = sign_in(4294967311)
    shown, _hidden = parts(selin.get("address/"))
    assert {"floor", "door", "province", "province_code"} <= shown
    response = typed(selin, country_code="DE")
    assert {"district", "building_name", "floor"} <= parts(response)[0]


def test_a_field_with_an_error_is_always_in_view(anna: Any) -> None:
    response = anna.change("address", stairway="a\u202eb")
    assert response.status_code == 200
    assert "stairway" in parts(response)[0]


def test_a_spanish_address_survives_with_all_its_parts(sign_in: Any) -> None:
    lucia = sign_in(2001, "madrid-centro")
    before = lucia.values("address")
    assert lucia.change("address", door="3").status_code == 302
    assert lucia.pending("address").values == before | {"door": "3"}


def test_a_postcode_is_checked_only_when_it_or_its_country_changed(anna: Any) -> None:
    anna.sandbox.gym.set_values(1001, "address-data", anna.values("address") | {"zipCode": "legacy"})
    assert anna.change("address", street="Neu").status_code == 302
    assert anna.sent()[0]["zipCode"] == "legacy"


def test_a_new_country_checks_the_postcode_again(anna: Any) -> None:
    response = anna.change("address", country_code="AT")
    assert response.status_code == 200
    assert 'id="id_zip_code_error"' in response.content.decode()
    assert anna.change("address", country_code="AT", zip_code="A-1010").status_code == 302
    assert anna.sent()[0]["zipCode"] == "1010"


def test_several_mistakes_are_named_at_once(anna: Any) -> None:
    html = anna.change("address", street="", zip_code="1").content.decode()
    assert 'id="id_street_error"' in html
    assert 'id="id_zip_code_error"' in html


def test_country_names_are_those_of_the_language(anna: Any) -> None:
    anna.client.cookies["language"] = "de"
    assert "Deutschland" in texts(anna.get())
