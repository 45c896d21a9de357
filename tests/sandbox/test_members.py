"""The invented members: between them they show every situation the portal must master."""

from __future__ import annotations

from itertools import product

import pytest

from selfservice.sandbox import Gym
from selfservice.sandbox.people import DATA_SET_NAMES, MASTER, PAYMENT, Member
from selfservice.sandbox.rules import checked_values, is_iban

STATUSES = ("READ", "CHANGES_REQUIRE_VERIFICATION", "CHANGES_WITHOUT_VERIFICATION")
SAMPLE_NAMES = ("Bullock", "Hannawald", "Am Bahnhof", "Tegel")


def everybody() -> list[Member]:
    gym = Gym.demo()
    return [gym.member(each.customer_id) for each in Gym.demo_members()]


def test_payment_shows_all_twelve_combinations() -> None:
    shown = {(m.sets[PAYMENT].status, bool(m.sets[PAYMENT].pending), m.require_signature) for m in everybody()}

    assert set(product(STATUSES, (True, False), (True, False))) <= shown


@pytest.mark.parametrize("name", [name for name in DATA_SET_NAMES if name != PAYMENT])
def test_the_other_sets_show_every_status_with_and_without_pending(name: str) -> None:
    shown = {(member.sets[name].status, bool(member.sets[name].pending)) for member in everybody()}

    assert set(product(STATUSES, (True, False))) <= shown


def test_the_first_member_is_the_one_to_start_with() -> None:
    first = Gym.demo_members()[0]
    member = Gym.demo().member(first.customer_id)

    assert first[:4] == ("berlin-mitte", "Anna Berger", "anna.berger@example.com", 1001)
    assert {state.status for state in member.sets.values()} == {"CHANGES_REQUIRE_VERIFICATION"}
    assert member.require_signature is True
    assert not any(state.pending for state in member.sets.values())


def test_the_story_has_its_people() -> None:
    members = everybody()
    by_email: dict[str, list[Member]] = {}
    for member in members:
        by_email.setdefault(member.email, []).append(member)
    statuses = {member.record["status"] for member in members}
    values = [state.values for member in members for state in member.sets.values()]

    assert len(members) >= 14
    assert all(member.shows for member in members)
    assert len(by_email["familie.sommer@example.com"]) == 3
    assert {member.studio for member in by_email["carla.reyes@example.com"]} == {"berlin-mitte", "madrid-centro"}
    assert statuses == {"MEMBER", "FORMER_MEMBER", "PROSPECT"}
    assert any({state.status for state in m.sets.values()} == {"CHANGES_WITHOUT_VERIFICATION"} for m in members)
    assert any(state.status == "DEACTIVATED" for member in members for state in member.sets.values())
    assert {"ES", "TR", "US", "ZZ"} <= {each.get("countryCode") for each in values}
    assert {"030/123 45-6 (AB)", "+49 00000000"} <= {str(number) for each in values for number in each.values()}
    assert any(member.id > 2**53 for member in members)
    assert any(member.id > 2**31 for member in members if member.id < 2**53)


def test_the_spanish_address_has_every_part() -> None:
    address = Gym.demo().values(2001, "address-data")

    parts = {"streetType", "streetBlock", "portal", "stairway", "floor", "door", "province", "provinceCode"}
    assert parts <= set(address)


def test_only_the_story_of_the_wrong_iban_has_a_wrong_iban() -> None:
    wrong = [
        member.id
        for member in everybody()
        for state in [member.sets[PAYMENT]]
        for held in [state.values, *([state.pending.values] if state.pending else [])]
        if "iban" in held and not is_iban(held["iban"])
    ]

    assert wrong == [1016]


def test_whatever_waits_could_have_been_requested() -> None:
    for waiting in Gym.demo().waiting():
        checked_values(waiting.amendment.data_set, waiting.amendment.values, waiting.current)


def test_nobody_is_taken_from_the_contracts_samples() -> None:
    text = str([(member.sets, member.record) for member in everybody()])

    assert not [name for name in SAMPLE_NAMES if name in text]


def test_addresses_belong_to_nobody() -> None:
    domains = {member.email.partition("@")[2] for member in everybody() if member.email}

    assert domains <= {"example.com", "example.org", "example.es"}


def test_every_gym_starts_afresh() -> None:
    first = Gym.demo()
    first.set_values(1001, MASTER, {})

    assert Gym.demo().values(1001, MASTER)["firstName"] == "Anna"


def test_what_the_gym_hands_out_is_a_copy() -> None:
    gym = Gym.demo()
    gym.member(1001).sets[MASTER].values.clear()

    assert gym.values(1001, MASTER)["firstName"] == "Anna"


def test_direct_control() -> None:
    gym = Gym.demo()
    amendment_id = gym.set_pending(1001, "contact-data", {"phonePrivate": "1", "phonePrivateMobile": None})
    pending = gym.pending(1001, "contact-data")

    assert pending is not None
    assert pending.id == amendment_id
    assert pending.values["phonePrivate"] == "1"
    assert "phonePrivateMobile" not in pending.values
    gym.accept(amendment_id)
    assert gym.values(1001, "contact-data") == pending.values
    gym.reject(gym.set_pending(1001, "contact-data", {"email": "x@example.com"}))
    assert gym.pending(1001, "contact-data") is None
    gym.set_pending(1001, "contact-data", {})
    gym.clear_pending(1001, "contact-data")
    assert gym.pending(1001, "contact-data") is None
    with pytest.raises(KeyError):
        gym.accept(amendment_id)
