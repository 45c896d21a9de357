"""IBAN and BIC: spelling, every kind of mistake, masking, comparing, the bank behind it."""

import pytest
from django import forms
from hypothesis import strategies as st

from selfservice.fields.iban import Bank, BICField, IBANField, bank_of, bic_matches, mask_iban, same_iban
from tests.fields.helpers import accepts_again, given, hostile_text, outcome, quickest

# The examples of the IBAN registry.
VALID = """
AE07 0331 2345 6789 0123 456
AT61 1904 3002 3457 3201
BE68 5390 0754 7034
BG80 BNBG 9661 1020 3456 78
CH93 0076 2011 6238 5295 7
CY17 0020 0128 0000 0012 0052 7600
CZ65 0800 0000 1920 0014 5399
DE89 3704 0044 0532 0130 00
DE91 1000 0000 0123 4567 89
DK50 0040 0440 1162 43
EE38 2200 2210 2014 5685
ES91 2100 0418 4502 0005 1332
FI21 1234 5600 0007 85
FR14 2004 1010 0505 0001 3M02 606
GB29 NWBK 6016 1331 9268 19
GR16 0110 1250 0000 0001 2300 695
HR12 1001 0051 8630 0016 0
HU42 1177 3016 1111 1018 0000 0000
IE29 AIBK 9311 5212 3456 78
IS14 0159 2600 7654 5510 7303 39
IT60 X054 2811 1010 0000 0123 456
LI21 0881 0000 2324 013A A
LT12 1000 0111 0100 1000
LU28 0019 4006 4475 0000
LV80 BANK 0000 4351 9500 1
MC58 1122 2000 0101 2345 6789 030
MT84 MALT 0110 0001 2345 MTLC AST0 01S
NL91 ABNA 0417 1643 00
NO93 8601 1117 947
PL61 1090 1014 0000 0712 1981 2874
PT50 0002 0123 1234 5678 9015 4
RO49 AAAA 1B31 0075 9384 0000
SE45 5000 0000 0583 9825 7466
SI56 2633 0001 2039 086
SK31 1200 0000 1987 4263 7541
SM86 U032 2509 8000 0000 0270 100
TR33 0006 1005 1978 6457 8413 26
XK05 1212 0123 4567 8906
""".strip().splitlines()
SAMPLE = "DE91 1000 0000 0123 4567 89"
STRUCTURE = (
    "There is a letter where this IBAN needs a digit, or a digit where it needs a letter. "
    "Look for the letter O typed for the digit 0, and for I typed for 1."
)
CHECKSUM = "There is a typing mistake in this IBAN. Compare it with your bank card or statement."
COUNTRY = "An IBAN starts with the two letters of its country, for example DE. Check the beginning."
CHARACTERS = "An IBAN has only the letters A to Z and digits. Remove all other characters."
NO_IBAN = "Banks in this country (United States) have no IBAN. Enter an account that has one."
TOO_LONG = "This is too long for an IBAN. Enter only the IBAN, for example DE91 1000 0000 0123 4567 89."
HIDDEN = "This text contains hidden characters that cannot be stored. Type it in instead of pasting it."


@pytest.mark.parametrize("iban", VALID)
def test_every_country_is_read_and_a_wrong_digit_found(iban: str) -> None:
    clean = IBANField().clean
    assert clean(iban.replace(" ", "").lower()) == iban
    last = "1" if iban[-1] != "1" else "2"
    assert outcome(clean, iban[:-1] + last) in {CHECKSUM, STRUCTURE}


@pytest.mark.parametrize(
    "typed",
    [
        "DE91100000000123456789",
        "de91 1000 0000 0123 4567 89",
        "  DE91\u00a01000\u20090000\t0123 4567 89\n",
        "DE91-1000-0000–0123\u20124567−89",
        "DE91\u200b1000\u20600000\ufeff0123456789",
        "IBAN DE91 1000 0000 0123 4567 89",
        "iban: DE91 1000 0000 0123 4567 89",
        "ＤＥ９１ 1000 0000 0123 4567 89",
        "DE٩١ 1000 0000 0123 4567 89",
    ],
)
def test_every_spelling_becomes_groups_of_four(typed: str) -> None:
    assert IBANField().clean(typed) == SAMPLE


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter the IBAN."),
        ("IBAN", "Enter the IBAN."),
        ("D", COUNTRY),
        ("1234567890", COUNTRY),
        ("QQ91 1000 0000 0123 4567 89", COUNTRY),
        ("ZZ91 1000 0000 0123 4567 89", COUNTRY),
        (
            "US91 1000 0000 0123 4567 89",
            NO_IBAN,
        ),
        ("DE91", "An IBAN from DE (Germany) has 22 characters. You typed 4 characters."),
        ("DE91 1000 0000 0123 4567 8", "An IBAN from DE (Germany) has 22 characters. You typed 21 characters."),
        ("CH93 0076 2011 6238 5295 77", "An IBAN from CH (Switzerland) has 21 characters. You typed 22 characters."),
        ("DE91 1000 0000 0123 4567 8O", STRUCTURE),
        ("DEX1 1000 0000 0123 4567 89", STRUCTURE),
        ("DE19 1000 0000 0123 4567 89", CHECKSUM),
        ("DE91 1000 0000 0132 4567 89", CHECKSUM),
        ("DE91 1000 0000 0123 4567 8ß", CHARACTERS),
        ("DE91.1000.0000.0123.4567.89", CHARACTERS),
        ("DE91 1000 0000 0123 4567 89 Anna", "An IBAN from DE (Germany) has 22 characters. You typed 26 characters."),
        ("DE91\u202e1000", HIDDEN),
        ("DE91\x001000", HIDDEN),
        ("DE91\ud8001000", HIDDEN),
        (f"{SAMPLE} " * 5, TOO_LONG),
    ],
)
def test_every_mistake_has_its_own_message(typed: str, message: str) -> None:
    assert outcome(IBANField().clean, typed) == message


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (SAMPLE, "DE91 •••• 6789"),
        ("de91100000000123456789", "DE91 •••• 6789"),
        ("NO93 8601 1117 947", "NO93 •••• 7947"),
        ("DE00 0000 0000 0000 0000 00", "DE00 •••• 0000"),
        ("", ""),
        ("  ", ""),
        ("DE91", "••••"),
        ("DE91 1000 00", "••••"),
        ("1234567890123456789012", "••••"),
        ("Anna Musterfrau, Bahnhofstraße 5", "••••"),
        ("\ud800\x00\u202e", "••••"),
        ("<script>alert(1)</script>", "••••"),
        ("DE91" * 100, "••••"),
    ],
)
def test_masks_show_four_and_four_at_most(text: str, masked: str) -> None:
    assert mask_iban(text) == masked


@given(hostile_text)
def test_masks_of_anything_hide_it(text: str) -> None:
    assert mask_iban(text) in {"", "••••"} or mask_iban(text)[4:10] == " •••• "


def test_the_same_account_in_another_spelling() -> None:
    assert same_iban(SAMPLE, "de91-1000 00000123456789")
    assert same_iban("", " ")
    assert not same_iban(SAMPLE, SAMPLE.replace("9", "8"))
    assert not same_iban("x" * 200 + "1", "x" * 200 + "2")


def test_another_spelling_is_no_change() -> None:
    assert not IBANField().has_changed("DE91100000000123456789", SAMPLE)
    assert not IBANField().has_changed(None, "")
    assert IBANField().has_changed(SAMPLE, VALID[0])
    assert not IBANField(disabled=True).has_changed(SAMPLE, VALID[0])


@pytest.mark.parametrize(
    ("iban", "bank"),
    [
        ("DE89 3704 0044 0532 0130 00", Bank("COBADEFFXXX", "Commerzbank")),
        (SAMPLE, Bank("MARKDEF1100", "Bundesbank")),
        ("DE36 9999 9999 0000 0000 00", None),
        ("DE19 1000 0000 0123 4567 89", None),
        ("US", None),
        ("", None),
    ],
)
def test_banks(iban: str, bank: Bank | None) -> None:
    assert bank_of(iban) == bank


@given(hostile_text)
def test_no_text_breaks_the_look_up(text: str) -> None:
    assert bank_of(text) is None
    assert bic_matches(text, text) is None


@pytest.mark.parametrize("iban", VALID)
def test_every_valid_iban_can_be_looked_up(iban: str) -> None:
    bank = bank_of(iban)
    assert bank is None or not bank.bic or bic_matches(iban, bank.bic)


@pytest.mark.parametrize(
    ("iban", "bic", "matches"),
    [
        ("DE89 3704 0044 0532 0130 00", "COBADEFFXXX", True),
        ("DE89 3704 0044 0532 0130 00", "cobadeff", True),
        ("DE89 3704 0044 0532 0130 00", "COBADEFF370", True),
        ("DE89 3704 0044 0532 0130 00", "DEUTDEFFXXX", False),
        (SAMPLE, "MARKDEF1100", True),
        (SAMPLE, "MARKDEF1", True),
        (SAMPLE, "MARKDEF1XXX", True),
        (SAMPLE, "MARKDEF1200", False),
        (SAMPLE, "DEUTDEFFXXX", False),
        (SAMPLE, "MARKDEF", None),
        (SAMPLE, "", None),
        ("DE36 9999 9999 0000 0000 00", "DEUTDEFFXXX", None),
        ("", "DEUTDEFFXXX", None),
    ],
)
def test_whether_the_bic_belongs_to_the_iban(iban: str, bic: str, matches: bool | None) -> None:
    assert bic_matches(iban, bic) is matches


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("DEUTDEFF", "DEUTDEFF"),
        (" deut de ff xxx ", "DEUTDEFFXXX"),
        ("MARKDEF1100", "MARKDEF1100"),
        ("deut-de-ff\u200b", "DEUTDEFF"),
        ("", "Enter the BIC."),
        ("D", "A BIC has 8 or 11 characters. You typed 1 character."),
        ("DEUTDEFFXX", "A BIC has 8 or 11 characters. You typed 10 characters."),
        ("DEUTDEFÜ", "A BIC has only the letters A to Z and digits. Remove all other characters."),
        ("DEUTDEFF\u2066", HIDDEN),
        ("D" * 65, "This is too long for a BIC. Enter only the BIC, for example DEUTDEFF or DEUTDEFFXXX."),
    ],
)
def test_bic(typed: str, expected: str) -> None:
    assert outcome(BICField().clean, typed) == expected


@pytest.mark.parametrize("typed", ["DEUT1EFF", "DEUTQQFF", "DE911000"])
def test_a_bic_names_a_country(typed: str) -> None:
    assert outcome(BICField().clean, typed) == (
        "There is a typing mistake in this BIC. Its fifth and sixth characters are letters that name a country, "
        "as in DEUTDEFF. Compare it with your bank statement."
    )


@given(hostile_text)
def test_no_text_breaks_the_fields(text: str) -> None:
    accepts_again(IBANField(required=False).clean, text)
    accepts_again(BICField(required=False).clean, text)


@given(st.sampled_from(VALID), st.text(alphabet="0123456789ABCDE", min_size=4, max_size=30))
def test_no_account_number_breaks_the_fields(iban: str, rest: str) -> None:
    accepts_again(IBANField().clean, iban[:2] + rest)
    accepts_again(IBANField().clean, iban[:10] + rest + iban[10 + len(rest) :])


@pytest.mark.parametrize("char", ["D", "DE", " ", "-", "1", "\u0301", "\u200b", "IBAN:"])
def test_long_input_is_answered_at_once(char: str) -> None:
    text = char * 100_000
    for call in (IBANField().clean, BICField().clean, mask_iban, bank_of):
        assert quickest(lambda call=call: outcome(call, text)) < 0.05  # type: ignore[misc]  # mypy can't infer it
    assert quickest(lambda: (same_iban(text, text), bic_matches(SAMPLE, text))) < 0.05


@pytest.mark.parametrize("field", [IBANField(), BICField()])
def test_phones_offer_capitals_and_no_suggestions(field: forms.Field) -> None:
    expected = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false", "inputmode": "text"}
    assert field.widget.attrs == expected
