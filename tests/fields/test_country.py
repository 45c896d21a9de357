"""Countries: names in the page's language, unknown codes, and a select that is quick."""

import copy
import re

import pytest
from django import forms
from django.utils import translation

from selfservice.fields.country import CountryField, country_name
from tests.fields.helpers import accepts_again, bound, given, hostile_text, outcome, quickest
from tests.machine import in_time


def options(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)</option>', html)


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("en", "DE", "Germany"),
        ("de", "DE", "Deutschland"),
        ("de", "at", "Österreich"),
        ("pt-br", "DE", "Alemanha"),
        ("zh-hans", "DE", "德国"),
        ("qq", "DE", "Germany"),
        ("en", "XK", "Kosovo"),
        ("en", "", ""),
        ("en", "QQ", "QQ"),
        ("en", "ZZ", "ZZ"),
        ("en", "EU", "EU"),
        ("en", "276", "276"),
        ("en", "<b>", "<b>"),
    ],
)
def test_names(language: str, code: str, name: str) -> None:
    with translation.override(language):
        assert country_name(code) == name


def test_names_without_an_active_language_are_english() -> None:
    with translation.override(None):
        assert country_name("DE") == "Germany"


def test_the_list_is_iso_3166_sorted_by_name_in_the_language() -> None:
    field = CountryField()
    with translation.override("en"):
        english = list(field.widget.choices)
    with translation.override("de"):
        german = list(field.widget.choices)
    assert len(english) == len(german) == 249
    assert [name for _code, name in english][:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert [name for _code, name in german][:3] == ["Afghanistan", "Ägypten", "Ålandinseln"]
    assert german.index(("AT", "Österreich")) < german.index(("PK", "Pakistan"))
    assert {"XK", "EU", "ZZ", "UN", ""}.isdisjoint(dict(english))


def test_messages() -> None:
    assert CountryField().clean("DE") == "DE"
    assert CountryField(required=False).clean("") == ""
    assert outcome(CountryField().clean, "") == "Choose a country."
    assert outcome(CountryField().clean, "QQ") == "Choose a country from the list."
    assert outcome(CountryField().clean, "DE\u202e") == "Choose a country from the list."
    assert outcome(CountryField().clean, "D" * 100_000) == "Choose a country from the list."


def test_a_stored_code_outside_the_list_stays_selectable() -> None:
    shared = CountryField()
    field = copy.deepcopy(shared)
    for code in ("", "XK", "QQ", "DE", '"><'):
        field.keep(code)
    assert field.clean("QQ") == "QQ"
    assert outcome(shared.clean, "QQ") == "Choose a country from the list."
    html = str(bound(field, value="XK")["value"])
    assert '<option value="XK" selected>Kosovo</option>' in html
    assert '<option value="QQ">QQ</option>' in html
    assert '<option value="&quot;&gt;&lt;">&quot;&gt;&lt;</option>' in html
    assert html.count('value="DE"') == 1


def test_the_chosen_country_is_selected_and_nothing_is_chosen_by_accident() -> None:
    html = str(bound(CountryField(), value="DE")["value"])
    assert html.count("selected") == 1
    assert '<option value="DE" selected>Germany</option>' in html
    for value in ("", "QQ"):
        assert options(str(bound(CountryField(), value=value)["value"]))[0] == ("", "—")
    assert options(str(bound(CountryField(required=False), value="DE")["value"]))[0] == ("", "—")


def test_required_is_said_only_where_the_choice_can_be_empty() -> None:
    class Page(forms.Form):
        country = CountryField()

    empty, chosen = str(Page()["country"]), str(Page(initial={"country": "DE"})["country"])
    assert " required" in empty
    assert options(empty)[0][0] == ""
    assert " required" not in chosen
    assert options(chosen)[0][0] == "AF"


def test_the_browser_fills_it_in_and_errors_are_announced() -> None:
    form = bound(CountryField(help_text="Where you live"), value="QQ")
    html = str(form["value"])
    assert 'autocomplete="country"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_value_helptext id_value_error"' in html
    assert CountryField(widget=forms.Select({"autocomplete": "off"})).widget.attrs["autocomplete"] == "off"


def test_the_select_is_quick() -> None:
    field = bound(CountryField(), value="DE")["value"]
    str(field)
    assert in_time(quickest(lambda: str(field)), 0.004)


@given(hostile_text)
def test_no_text_breaks_it(text: str) -> None:
    accepts_again(CountryField(required=False).clean, text)
    assert country_name(text) is not None
