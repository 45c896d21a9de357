"""Queueing faults, and whether a change takes effect all the same."""

from __future__ import annotations

import http.client
import socket

import pytest

from selfservice.sandbox import Sandbox
from selfservice.sandbox.distortions import DISTORTIONS
from selfservice.sandbox.faults import KNOWN
from selfservice.sandbox.misbehave import _BREAKS
from tests.sandbox.client import AT_ONCE, CONTACT, NEW_EMAIL, Ask, asking, until_closed


def test_every_fault_has_a_way_to_fail() -> None:
    assert {*DISTORTIONS, *_BREAKS, "latency"} == set(KNOWN)


@pytest.mark.parametrize("name", sorted(KNOWN))
@pytest.mark.parametrize("apply", [True, False])
def test_a_change_takes_effect_only_when_told(sandbox: Sandbox, name: str, apply: bool) -> None:
    quick: dict[str, object] = {option: 0 for option in ("seconds", "interval") if option in KNOWN[name]}
    sandbox.faults.add_document({**quick, "fault": name, "method": "POST", "apply": apply})

    with asking(sandbox, AT_ONCE, "POST", NEW_EMAIL) as connection:
        try:
            # Otherwise a connection that lives on would have to be waited for.
            connection.shutdown(socket.SHUT_WR)
            until_closed(connection)
        except OSError:
            assert name.startswith("reset")

    always = name in ("latency", "set-cookie", "reset-after")
    assert (sandbox.gym.member(1002).email == "new@example.com") is (apply or always)


def test_a_withdrawal_that_took_effect_although_the_answer_is_lost(ask: Ask, sandbox: Sandbox) -> None:
    amendment_id = ask("GET", "/v1/customers/1003/self-service/contact-data").json["pendingAmendment"]["id"]
    sandbox.faults.add("close", method="DELETE")
    sandbox.faults.add("close", method="DELETE", apply=True)

    with pytest.raises(http.client.RemoteDisconnected):
        ask("DELETE", f"/v1/customers/1003/self-service/amendment/{amendment_id}")
    assert sandbox.gym.pending(1003, "contact-data") is not None
    with pytest.raises(http.client.RemoteDisconnected):
        ask("DELETE", f"/v1/customers/1003/self-service/amendment/{amendment_id}")
    assert sandbox.gym.pending(1003, "contact-data") is None


def test_faults_are_met_in_order_and_only_by_matching_calls(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("status", method="GET", path="*/contact-data", status=500, count=2)
    sandbox.faults.add("status", path="/v1/customers/1001/*", status=429)

    assert ask("GET", "/v1/customers/1002").status == 200
    assert [ask("GET", CONTACT).status for _ in range(4)] == [500, 500, 429, 200]


def test_faults_over_http(ask: Ask) -> None:
    fault = {"fault": "status", "method": "get", "path": CONTACT, "count": 2, "status": 500}

    queued = ask("POST", "/_faults", fault, key=None)

    assert queued.status == 201
    assert queued.json == [{**fault, "method": "GET", "apply": False}]
    assert ask("GET", CONTACT).status == 500
    assert ask("GET", "/_faults").json[0]["count"] == 1
    assert ask("DELETE", "/_faults").json == []
    assert ask("GET", CONTACT).status == 200
    assert ask("PUT", "/_faults").status == 405
    assert ask("GET", "/_faults/1").status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {},
        {"fault": 7},
        {"fault": "explode"},
        {"fault": "close", "count": 0},
        {"fault": "close", "count": True},
        {"fault": "close", "path": 7},
        {"fault": "close", "apply": "yes"},
        {"fault": "close", "seconds": 1},
        {"fault": "stall", "seconds": "1"},
        {"fault": "status", "status": 99},
        {"fault": "redirect", "location": "/\r\nX: y"},
        {"fault": "close", "self": 1},
        b"{",
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(ask: Ask, sandbox: Sandbox, wrong: object) -> None:
    assert ask("POST", "/_faults", wrong).status == 400
    assert sandbox.faults.waiting() == []


def test_an_unknown_fault_is_answered_with_the_known_ones(ask: Ask) -> None:
    message = ask("POST", "/_faults", {"fault": "explode"}).json["errorMessage"]

    assert all(name in message for name in KNOWN)
