"""Finds English in what a person reads."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import html5lib
from babel import Locale

from tests.locale.catalog import forms, messages, source_of

# Words of almost every English sentence that no German one has.
ENGLISH = re.compile(
    r"\b(?:the|your|you|this|that|and|is|are|has|with|please|of|to|it|we|can't|nothing)\b", re.IGNORECASE
)
SPOKEN_ATTRIBUTES = re.compile(r"aria-label|title|placeholder|alt|data-text-.*")


def english_in_page(response: Any) -> list[str]:
    """The texts of a page that are English: those with English words, and those that have a German translation.

    Values of a person stand in <bdi>, languages in their own words have a `lang`; both may be in any language.
    """
    tree = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    return [text for text in _texts(tree) if is_english(text)]


def is_english(text: str) -> bool:
    return (bool(ENGLISH.search(text)) or text in _translated()) and text not in _countries()


@cache
def _translated() -> frozenset[str]:
    """The English texts whose German ones are others."""
    pairs = ((forms(message.id), forms(message.string)) for message in messages(source_of("de")).values())
    return frozenset(text for english, german in pairs for text in english if text not in german)


@cache
def _countries() -> frozenset[str]:
    """The names of countries in German, some of which are English."""
    return frozenset(Locale("de").territories.values())


def _texts(element: Any) -> Iterator[str]:
    yield from (value for name, value in element.attrib.items() if SPOKEN_ATTRIBUTES.fullmatch(name))
    foreign = element.tag in ("bdi", "script", "style") or (element.tag != "html" and element.get("lang"))
    if isinstance(element.tag, str) and not foreign:
        yield from _words(element.text)
        for child in element:
            yield from _texts(child)
            yield from _words(child.tail)


def _words(text: str | None) -> Iterator[str]:
    words = " ".join((text or "").split())
    if words:
        yield words
