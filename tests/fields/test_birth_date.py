"""Date of birth in three boxes: reading, mistakes, and what stands in the boxes afterwards."""

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from hypothesis import strategies as st

from selfservice.fields.birth_date import BirthDateField, BirthDateInput
from tests.fields.helpers import accepts_again, bound, form_of, given, hostile_text, outcome, quickest

DAY = "The day is missing. Enter it in the first box."
MONTH = "The month is missing. Enter it in the second box."
YEAR = "The year is missing. Enter it in the third box."
DIGITS = "Use only digits for day, month and year, for example 4 5 1952."
FOUR = "Enter the year with four digits, for example 1952."
UNREAL = "This date does not exist. Check day and month."
HIDDEN = "This text contains hidden characters that cannot be stored. Type it in instead of pasting it."
BIRTHDAY = dt.date(1952, 5, 4)


def boxes(html: str) -> dict[str, str]:
    """Map the part to its whole <input> tag."""
    return {match[2]: match[0] for match in re.finditer(r'<input[^>]*name="(value_(\w+))"[^>]*>', html)}


def shown(form: forms.Form) -> list[str]:
    values = (re.search(r' value="([^"]*)"', tag) for tag in boxes(str(form["value"])).values())
    return [found[1] if found else "" for found in values]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["4", "5", "1952"], BIRTHDAY),
        (["04", "05", "1952"], BIRTHDAY),
        ([" 4. ", "5.", "1952"], BIRTHDAY),
        (["４", "٥", "1952"], BIRTHDAY),
        (["29", "2", "2000"], dt.date(2000, 2, 29)),
        (["1", "1", "1900"], dt.date(1900, 1, 1)),
        ("1952-05-04", BIRTHDAY),
        (BIRTHDAY, BIRTHDAY),
        (["", "5", "1952"], DAY),
        (["4", "", "1952"], MONTH),
        (["4", "5", ""], YEAR),
        (["4", None, None], f"{MONTH} | {YEAR}"),
        (["", "", ""], "Enter the date of birth."),
        (None, "Enter the date of birth."),
        (["4", "5", "52"], FOUR),
        (["4", "5", "195"], FOUR),
        (["4", "5", "19520"], FOUR),
        (["30", "2", "1952"], UNREAL),
        (["29", "2", "1900"], UNREAL),
        (["4", "13", "1952"], UNREAL),
        (["0", "0", "0000"], UNREAL),
        (["4", "May", "1952"], DIGITS),
        (["-4", "5", "1952"], DIGITS),
        (["4", "5", "1e99"], DIGITS),
        (["²", "5", "1952"], dt.date(1952, 5, 2)),
        (["④", "5", "1952"], BIRTHDAY),
        (["4", "5", "1" * 17], DIGITS),
        (["4", "5", "19\u202e52"], HIDDEN),
        (["4", "5\x00", "1952"], HIDDEN),
        (["4", "5", "9999"], "This date is in the future. Check the year."),
        (["31", "12", "1899"], "This date is before 1900. Check the year."),
    ],
)
def test_dates_and_mistakes(typed: object, expected: object) -> None:
    assert outcome(BirthDateField().clean, typed) == expected


def test_today_is_the_last_day() -> None:
    today = timezone.localdate()
    assert BirthDateField().clean(today) == today
    tomorrow = today + dt.timedelta(days=1)
    assert outcome(BirthDateField().clean, tomorrow) == "This date is in the future. Check the year."


def test_it_may_be_left_empty_when_not_required() -> None:
    assert BirthDateField(required=False).clean(["", "", ""]) is None


def test_three_boxes_are_read() -> None:
    form = bound(BirthDateField(), value_day="4", value_month="5", value_year="1952")
    assert form.is_valid()
    assert form.cleaned_data == {"value": BIRTHDAY}


def test_the_whole_date_is_read_when_there_are_no_boxes() -> None:
    form = bound(BirthDateField(), value="1952-05-04")
    assert form.is_valid()
    assert form.cleaned_data == {"value": BIRTHDAY}
    assert shown(form) == ["4", "5", "1952"]


def test_boxes_win_over_the_whole_date() -> None:
    form = bound(BirthDateField(), value="1952-05-04", value_day="6")
    assert form.errors["value"] == [MONTH, YEAR]


def test_missing_data_is_told_from_empty_boxes() -> None:
    widget = BirthDateInput()
    no_files: MultiValueDict[str, UploadedFile[Any]] = MultiValueDict()
    assert widget.value_omitted_from_data({}, no_files, "value")
    assert not widget.value_omitted_from_data({"value_day": ""}, no_files, "value")
    assert not widget.value_omitted_from_data({"value": "1952-05-04"}, no_files, "value")


@pytest.mark.parametrize(
    "typed", [["30", "2", "1952"], ["x", "", "52"], ["&lt;", "&quot;", "🎂"], ["04", "0", "9" * 50]]
)
def test_what_was_typed_is_shown_again(typed: list[str]) -> None:
    day, month, year = (text.replace("&lt;", "<").replace("&quot;", '"') for text in typed)
    form = bound(BirthDateField(), value_day=day, value_month=month, value_year=year)
    assert not form.is_valid()
    assert shown(form) == typed


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("1952-05-04", ["4", "5", "1952"]),
        (BIRTHDAY, ["4", "5", "1952"]),
        (None, ["", "", ""]),
        ("May", ["May", "", ""]),
    ],
)
def test_stored_values_are_shown_in_the_boxes(stored: object, expected: list[str]) -> None:
    form = form_of(BirthDateField())(initial={"value": stored})
    assert shown(form) == expected


@pytest.mark.parametrize(
    ("stored", "typed", "changed"),
    [
        ("1952-05-04", ["4", "5", "1952"], False),
        ("1952-05-04", ["04", "05", "1952"], False),
        (BIRTHDAY, ["4", "5", "1952"], False),
        ("1852-05-04", ["4", "5", "1852"], False),
        ("May", ["May", "", ""], False),
        (None, ["", "", ""], False),
        ("1952-05-04", ["5", "4", "1952"], True),
        ("1952-05-04", ["", "", ""], True),
    ],
)
def test_an_untouched_stored_value_has_not_changed(stored: object, typed: list[str], changed: bool) -> None:
    assert BirthDateField().has_changed(stored, typed) is changed
    assert not BirthDateField(disabled=True).has_changed(stored, typed)


def test_each_box_has_a_name_an_id_a_label_and_its_autofill() -> None:
    html = str(bound(BirthDateField(), value="1952-05-04")["value"])
    assert list(boxes(html)) == ["day", "month", "year"]
    for part, tag in boxes(html).items():
        assert f'id="id_value_{part}"' in tag
        assert f'autocomplete="bday-{part}"' in tag
        assert 'inputmode="numeric"' in tag
        assert " required" in tag
        assert f'for="id_value_{part}">{part.title()}</label>' in html
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids)) == 4


def test_errors_and_help_reach_each_box() -> None:
    wrong = bound(BirthDateField(help_text="As in your passport"), value_day="x", value_month="1", value_year="1952")
    for tag in boxes(str(wrong["value"])).values():
        assert 'aria-invalid="true"' in tag
        assert 'aria-describedby="id_value_helptext id_value_error"' in tag
    for tag in boxes(str(bound(BirthDateField(), value="1952-05-04")["value"])).values():
        assert "aria-" not in tag


def test_it_is_made_for_a_fieldset() -> None:
    field = bound(BirthDateField(), value="")["value"]
    assert field.use_fieldset
    assert field.legend_tag() == "<legend>Value:</legend>"
    assert field.id_for_label == "id_value_day"


def test_without_ids_there_are_none() -> None:
    form = form_of(BirthDateField(help_text="?"))(auto_id=False)
    assert " id=" not in str(form["value"])
    assert form["value"].id_for_label == ""


@given(st.one_of(hostile_text, st.lists(st.one_of(st.none(), hostile_text), max_size=5), st.dates()))
def test_no_value_breaks_it(value: object) -> None:
    accepts_again(BirthDateField(required=False).clean, value)


@given(st.lists(st.text(alphabet="0123456789٠۹９.", max_size=5), min_size=3, max_size=3))
def test_no_digits_break_it(value: list[str]) -> None:
    accepts_again(BirthDateField(required=False).clean, value)


@pytest.mark.parametrize("char", ["1", "1-", " ", ".", "\u0301"])
def test_long_input_is_answered_at_once(char: str) -> None:
    text = char * 100_000
    assert quickest(lambda: outcome(BirthDateField().clean, [text, text, text])) < 0.05
    assert quickest(lambda: outcome(BirthDateField().clean, text)) < 0.05
