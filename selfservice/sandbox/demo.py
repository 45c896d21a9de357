"""Reads members.json: the invented studios, API keys and members that demo and tests start from."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

from .people import DATA_SET_NAMES, PAYMENT, Amendment, DataSetState, Key, Member, Studio

# A drawn line, for payment changes that were signed before the story begins.
DEMO_SIGNATURE = base64.b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120" width="320" height="120">'
    b'<path d="M20 80 C50 10 70 110 95 60 S130 90 150 55 S190 95 210 50 S260 70 300 40"'
    b' fill="none" stroke="#1a1a1a" stroke-width="3" stroke-linecap="round"/></svg>'
).decode()


@cache
def _text() -> str:
    return Path(__file__).with_name("members.json").read_text("utf-8")


def load_studios() -> dict[str, Studio]:
    """The studios by slug."""
    studios = json.loads(_text())["studios"]
    return {slug: Studio(slug, each["language"], each["information"]) for slug, each in studios.items()}


def load_keys() -> dict[str, Key]:
    """The API keys by value."""
    studios = load_studios()
    keys = json.loads(_text())["keys"]
    return {value: Key(studios[each["studio"]], frozenset(each["scopes"])) for value, each in keys.items()}


def load_members() -> list[Member]:
    """Fresh members, in the order of the story. Waiting amendments have the id 0 until a gym gives them one."""
    document = json.loads(_text())
    return [_member(entry, document) for entry in document["members"]]


def _member(entry: dict[str, Any], document: dict[str, Any]) -> Member:
    studio = document["studios"][entry["studio"]]["information"]["studioId"]
    record = {**document["everyCustomer"], **entry["record"], "studioId": studio}
    member = Member(entry["id"], entry["studio"], entry["shows"], record)
    member.require_signature = entry[PAYMENT].get("requireSignature")
    for name in DATA_SET_NAMES:
        member.sets[name] = _state(member, name, entry[name], document["everyDataSet"][name])
    return member


def _state(member: Member, name: str, entry: dict[str, Any], unknown: dict[str, Any]) -> DataSetState:
    values = {**unknown, **entry["values"]}
    state = DataSetState(entry["status"], values)
    if "pending" in entry:
        wanted = {**values, **entry["pending"]}
        signature = DEMO_SIGNATURE if name == PAYMENT and member.require_signature else None
        kept = {key: value for key, value in wanted.items() if value is not None}
        state.pending = Amendment(0, member.id, name, kept, signature)
    return state
