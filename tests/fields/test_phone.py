"""Phone numbers as people type them, and what they are told when nobody could be called."""

import copy

import pytest
from django import forms
from hypothesis import strategies as st

from selfservice.fields.phone import PhoneField
from tests.fields.helpers import accepts_again, bound, given, hostile_text, outcome, quickest

HIDDEN = "This text contains hidden characters that cannot be stored. Type it in instead of pasting it."


@pytest.mark.parametrize(
    ("region", "typed", "expected"),
    [
        ("DE", "0171 1234567", "+49 171 1234567"),
        ("DE", "0171/123 45 67", "+49 171 1234567"),
        ("DE", "(030) 901820", "+49 30 901820"),
        ("DE", "+49 (0)171 1234567", "+49 171 1234567"),
        ("DE", "0049 171 1234567", "+49 171 1234567"),
        ("de", "0171 1234567", "+49 171 1234567"),
        ("DE", "+43 664 1234567", "+43 664 1234567"),
        ("AT", "0664 123 4567", "+43 664 1234567"),
        ("AT", "01 534 530", "+43 1 534530"),
        ("CH", "079 123 45 67", "+41 79 123 45 67"),
        ("CH", "044 668 18 00", "+41 44 668 18 00"),
        ("ES", "612 34 56 78", "+34 612 34 56 78"),
        ("ES", "912 345 678", "+34 912 34 56 78"),
        ("IT", "312 345 6789", "+39 312 345 6789"),
        ("IT", "02 1234 5678", "+39 02 1234 5678"),
        ("TR", "0532 123 45 67", "+90 532 123 45 67"),
        ("TR", "0212 345 67 89", "+90 212 345 67 89"),
        ("US", "(415) 555-2671", "+1 415-555-2671"),
        ("US", "1.415.555.2671", "+1 415-555-2671"),
        ("US", "011 49 171 1234567", "+49 171 1234567"),
        ("US", "0049 171 1234567", "+49 171 1234567"),
        ("AU", "0011 49 171 1234567", "+49 171 1234567"),
        ("GB", "07400 123456", "+44 7400 123456"),
        ("GB", "020 7946 0958", "+44 20 7946 0958"),
        ("PL", "512 345 678", "+48 512 345 678"),
        ("PL", "22 123 45 67", "+48 22 123 45 67"),
        ("", "+49 171 1234567", "+49 171 1234567"),
        ("", "0049 171 1234567", "+49 171 1234567"),
        ("", "+800 1234 5678", "+800 1234 5678"),
        ("DE", "０１７１　１２３４５６７", "+49 171 1234567"),
        ("DE", "＋49 171 1234567", "+49 171 1234567"),
        ("DE", "٠١٧١ ١٢٣٤٥٦٧", "+49 171 1234567"),
        ("DE", "0171\u00a0123\u20114567", "+49 171 1234567"),
        ("DE", "\u202a+49 171 1234567\u202c", "+49 171 1234567"),
        ("DE", "tel:+49-171-1234567", "+49 171 1234567"),
        ("DE", "Tel. 0171 1234567", "+49 171 1234567"),
        ("DE", "030 901820 ext. 12", "+49 30 901820 ext. 12"),
        ("DE", "030 901820, Durchwahl -12", "+49 30 901820 ext. 12"),
        ("DE", "030 901820 DW 12", "+49 30 901820 ext. 12"),
        ("DE", "tel:+4930901820;ext=12", "+49 30 901820 ext. 12"),
        ("US", "415-555-2671 x 44", "+1 415-555-2671 ext. 44"),
        ("US", "415-555-2671 #44", "+1 415-555-2671 ext. 44"),
    ],
)
def test_numbers_become_international(region: str, typed: str, expected: str) -> None:
    assert PhoneField(region=region).clean(typed) == expected


@pytest.mark.parametrize(
    ("region", "typed", "message"),
    [
        ("DE", "", "Enter a phone number."),
        ("DE", "+", "Enter a phone number with digits, for example +49 1512 3456789."),
        ("", "---", "Enter a phone number with digits, for example +49 171 1234567."),
        ("DE", "none", "Use digits instead of letters, for example +49 1512 3456789."),
        ("DE", "0171 1234567 Mum", "Use digits instead of letters, for example +49 1512 3456789."),
        ("US", "1-800-FLOWERS", "Use digits instead of letters, for example +1 201-555-0123."),
        ("", "0171 1234567", "Start with the prefix of the country, for example +49 171 1234567."),
        ("QQ", "0171 1234567", "Start with the prefix of the country, for example +49 171 1234567."),
        ("", "+999 1234567", "No country has this prefix. Check the beginning; it looks like this: +49 171 1234567."),
        ("DE", "0", "This is too short for a phone number. Check that all digits are there."),
        (
            "DE",
            "110",
            "This number is too short for the country (Germany). Check that the area code and all digits are there.",
        ),
        (
            "CA",
            "212 555 010",
            "This number is too short for the country (Canada). Check that the area code and all digits are there.",
        ),
        (
            "US",
            "212 555 01000",
            "This number is too long for the country (United States). Check that no digit is there twice.",
        ),
        ("DE", "1234567", "There is no such number in the country (Germany). Check the digits and the prefix."),
        ("", "+49 00000000", "There is no such number in the country (Germany). Check the digits and the prefix."),
        ("PL", "012 345 678", "There is no such number in the country (Poland). Check the digits and the prefix."),
        ("DE", "+49 171 1234567 / 0172 1234567", "This is too long for a phone number. Enter one number only."),
        ("DE", "1" * 65, "This is too long for a phone number. Enter one number only."),
        ("DE", "0171\u202e1234567", HIDDEN),
        ("DE", "\u202e0171 1234567", HIDDEN),
        ("DE", "0171\x001234567", HIDDEN),
    ],
)
def test_every_mistake_has_its_own_message(region: str, typed: str, message: str) -> None:
    assert outcome(PhoneField(region=region).clean, typed) == message


def test_the_region_belongs_to_the_form_instance() -> None:
    field = PhoneField()
    german = copy.deepcopy(field)
    german.region = "DE"
    assert german.clean("0171 1234567") == "+49 171 1234567"
    assert field.region == ""


def test_a_stored_number_that_comes_back_has_not_changed() -> None:
    assert not PhoneField().has_changed("call me", "call me")
    assert PhoneField().has_changed("+49 00000000", "+49 171 1234567")


def test_phones_show_their_number_pad_and_fill_in_the_number() -> None:
    html = str(bound(PhoneField(autocomplete="mobile tel"), value="1")["value"])
    assert 'type="tel"' in html
    assert 'autocomplete="mobile tel"' in html
    own = PhoneField(widget=forms.TelInput({"autocomplete": "off"}))
    assert own.widget.attrs["autocomplete"] == "off"


@given(hostile_text, st.sampled_from(["", "DE", "US", "AR", "MX", "QQ", "é", "001"]))
def test_no_text_breaks_it(text: str, region: str) -> None:
    accepts_again(PhoneField(required=False, region=region).clean, text)


@given(st.from_regex(r"(\+|00|0)?[1-9][0-9]{4,14}( ?(ext\.|x|DW) ?[0-9]{1,7})?", fullmatch=True))
def test_no_number_breaks_it(text: str) -> None:
    for region in ("DE", "IT", "US", "AR", ""):
        accepts_again(PhoneField(region=region).clean, text)


@pytest.mark.parametrize("char", ["1", "+", " ", "ext 1", "x", "\u202a", "(", "\u0301"])
def test_long_input_is_answered_at_once(char: str) -> None:
    assert quickest(lambda: outcome(PhoneField(region="DE").clean, char * 100_000)) < 0.05
