"""Postcodes of many countries, their prefixes, and what happens without a pattern."""

from functools import partial

import pytest
from hypothesis import strategies as st

from selfservice.fields.country import CountryField
from selfservice.fields.postcode import clean_postcode
from tests.fields.helpers import accepts_again, given, hostile_text, outcome, quickest

HIDDEN = "This text contains hidden characters that cannot be stored. Type it in instead of pasting it."


@pytest.mark.parametrize(
    ("country", "typed", "expected"),
    [
        ("DE", "10115", "10115"),
        ("DE", " D-10115 ", "10115"),
        ("DE", "DE 10115", "10115"),
        ("DE", "10 115", "10115"),
        ("DE", "１０１１５", "10115"),
        ("DE", "d–10115", "10115"),
        ("AT", "a-1010", "1010"),
        ("CH", "CH-8001", "8001"),
        ("LI", "FL-9490", "9490"),
        ("LU", "L-1111", "1111"),
        ("FR", "F-75001", "75001"),
        ("FR", "75 001", "75 001"),
        ("IT", "I-00144", "00144"),
        ("ES", "28039", "28039"),
        ("TR", "34710", "34710"),
        ("GB", "sw1a 1aa", "SW1A 1AA"),
        ("GB", "ec1y8sy", "EC1Y8SY"),
        ("NL", "1012 ab", "1012 AB"),
        ("BE", "B-1000", "1000"),
        ("PL", "00-950", "00-950"),
        ("PL", "00950", "00-950"),
        ("PL", "PL 00950", "00-950"),
        ("PT", "1250096", "1250-096"),
        ("SE", "S-114 55", "114 55"),
        ("CZ", "100 00", "100 00"),
        ("LV", "1073", "LV-1073"),
        ("LV", "lv-1073", "LV-1073"),
        ("AD", "100", "AD100"),
        ("US", "10001", "10001"),
        ("US", "10001-1234", "10001-1234"),
        ("US", "100011234", "10001-1234"),
        ("CA", "k1a 0b1", "K1A 0B1"),
        ("IE", "a65 f4e2", "A65 F4E2"),
        ("CN", "100000", "100000"),
        ("de", "10115", "10115"),
        ("DE", "", ""),
    ],
)
def test_postcodes_are_written_as_their_country_does(country: str, typed: str, expected: str) -> None:
    assert clean_postcode(typed, country) == expected


@pytest.mark.parametrize(
    ("country", "typed", "example"),
    [
        ("DE", "1011", "Example (Germany): 26133."),
        ("DE", "101155", "Example (Germany): 26133."),
        ("DE", "A-1010", "Example (Germany): 26133."),
        ("DE", "CH-10115", "Example (Germany): 26133."),
        ("DE", "10115 Berlin", "Example (Germany): 26133."),
        ("AT", "10115", "Example (Austria): 1010."),
        ("CH", "80001", "Example (Switzerland): 2544."),
        ("GB", "12345", "Example (United Kingdom): EC1Y 8SY."),
        ("LI", "1010", "Example (Liechtenstein): 9496."),
        ("PL", "009500", "Example (Poland): 00-950."),
        ("US", "SW1A 1AA", "Example (United States): 95014."),
    ],
)
def test_a_postcode_that_does_not_fit_shows_one_that_does(country: str, typed: str, example: str) -> None:
    expected = f"This postcode does not fit the chosen country. Check both. {example}"
    assert outcome(clean_postcode, typed, country) == expected


@pytest.mark.parametrize("country", ["AE", "HK", "", "QQ", "ZZ", "GER", "all", "../de", "ÄÖ"])
def test_without_a_pattern_anything_sane_passes(country: str) -> None:
    assert clean_postcode(" p.o. box  12/3 ", country) == "P.O. BOX 12/3"
    assert outcome(clean_postcode, "x" * 17, country) == "A postcode has at most 16 characters. You typed 17."
    assert outcome(clean_postcode, "<b>", country) == "Use only letters, digits, blanks and hyphens in the postcode."


@pytest.mark.parametrize("country", ["DE", "AE"])
@pytest.mark.parametrize("char", ["\x00", "\u202e", "\u2068", "\ud800"])
def test_hidden_characters_are_refused(country: str, char: str) -> None:
    assert outcome(clean_postcode, f"10{char}115", country) == HIDDEN


@given(hostile_text, st.sampled_from(["DE", "GB", "LV", "AD", "PE", "BH", "CR", "US", "AE", "QQ", ""]))
def test_no_text_breaks_it(text: str, country: str) -> None:
    accepts_again(partial(clean_postcode, country=country), text)


@given(hostile_text)
def test_no_country_breaks_it(country: str) -> None:
    assert outcome(clean_postcode, "1", country)


def test_every_country_of_the_list_can_be_asked() -> None:
    for code, _name in CountryField().widget.choices:
        assert isinstance(outcome(clean_postcode, "?", code), str)


@pytest.mark.parametrize("char", ["1", "A-", " ", "SW1A ", "\u0301", "-"])
@pytest.mark.parametrize("country", ["DE", "GB", "PE", "AE"])
def test_long_input_is_answered_at_once(char: str, country: str) -> None:
    assert quickest(lambda: outcome(clean_postcode, char * 100_000, country)) < 0.05
