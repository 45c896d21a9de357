"""A typed name in handwriting: every alphabet of our members, and text that is none."""

import re
import time
import unicodedata
from typing import Literal

import pytest

from selfservice.signature.svg import SignatureError, to_base64
from selfservice.signature.typed import render_name
from tests.signature.drawing import assert_plain_svg

ALPHABETS = {
    "German": "äöüß ÄÖÜẞ",
    "Polish": "ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ",
    "Turkish": "çğıiöşü ÇĞIİÖŞÜ",
    "Spanish": "áéíñóúü ÁÉÍÑÓÚÜ",
    "French": "àâæçéèêëîïôœùûüÿ ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ",
    "Czech": "áčďéěíňóřšťúůýž ÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ",
    "Romanian": "ăâîșțşţ ĂÂÎȘȚŞŢ",
    "Hungarian": "áéíóöőúüű ÁÉÍÓÖŐÚÜŰ",
    "English": "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "Nordic": "åæøðþ ÅÆØÐÞ",
    "between names": "O'Brien-O’Neil, Jr.",
}


def refusal(name: str) -> SignatureError:
    with pytest.raises(SignatureError) as caught:
        render_name(name)
    return caught.value


@pytest.mark.parametrize("letters", ALPHABETS.values(), ids=ALPHABETS.keys())
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_letter_is_written(letters: str, form: Literal["NFC", "NFD"]) -> None:
    paths = assert_plain_svg(render_name(unicodedata.normalize(form, letters)))
    assert len(paths) == len(letters.replace("ẞ", "SS").replace(" ", ""))
    assert all(len(path) > 20 for path in paths)


def test_letters_stand_side_by_side_inside_the_picture() -> None:
    svg = render_name("Zoë Łukasz-Őry")
    width, height = (float(side) for side in re.findall(r'(?:width|height)="([\d.]+)"', svg)[:2])
    lefts = []
    for path in assert_plain_svg(svg):
        # SVGPathPen writes horizontal and vertical lines with one number, so only pairs after M, L and Q are looked at.
        pairs = re.findall(r"[MLQ ](-?[\d.]+)[ ,](-?[\d.]+)", path)
        assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in pairs)
        lefts.append(min(float(x) for x, _ in pairs))
    assert lefts == sorted(lefts)
    assert 150 < width < 400
    assert 40 < height < 110


def test_different_names_look_different() -> None:
    assert render_name("Ada Lovelace") != render_name("Ada Lovelacf")


def test_blanks_around_and_between_do_not_matter() -> None:
    assert render_name("  Ada \t\xa0 Lovelace\n") == render_name("Ada Lovelace")


@pytest.mark.parametrize("name", ["", " ", "\t\n"])
def test_nothing_typed(name: str) -> None:
    assert refusal(name).code == "empty"


@pytest.mark.parametrize("name", ["A", "A.", "12 34", "--", "(1) x", "'’'"])
def test_two_letters_at_least(name: str) -> None:
    assert refusal(name).code == "name_too_short"


def test_two_letters_are_enough() -> None:
    assert_plain_svg(render_name("Li"))


def test_eighty_characters_at_most() -> None:
    assert len(to_base64(render_name("Wőł" * 26 + "ab"))) < 200_000
    assert refusal("Wőł" * 27).code == "name_too_long"


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("Иван", "И"),
        ("Ada 😀 Lovelace", "😀"),
        ("李小龍", "李"),
        ("Ada\N{RIGHT-TO-LEFT OVERRIDE}Lovelace", "U+202E"),
        ("Ada\N{RIGHT-TO-LEFT MARK}Lovelace", "U+200F"),
        ("Ada\N{SOFT HYPHEN}Lovelace", "U+00AD"),
        ("Ada\0Lovelace", "U+0000"),
        ("Ada\ud800Lovelace", "U+D800"),
        ("Zx\N{COMBINING CARON}", "◌\N{COMBINING CARON}"),
        ("Ngu Nguyễn", "ễ"),
    ],
)
def test_a_character_that_the_font_lacks_is_named(name: str, character: str) -> None:
    error = refusal(name)
    assert (error.code, error.character) == ("name_character", character)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{ secret }} {% x %}", '"/><image href="x">', "&lt;&amp;"]
)
def test_markup_is_only_drawn(name: str) -> None:
    assert_plain_svg(render_name(name))


@pytest.mark.parametrize("name", ["a" * 10_000, "a\u0301\u0323" * 500_000, " " * 2_000_000, "\u202e" * 10_000])
def test_endless_text_is_refused_at_once(name: str) -> None:
    start = time.process_time()
    assert refusal(name).code == "name_too_long"
    assert time.process_time() - start < 0.2
