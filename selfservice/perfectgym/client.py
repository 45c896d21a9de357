"""The operations of the PerfectGym API that the portal uses, for one studio."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeVar
from urllib.parse import urlsplit

import requests

from . import operations
from .calls import Call, gather
from .cooloff import Cache, CoolOff
from .deadline import PAGE_SECONDS, Deadline
from .errors import GymError
from .models import Amendment, Customer, SelfServiceData, StudioInformation
from .operations import Operation

__all__ = ["PAGE_SECONDS", "Cache", "Deadline", "GymClient"]

T = TypeVar("T")
LANGUAGES = ("cs", "de", "en", "es", "fr", "hu", "it", "nb", "nl", "pl", "ro", "ru", "sl", "sv", "tr")
VARIANTS = ("de-CH", "de-LI", "en-CA", "en-GB", "en-US", "fr-LU")


class GymClient:
    """One studio's API; safe to share between threads.

    Every operation raises GymError and returns by its deadline (plus a few milliseconds), whatever upstream does.
    `language` may be anything; upstream is only ever told a language of its own list.
    Reads are tried up to three times inside the deadline; a change is sent once, see request_change.
    """

    __slots__ = ("_base", "_cool_off", "_key", "name")

    def __init__(self, base_url: str, api_key: str, cache: Cache, name: str = "") -> None:
        """Take the API's address (a path in it is kept), the key, a cache shared by all processes, a name for logs."""
        self._base = _normalised(base_url)
        self._key = _sendable(api_key)
        self.name = name
        self._cool_off = CoolOff(cache, f"{name} {self._base}")

    def __repr__(self) -> str:
        return f"<GymClient {self.name}>"

    def read(self, customer_id: int, resource: str, *, language: str, deadline: Deadline) -> SelfServiceData:
        """Return one data set; `resource` is its last path segment, such as "contact-data"."""
        return self._run(self._call(operations.reading(resource), language, customer_id), deadline)

    def read_all(
        self, customer_id: int, resources: Sequence[str], *, language: str, deadline: Deadline
    ) -> dict[str, SelfServiceData | GymError]:
        """Return all of `resources`, read in parallel; in place of each that failed or came late, its error."""
        calls = [self._call(operations.reading(resource), language, customer_id) for resource in resources]
        outcomes: list[SelfServiceData | GymError] = self._run_all(calls, deadline)
        return dict(zip(resources, outcomes, strict=True))

    def request_change(
        self, customer_id: int, resource: str, body: Mapping[str, object], *, language: str, deadline: Deadline
    ) -> Amendment:
        """Ask for a change of a whole data set; returns the amendment.

        Sent again only when it provably never left, or was refused by a rate limit that ends before the deadline.
        An error with `outcome_unknown` may or may not have been applied: read the set before saying anything.
        """
        return self._run(self._call(operations.changing(resource), language, customer_id, body=body), deadline)

    def withdraw(self, customer_id: int, amendment_id: int, *, language: str, deadline: Deadline) -> None:
        """Withdraw a pending amendment; may be sent again, and "not found" then means that it is withdrawn."""
        self._run(self._call(operations.WITHDRAW, language, customer_id, amendment_id), deadline)

    def search_customers(  # noqa: PLR0913 - upstream searches by any of four facts
        self,
        *,
        language: str,
        deadline: Deadline,
        email: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        date_of_birth: date | None = None,
    ) -> list[Customer]:
        """Return the studio's customers to whom all given facts apply; names are compared from their beginning.

        Raises ValueError when no fact is given, for that would list everybody.
        """
        born = date_of_birth.isoformat() if date_of_birth else None
        facts = {"email": email, "firstName": first_name, "lastName": last_name, "dateOfBirth": born}
        given = {name: value for name, value in facts.items() if value}
        if not given:
            raise ValueError("A search needs at least one fact.")
        return self._run(self._call(operations.SEARCH, language, body=given), deadline)

    def search_any(self, criteria: Sequence[Mapping[str, str]], *, language: str, deadline: Deadline) -> list[Customer]:
        """Return the customers that meet all facts of any of the `criteria`, asked for in parallel, each once.

        The facts are those of the API: firstName, lastName, email, dateOfBirth. Raises ValueError for criteria without
        a fact, and the first GymError when any of the calls failed: a part of the answer would look like all of it.
        """
        if not criteria or not all(criteria):
            raise ValueError("A search needs at least one fact.")
        calls = [self._call(operations.SEARCH, language, body=facts) for facts in criteria]
        found: dict[int, Customer] = {}
        for outcome in self._run_all(calls, deadline):
            if isinstance(outcome, GymError):
                raise outcome
            found |= {customer.id: customer for customer in outcome if customer.id not in found}
        return list(found.values())

    def customer_by_number(self, customer_number: str, *, language: str, deadline: Deadline) -> Customer:
        """Return the customer with this membership number, such as "1-12345"."""
        query = {"customerNumber": customer_number}
        return self._run(self._call(operations.CUSTOMER_BY, language, query=query), deadline)

    def customer(self, customer_id: int, *, language: str, deadline: Deadline) -> Customer:
        """Return one customer."""
        return self._run(self._call(operations.CUSTOMER, language, customer_id), deadline)

    def studio_information(self, *, language: str, deadline: Deadline) -> StudioInformation:
        """Return how people reach the studio."""
        return self._run(self._call(operations.STUDIO_INFORMATION, language), deadline)

    def check_key(self, *, deadline: Deadline) -> None:
        """Raise KeyRejected unless upstream accepts the key; tells nothing about its scopes."""
        self._run(self._call(operations.CHECK_KEY, "en"), deadline)

    def _call(
        self,
        operation: Operation[T],
        language: str,
        *ids: int,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Call[T]:
        url = self._base + operation.path_for(*ids)
        # Not requests' json=: it would send an empty body as none.
        payload = None if body is None else json.dumps(dict(body), allow_nan=False)
        headers = self._headers(language) | ({} if body is None else {"Content-Type": "application/json"})
        prepared = requests.Request(operation.method, url, params=query, data=payload, headers=headers).prepare()
        if not (prepared.url or "").startswith(self._base + "/"):
            raise ValueError("A request must stay below the base URL.")
        return Call(self.name, operation, prepared)

    def _headers(self, language: str) -> dict[str, str]:
        return {
            "X-API-KEY": self._key,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Accept-Language": _upstream_language(language),
            "User-Agent": "member-portal",
        }

    def _run(self, call: Call[T], deadline: Deadline) -> T:
        (outcome,) = self._run_all([call], deadline)
        if isinstance(outcome, GymError):
            raise outcome
        return outcome

    def _run_all(self, calls: Sequence[Call[T]], deadline: Deadline) -> list[T | GymError]:
        """Run `calls` but those to endpoints that cool off; the others may make theirs cool off."""
        cooling = [self._cool_off.error(call.operation.endpoint) for call in calls]
        ready: list[Call[T]] = [call for call, error in zip(calls, cooling, strict=True) if error is None]
        done = gather(ready, deadline)
        for call, outcome in zip(ready, done, strict=True):
            self._cool_off.note(call.operation.endpoint, outcome)
        answers = iter(done)
        return [error or next(answers) for error in cooling]


@lru_cache
def _upstream_language(language: str) -> str:
    """Return the entry of upstream's list that fits best: the variant, else the language, else English."""
    known = {one.lower(): one for one in LANGUAGES + VARIANTS}
    wanted = language.replace("_", "-").lower()
    return known.get(wanted) or known.get(wanted.partition("-")[0]) or "en"


def _normalised(base_url: str) -> str:
    """Return `base_url` as requests will send it, without a slash at its end; raises ValueError."""
    parts = urlsplit(base_url)
    usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    if not usable or parts.query or parts.fragment:
        raise ValueError("The base URL is http(s), a host and perhaps a path, without password, query or fragment.")
    return (requests.Request("GET", base_url.rstrip("/") + "/").prepare().url or "").rstrip("/")


def _sendable(api_key: str) -> str:
    """Return `api_key`; raises ValueError, without quoting it, when a header can't hold it."""
    if not api_key or not api_key.isascii() or not api_key.isprintable() or " " in api_key:
        raise ValueError("The API key is empty, or holds characters that no key has.")
    return api_key
