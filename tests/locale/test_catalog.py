"""The translations: whole, sound, compiled, and of the texts that the portal has."""

import re
from collections import Counter

import pytest

from tests.locale.catalog import LANGUAGES, compiled_of, forms, messages, source_of, texts_in_sources

PLACEHOLDERS = re.compile(r"%\(\w+\)[a-z]|%%|\{\{.*?\}\}|\{\w*\}")
TAGS = re.compile(r"<[^>]*>|&\w+;")
IN_EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def test_german_is_one_of_the_languages() -> None:
    assert "de" in LANGUAGES


@IN_EVERY_LANGUAGE
def test_every_text_of_the_portal_is_there_and_no_other(language: str) -> None:
    there, sources = messages(source_of(language)).keys(), texts_in_sources()
    assert len(sources) > 250, "the texts of the portal were not found"
    missing = {text: path for text, path in sources.items() if text not in there}
    assert not missing, "new texts: run `make messages` and translate them"
    assert not there - sources.keys(), "texts that are gone: run `make messages`"


@IN_EVERY_LANGUAGE
def test_every_text_is_translated_and_nothing_is_a_guess(language: str) -> None:
    for key, message in messages(source_of(language)).items():
        assert not message.fuzzy, f"a guess that nobody has looked at: {key}"
        translations = forms(message.string)
        assert all(text.strip() for text in translations), f"not translated: {key}"
        expected = source_of(language).num_plurals if message.pluralizable else 1
        assert len(translations) == expected, f"a plural form is missing: {key}"


@IN_EVERY_LANGUAGE
def test_nothing_is_left_over(language: str) -> None:
    assert not source_of(language).obsolete


@IN_EVERY_LANGUAGE
@pytest.mark.parametrize("pattern", [PLACEHOLDERS, TAGS], ids=["placeholders", "tags"])
def test_what_is_not_text_stays_as_it_is(language: str, pattern: re.Pattern[str]) -> None:
    for message in messages(source_of(language)).values():
        english = Counter(pattern.findall(forms(message.id)[-1]))
        for text in forms(message.string):
            assert Counter(pattern.findall(text)) == english, text
            assert text.count("%") == sum(found.count("%") for found in PLACEHOLDERS.findall(text)), text


@IN_EVERY_LANGUAGE
def test_a_text_begins_and_ends_as_the_english_one(language: str) -> None:
    for message in messages(source_of(language)).values():
        english = forms(message.id)[-1]
        for text in forms(message.string):
            assert _ending(text) == _ending(english), text
            assert text == text.strip() or english != english.strip(), text
            assert text[0].isupper() or not english[0].isupper(), text


def _ending(text: str) -> str:
    return text[-1] if text[-1] in ".:?!,; " else ""


def test_german_has_its_own_quotes_and_says_du() -> None:
    for message in messages(source_of("de")).values():
        for text in forms(message.string):
            without_tags = TAGS.sub("", text)
            assert not set(without_tags) & set("\"'”‚‘"), text
            assert without_tags.count("„") == without_tags.count("“"), text
            assert not re.search(r"\bIhr(e[mnrs]?)?\b|\bIhnen\b|\b(bitte|können|müssen|haben) Sie\b", text), text


@IN_EVERY_LANGUAGE
def test_the_portal_reads_what_people_wrote(language: str) -> None:
    source, compiled = source_of(language), compiled_of(language)
    written, read = ({key: forms(one.string) for key, one in messages(both).items()} for both in (source, compiled))
    assert read == written, "compiled from another text: run `make messages`"
    assert (compiled.num_plurals, compiled.plural_expr) == (source.num_plurals, source.plural_expr)
    assert compiled.charset == "utf-8"
