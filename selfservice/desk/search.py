"""Finding a member by whatever they say: name, e-mail address, date of birth, membership number."""

import re
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from ..fields.email import clean_address, spellings
from ..perfectgym.client import PAGE_SECONDS, Deadline
from ..perfectgym.errors import Garbled, NotFound
from ..perfectgym.models import Customer
from ..perfectgym.transport import TOO_LARGE
from ..studios.studio import Studio

MOST = 50
SHORTEST = 2
NUMBER = re.compile(r"[0-9]{1,6}-[0-9]{1,12}")
DAY_FIRST = re.compile(r"([0-9]{1,2})[./ -]+([0-9]{1,2})[./ -]+([0-9]{4})")
YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


@dataclass(frozen=True)
class Query:
    """What was typed, as the API can be asked: a membership `number`, or `criteria` of which one has to be met."""

    number: str = ""
    criteria: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class Found:
    """Who was found, at most fifty; `more`: there are others, so that the search has to be narrowed."""

    people: tuple[Customer, ...] = ()
    more: bool = False
    by_number: bool = False


class TooShort(Exception):
    """What was typed would find nearly everybody."""


def understood(typed: str) -> Query:
    """Return what to ask for; raises TooShort, and ValueError for what can only be a date or an address but is none."""
    text = " ".join(typed.replace(",", " ").split())
    if NUMBER.fullmatch(text):
        return Query(number=text)
    if "@" in text:
        return Query(criteria=tuple({"email": spelling} for spelling in spellings(_address(text))))
    if born := _date(text):
        return Query(criteria=({"dateOfBirth": born.isoformat()},))
    return Query(criteria=_names(text.split()))


def _address(text: str) -> str:
    try:
        return clean_address(text)
    except ValidationError:
        raise ValueError("not an address") from None


def _date(text: str) -> date | None:
    """Return the date that a text is, None when it does not look like one; raises ValueError for 31.2.1990."""
    if day_first := DAY_FIRST.fullmatch(text):
        day, month, year = map(int, day_first.groups())
    elif year_first := YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, year_first.groups())
    else:
        return None
    return date(year, month, day)


def _names(words: list[str]) -> tuple[dict[str, str], ...]:
    """Return how these words can be a first and a last name, in either order."""
    if len("".join(words)) < SHORTEST:
        raise TooShort
    if len(words) == 1:
        return {"lastName": words[0]}, {"firstName": words[0]}
    ways = []
    for cut in sorted({1, len(words) - 1}):
        one, other = " ".join(words[:cut]), " ".join(words[cut:])
        ways += [{"firstName": one, "lastName": other}, {"firstName": other, "lastName": one}]
    return tuple(ways)


def find(studio: Studio, query: Query, language: str) -> Found:
    """Return who was found in this studio, members first; raises GymError."""
    deadline = Deadline.after(PAGE_SECONDS)
    if query.number:
        try:
            one = studio.gym.customer_by_number(query.number, language=language, deadline=deadline)
        except NotFound:
            return Found(by_number=True)
        return Found((one,), by_number=True)
    try:
        people = studio.gym.search_any(query.criteria, language=language, deadline=deadline)
    except Garbled as error:
        if error.reason != TOO_LARGE:
            raise
        return Found(more=True)
    return Found(tuple(in_order(people)[:MOST]), more=len(people) > MOST)


def in_order(people: list[Customer]) -> list[Customer]:
    """Return them with members first, then by name."""
    return sorted(people, key=_place)


def _place(customer: Customer) -> tuple[bool, str, str, str]:
    return customer.status != "MEMBER", customer.last_name, customer.first_name, customer.customer_number
