"""Whose address it is: asked of PerfectGym only after the address has been proven."""

from collections import Counter
from dataclasses import dataclass

from ..fields.email import same_mailbox, spellings
from ..perfectgym.client import PAGE_SECONDS, Deadline
from ..perfectgym.errors import Garbled
from ..perfectgym.models import Customer
from ..studios.studio import Studio


@dataclass(frozen=True)
class Person:
    """One of several members with the same address, told apart by as little as possible; `number` only if need be."""

    customer_id: int
    first_name: str
    born: int | None
    number: str = ""


def members_with(studio: Studio, address: str, language: str) -> list[Customer]:
    """Return the studio's members who have this address, former members and prospects left out; raises GymError.

    Somebody who was found, but without a readable status and address, is not the same as nobody.
    """
    deadline = Deadline.after(PAGE_SECONDS)
    for spelling in spellings(address):
        found = studio.gym.search_customers(email=spelling, language=language, deadline=deadline)
        members = [one for one in found if one.status == "MEMBER" and same_mailbox(address, one.email)]
        if members:
            return members
        if found and not any(one.status and one.email for one in found):
            raise Garbled(reason="customers without status or address")
    return []


def told_apart(members: list[Customer]) -> list[Person]:
    """Return the members by first name and year of birth, with the membership number where those are the same."""
    alike = Counter(map(_looks, members))
    return [Person(one.id, *_looks(one), one.customer_number if alike[_looks(one)] > 1 else "") for one in members]


def _looks(member: Customer) -> tuple[str, int | None]:
    return member.first_name, member.date_of_birth.year if member.date_of_birth else None
