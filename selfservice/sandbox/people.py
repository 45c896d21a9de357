"""Who trains at the simulated gym: studios, API keys, members, data sets and amendments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

CONTACT, ADDRESS, MASTER, PAYMENT = "contact-data", "address-data", "master-data", "payment-data"
DATA_SET_NAMES = (CONTACT, ADDRESS, MASTER, PAYMENT)

READ_ONLY = "READ"
VERIFIED = "CHANGES_REQUIRE_VERIFICATION"
IMMEDIATE = "CHANGES_WITHOUT_VERIFICATION"


@dataclass(frozen=True)
class Studio:
    """A studio and what `GET /v1/studios/information` says about it."""

    slug: str
    language: str
    information: dict[str, Any]

    @property
    def name(self) -> str:
        """The studio's own name."""
        return str(self.information["name"])


@dataclass(frozen=True)
class Key:
    """What an API key opens: one studio and some scopes."""

    studio: Studio
    scopes: frozenset[str]


@dataclass
class Amendment:
    """A requested change: the whole data set as the member wants it, and the signature (base64 of an SVG) if any."""

    id: int
    customer_id: int
    data_set: str
    values: dict[str, Any]
    signature: str | None = None


@dataclass
class DataSetState:
    """One data set of one member: current values, what the studio allows, and the amendment that waits."""

    status: str
    values: dict[str, Any]
    pending: Amendment | None = None


@dataclass
class Member:
    """A customer. Name, birthday and e-mail address are read from the data sets, so an applied change shows everywhere.

    `require_signature` None leaves `requireSignature` out of the answer. `record` holds the rest of the customer.
    """

    id: int
    studio: str
    shows: str
    record: dict[str, Any]
    sets: dict[str, DataSetState] = field(default_factory=dict)
    require_signature: bool | None = False

    @property
    def name(self) -> str:
        """First and last name as they stand now."""
        master = self.sets[MASTER].values
        return f"{master.get('firstName', '')} {master.get('lastName', '')}".strip()

    @property
    def email(self) -> str:
        """The e-mail address as it stands now, or an empty string."""
        return str(self.sets[CONTACT].values.get("email") or "")

    def customer(self) -> dict[str, Any]:
        """The customer as the search and the single read answer it."""
        master = self.sets[MASTER].values
        named = {name: master.get(name) for name in ("firstName", "lastName", "dateOfBirth", "gender")}
        city = self.sets[ADDRESS].values.get("city")
        answer = {"id": self.id, **self.record, **named, "email": self.email or None, "city": city}
        return {name: value for name, value in answer.items() if value is not None}


class DemoMember(NamedTuple):
    """One line of the demo's print-out: who can sign in where, and what there is to see."""

    studio: str
    name: str
    email: str
    customer_id: int
    shows: str


class WaitingAmendment(NamedTuple):
    """An amendment beside the values it would replace and whose it is."""

    studio: str
    member: str
    customer_number: str
    current: dict[str, Any]
    amendment: Amendment
