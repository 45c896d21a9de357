"""The server is killed while changes are under way: nothing is doubled, nothing is misreported, no gap unexplained."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

import requests

from selfservice.housekeeping import SETTLED_SECONDS
from tests.faults.conftest import Serve
from tests.faults.serving import Api, Portal
from tests.faults.visiting import Visitor, clear, held, trail
from tests.pageclient import form_values, texts

ROUNDS = 20
CALL_SECONDS = 0.15
VERIFIED, AT_ONCE = 1001, 1002
TOLD = "While your change of “Contact” was being sent, the portal was interrupted."


@dataclass
class Round:
    """What happened in one of them; `number` was asked for, `told` how often the form spoke of what was cut off."""

    who: int
    number: str
    answer: requests.Response | None = None
    told: int = 0
    arrived: int = 0
    holds: bool = False


def kill_soon(portal: Portal, dice: random.Random, *, everything: bool) -> threading.Thread:
    """Kill the workers, or the whole server, at some moment of the next half second."""

    def kill(after: float) -> None:
        time.sleep(after)
        if everything:
            portal.kill()
            return
        for pid in portal.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    thread = threading.Thread(target=kill, args=(dice.uniform(0, 0.5),))
    thread.start()
    return thread


def play(api: Api, portal: Portal, dice: random.Random, number: int) -> Round:
    """Send a change, kill the portal meanwhile, start it again, and look what PerfectGym holds."""
    who = (VERIFIED, AT_ONCE)[number % 2]
    visitor = Visitor(portal, who)
    page = visitor.get("contact/")
    now = Round(who, f"+49 30 231255{number:02d}", told=texts(page).count(TOLD))
    values = form_values(page) | {"phone_private": now.number}
    before = len(posts(api, who))
    killer = kill_soon(portal, dice, everything=number % 4 > 1)
    now.answer = visitor.send("contact", values)
    killer.join()
    if portal.process is None:
        portal.start()
    portal.wait_until_alive()
    time.sleep(2 * CALL_SECONDS)  # what was under way at PerfectGym has ended
    now.arrived = len(posts(api, who)) - before
    value, waiting = held(api, who, "phonePrivate")
    now.holds = value == now.number
    if waiting is not None:
        clear(api, who, waiting)
    return now


def posts(api: Api, who: int) -> list[object]:
    return [
        each for each in api.requests() if each["method"] == "POST" and f"/{who}/self-service/" in str(each["path"])
    ]


def test_twenty_times_killed_while_a_change_is_sent(api: Api, serve: Serve) -> None:
    seed = random.SystemRandom().randrange(10**6)
    sys.stdout.write(f"seed {seed}\n")
    dice = random.Random(seed)
    portal = serve()
    api.fault("latency", path="/v1/customers/*", seconds=CALL_SECONDS, count=100_000)
    rounds = [play(api, portal, dice, number) for number in range(ROUNDS)]
    for each in rounds:
        assert each.arrived <= 1, each
        assert each.holds == bool(each.arrived), each
        if each.answer is not None and each.answer.status_code == 302:
            assert each.holds, each
        elif each.answer is not None:
            assert "is not there" not in texts(each.answer) or not each.holds, each
    assert any(each.answer is None for each in rounds), "the portal was never killed in time"
    time.sleep(SETTLED_SECONDS + 1)
    explained(portal, rounds)


def explained(portal: Portal, rounds: list[Round]) -> None:
    """Every attempt has an outcome; one that nobody saw the end of is called interrupted, and its member is told."""
    entries = trail(portal)
    attempts = [entry for entry in entries if entry["action"] == "change" and not entry["outcome"]]
    outcomes = {entry["attempt_id"]: entry["outcome"] for entry in entries if entry["attempt_id"]}
    assert all(entry["id"] in outcomes for entry in attempts)
    assert len(attempts) >= sum(each.arrived for each in rounds)
    interrupted = [entry for entry in attempts if outcomes[entry["id"]] == "interrupted"]
    assert len(interrupted) <= sum(each.answer is None for each in rounds)
    told = sum(each.told for each in rounds)
    for who in (VERIFIED, AT_ONCE):
        told += Visitor(portal, who).read().count(TOLD)
        assert TOLD not in Visitor(portal, who).read()
    assert told == len(interrupted)
