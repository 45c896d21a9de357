"""Names and streets: what is kept, what is tidied, what is refused."""

import pytest
from django import forms

from selfservice.fields.text import OneLineField, PlainTextField
from tests.fields.helpers import accepts_again, given, hostile_text, outcome, quickest

HIDDEN = "This text contains hidden characters that cannot be stored. Type it in instead of pasting it."


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Anna   Maria ", "Anna Maria"),
        ("Anna\u00a0\u2003Maria", "Anna Maria"),
        ("Anna\tMaria\r\nLena", "Anna Maria Lena"),
        ("Jose\u0301", "José"),
        ("O’Neill-Ðorđević", "O’Neill-Ðorđević"),
        ("Straße\u00ad\u200b 5", "Straße 5"),
        ("\ufeffAnna\u200e", "Anna"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("محمد", "محمد"),
        ("<b>Anna</b>", "<b>Anna</b>"),
    ],
)
def test_text_is_tidied_and_otherwise_kept(typed: str, expected: str) -> None:
    assert PlainTextField().clean(typed) == expected


@pytest.mark.parametrize(
    "char",
    list("\x00\x01\x0b\x1b\x7f\x85\x9f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ud800\udfff"),
)
def test_hidden_characters_are_refused(char: str) -> None:
    assert outcome(PlainTextField().clean, f"An{char}na") == HIDDEN


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\u200d", " \u200c\u200d "])
def test_nothing_visible_is_nothing(typed: str) -> None:
    assert PlainTextField(required=False).clean(typed) == ""
    assert outcome(PlainTextField().clean, typed) == "Please fill this in. It can't be empty."


def test_length_is_counted_after_tidying() -> None:
    assert PlainTextField().clean("e\u0301" * 255) == "é" * 255
    assert outcome(PlainTextField().clean, "a" * 256) == "Use at most 255 characters. You typed 256."
    assert outcome(PlainTextField(max_length=1).clean, "ab") == "Use at most 1 character. You typed 2."
    assert outcome(PlainTextField().clean, "a" * 5000) == "Use at most 255 characters. You typed 5000."


def test_browsers_are_not_told_to_cut_pasted_text() -> None:
    assert "maxlength" not in PlainTextField(max_length=5).widget.attrs


def test_a_stored_value_that_comes_back_has_not_changed() -> None:
    field = PlainTextField()
    assert not field.has_changed(" Anna  Maria", "Anna  Maria ")
    assert not field.has_changed(None, "")
    assert field.has_changed("Anna", "Anne")
    assert not PlainTextField(disabled=True).has_changed("Anna", "Anne")


@pytest.mark.parametrize("char", ["a", " ", "\u0301", "\u0315\u0300", "\u200b", "\ufdfa", "\ud800"])
def test_long_input_is_answered_at_once(char: str) -> None:
    assert quickest(lambda: outcome(PlainTextField().clean, char * 100_000)) < 0.05


@given(hostile_text)
def test_no_text_breaks_it(text: str) -> None:
    accepts_again(PlainTextField(required=False).clean, text)


def test_the_base_leaves_the_spelling_to_its_children() -> None:
    with pytest.raises(NotImplementedError):
        OneLineField().clean("Anna")


def test_an_own_widget_keeps_its_attributes() -> None:
    field = PlainTextField(widget=forms.TextInput({"autocomplete": "given-name"}))
    assert field.widget.attrs == {"autocomplete": "given-name"}
