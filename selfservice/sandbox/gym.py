"""The simulated gym: who is a member, what they asked for, what the studio decided. Pure rules, no HTTP."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from .demo import load_keys, load_members
from .people import (
    IMMEDIATE,
    PAYMENT,
    VERIFIED,
    Amendment,
    DataSetState,
    DemoMember,
    Key,
    Member,
    Studio,
    WaitingAmendment,
)
from .refusals import Refusal
from .rules import checked_signature, checked_values, is_date

# Above 2^53: a client that reads ids as floating point loses the last digit.
_FIRST_AMENDMENT_ID = 9_007_199_254_741_001
_SEARCH_CRITERIA = ("firstName", "lastName", "email", "dateOfBirth")
_CARDS = ("customerNumber", "cardNumber", "barcode", "qrCodeUuid")


class Gym:
    """State of all studios, safe to use from many threads. Whatever it hands out is a copy.

    The operations of the API take the studio that the key opened and raise Refusal. The rest is for tests and demo
    and raises KeyError for an unknown customer, data set or amendment.
    """

    def __init__(self, keys: Mapping[str, Key], members: Iterable[Member]) -> None:
        self._lock = threading.RLock()
        self._keys = dict(keys)
        self._members = {member.id: member for member in members}
        self._ids = itertools.count(_FIRST_AMENDMENT_ID)
        for state in self._states():
            if state.pending:
                state.pending.id = next(self._ids)

    @classmethod
    def demo(cls) -> Gym:
        """The studios, keys and members of members.json, untouched."""
        keys = load_keys()
        return cls(keys, load_members())

    @classmethod
    def demo_members(cls) -> list[DemoMember]:
        """Who there is to try, in the order of the story."""
        return [DemoMember(each.studio, each.name, each.email, each.id, each.shows) for each in load_members()]

    # -- the operations of the API --

    def key(self, value: str | None) -> Key | None:
        """What the API key opens, or None."""
        return self._keys.get(value or "")

    def read(self, studio: Studio, customer_id: int, data_set: str) -> dict[str, Any]:
        """Current values, status and pending amendment, as GET answers them."""
        with self._lock:
            member = self._customer(studio, customer_id)
            state = member.sets[data_set]
            answer = {**_as_answered(member, data_set, state.values), "amendmentConfigurationStatus": state.status}
            if state.pending:
                values = _as_answered(member, data_set, state.pending.values)
                answer["pendingAmendment"] = {"id": state.pending.id, **values}
            return deepcopy(answer)

    def request(self, studio: Studio, customer_id: int, data_set: str, body: object) -> dict[str, Any]:
        """Ask for a whole data set; answers the amendment, which waits or has been applied, as the status says."""
        with self._lock:
            member = self._customer(studio, customer_id)
            state = member.sets[data_set]
            if state.status not in (VERIFIED, IMMEDIATE):
                raise Refusal(403, "read-only")
            if state.pending:
                raise Refusal(409, "pending")
            amendment = self._new_amendment(member, data_set, body)
            if state.status == IMMEDIATE:
                state.values = amendment.values
            else:
                state.pending = amendment
            return deepcopy({"id": amendment.id, **_as_answered(member, data_set, amendment.values)})

    def withdraw(self, studio: Studio, customer_id: int, amendment_id: int) -> None:
        """Drop the customer's pending amendment, whatever the status of its data set."""
        with self._lock:
            for state in self._customer(studio, customer_id).sets.values():
                if state.pending and state.pending.id == amendment_id:
                    state.pending = None
                    return
        raise Refusal(404, "amendment")

    def customer(self, studio: Studio, customer_id: int) -> dict[str, Any]:
        """One customer of the studio."""
        with self._lock:
            return deepcopy(self._customer(studio, customer_id).customer())

    def search(self, studio: Studio, body: object) -> list[dict[str, Any]]:
        """Customers that meet every criterion: beginnings of names, the whole e-mail address, the date of birth."""
        criteria = _criteria(body)
        with self._lock:
            found = [member.customer() for member in self._members.values() if member.studio == studio.slug]
            return deepcopy([customer for customer in found if _meets(customer, criteria)])

    def find(self, studio: Studio, query: Mapping[str, str]) -> dict[str, Any]:
        """The customer with this customerNumber, cardNumber, barcode or qrCodeUuid."""
        wanted = {name: query[name] for name in _CARDS if query.get(name)}
        if not wanted:
            raise Refusal(400, "criterion")
        with self._lock:
            for member in self._members.values():
                if member.studio == studio.slug and all(member.record.get(key) == wanted[key] for key in wanted):
                    return deepcopy(member.customer())
        raise Refusal(404, "customer")

    # -- what the studio does, and direct control for tests --

    def waiting(self) -> list[WaitingAmendment]:
        """Every amendment that waits, in all studios, oldest first."""
        with self._lock:
            return deepcopy(sorted(self._waiting(), key=lambda each: each.amendment.id))

    def accept(self, amendment_id: int) -> None:
        """The studio applies a pending amendment."""
        with self._lock:
            state, amendment = self._find_waiting(amendment_id)
            state.values, state.pending = amendment.values, None

    def reject(self, amendment_id: int) -> None:
        """The studio drops a pending amendment."""
        with self._lock:
            state, _ = self._find_waiting(amendment_id)
            state.pending = None

    def member(self, customer_id: int) -> Member:
        """A copy of everything stored about the member."""
        with self._lock:
            return deepcopy(self._members[customer_id])

    def values(self, customer_id: int, data_set: str) -> dict[str, Any]:
        """The current values of a data set, as stored."""
        return self.member(customer_id).sets[data_set].values

    def pending(self, customer_id: int, data_set: str) -> Amendment | None:
        """The amendment that waits, with its signature, or None."""
        return self.member(customer_id).sets[data_set].pending

    def set_values(self, customer_id: int, data_set: str, values: Mapping[str, Any]) -> None:
        """Replace the current values; nothing is checked."""
        with self._lock:
            self._members[customer_id].sets[data_set].values = deepcopy(dict(values))

    def set_status(self, customer_id: int, data_set: str, status: str) -> None:
        """Replace `amendmentConfigurationStatus`; any word will do."""
        with self._lock:
            self._members[customer_id].sets[data_set].status = status

    def set_require_signature(self, customer_id: int, required: bool | None) -> None:  # noqa: FBT001 - the value itself
        """Replace `requireSignature`; None leaves it out of the answer."""
        with self._lock:
            self._members[customer_id].require_signature = required

    def set_pending(self, customer_id: int, data_set: str, changes: Mapping[str, Any], signature: str = "") -> int:
        """Let an amendment wait that differs from the current values by `changes` (None removes); answers its id."""
        with self._lock:
            state = self._members[customer_id].sets[data_set]
            merged = {**state.values, **changes}
            values = deepcopy({name: value for name, value in merged.items() if value is not None})
            state.pending = Amendment(next(self._ids), customer_id, data_set, values, signature or None)
            return state.pending.id

    def clear_pending(self, customer_id: int, data_set: str) -> None:
        """Forget the amendment that waits, if any."""
        with self._lock:
            self._members[customer_id].sets[data_set].pending = None

    # -- inner workings; the caller holds the lock --

    def _states(self) -> Iterable[DataSetState]:
        return (state for member in self._members.values() for state in member.sets.values())

    def _customer(self, studio: Studio, customer_id: int) -> Member:
        member = self._members.get(customer_id)
        if member is None or member.studio != studio.slug:
            raise Refusal(404, "customer")
        return member

    def _find_waiting(self, amendment_id: int) -> tuple[DataSetState, Amendment]:
        for state in self._states():
            if state.pending and state.pending.id == amendment_id:
                return state, state.pending
        raise KeyError(amendment_id)

    def _new_amendment(self, member: Member, data_set: str, body: object) -> Amendment:
        values = checked_values(data_set, body, member.sets[data_set].values)
        signed = data_set == PAYMENT and member.require_signature
        signature = checked_signature(body) if signed else None
        return Amendment(next(self._ids), member.id, data_set, deepcopy(values), signature)

    def _waiting(self) -> Iterable[WaitingAmendment]:
        for member in self._members.values():
            for state in member.sets.values():
                if state.pending:
                    number = str(member.record.get("customerNumber", member.id))
                    yield WaitingAmendment(member.studio, member.name, number, state.values, state.pending)


def _as_answered(member: Member, data_set: str, values: Mapping[str, Any]) -> dict[str, Any]:
    if data_set != PAYMENT or member.require_signature is None:
        return dict(values)
    return {**values, "requireSignature": member.require_signature}


def _criteria(body: object) -> dict[str, str]:
    if not isinstance(body, dict):
        raise Refusal(400, "type")
    wanted = {name: body[name] for name in _SEARCH_CRITERIA if body.get(name) not in (None, "")}
    if not wanted:
        raise Refusal(400, "criterion")
    for name, value in wanted.items():
        if not isinstance(value, str):
            raise Refusal(400, "type", name)
    if "dateOfBirth" in wanted and not is_date(wanted["dateOfBirth"]):
        raise Refusal(400, "date", "dateOfBirth")
    return {name: value.casefold() for name, value in wanted.items()}


def _meets(customer: Mapping[str, Any], criteria: Mapping[str, str]) -> bool:
    return all(_matches(name, str(customer.get(name, "")).casefold(), value) for name, value in criteria.items())


def _matches(name: str, stored: str, wanted: str) -> bool:
    return stored.startswith(wanted) if name in ("firstName", "lastName") else stored == wanted
