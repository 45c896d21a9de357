"""Many members at once, and studios whose system is slow or away: everybody is told the truth, nobody starves.

Measured from outside: the portal under gunicorn, the simulated API, the members and the probe are processes of their
own. What the machine itself takes at its worst moment, as an idle server shows it, is not held against the portal, and
on a slow machine everything may take longer.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.conftest import Serve
from tests.faults.serving import Api, Portal, crowd, probed
from tests.machine import slowness

SETS = "*self-service*"
PROBE_SECONDS = 0.1
PAGE_SECONDS = 5.0
# The members' own machine is this one too: reading 64 pages at once takes it a moment.
GRACE_SECONDS = 1.5
FOR_EVER = 1_000_000
# Enough that nobody opens more pages in a minute than one member may.
MANY = list(range(1001, 1013))
NAMES = {1001: "anna.berger@example.com", 1002: "jonas.keller@example.com"}
# A busy machine is no finding, but three times in a row it is none either.
TRIES = 3

Visit = tuple[float, str, str]
Got = dict[str, Any]
# Fails for anything untrue; otherwise returns how long the slowest page took, as a part of what it may take.
Check = Callable[[list[Got]], float]


def visits(portal: Portal, customers: list[int], studio: str = "berlin-mitte", every: float = 0.0) -> list[Visit]:
    """Let each of these customers open their overview, all at once or one after the other."""
    path = f"/{studio}/profile/"
    return [(index * every, path, portal.sign_in(who, studio)) for index, who in enumerate(customers)]


def attended(portal: Portal, wanted: list[Visit], check: Check, probe_seconds: float = PROBE_SECONDS) -> None:
    """Let members come and look whether they got what they should, and whether probes were answered all the while."""
    late = []
    for _ in range(TRIES):
        seconds: list[tuple[float, float]] = []
        with probed(portal, seconds):
            got = crowd(portal, wanted)
        slowest, slow = check(got), slowness()
        assert len(seconds) > 10
        worst, machine = (max(column) for column in zip(*seconds, strict=True))
        # Pages queue, and a queue grows faster than what each of them takes.
        if worst <= probe_seconds * slow + machine and slowest <= slow**2:
            return
        late.append((worst, machine, slowest, slow))
    raise AssertionError(f"/healthz, an idle server, part of the time for pages, slowness of the machine: {late}")


def part(got: list[Got], seconds: float, waiting: float = 0.0) -> float:
    """Return what the slowest took of `seconds`, besides the time that it had to wait for upstream."""
    return (max(float(one["seconds"]) for one in got) - waiting) / seconds


def of(got: list[Got], studio: str) -> list[Got]:
    return [one for one in got if one["path"].startswith(f"/{studio}/")]


def test_64_members_at_once_are_all_served_while_every_call_takes_two_seconds(api: Api, serve: Serve) -> None:
    portal = serve()
    api.fault("latency", path=SETS, seconds=2, count=FOR_EVER)
    members = (MANY * 6)[:64]
    wanted = visits(portal, members)
    owners = {cookie: NAMES.get(who) for who, (_, _, cookie) in zip(members, wanted, strict=True)}

    def check(got: list[Got]) -> float:
        assert [one["status"] for one in got] == [200] * 64
        for one in got:
            assert [address in one["body"] for address in NAMES.values()] == [
                address == owners[one["cookie"]] for address in NAMES.values()
            ]
            assert "Not available right now" not in one["body"]
        return part(got, GRACE_SECONDS, waiting=2)

    attended(portal, wanted, check)


@pytest.mark.parametrize(
    ("status", "words"),
    [(429, "The studio&#x27;s system is not available"), (503, "The studio&#x27;s system is not available")],
)
def test_in_a_storm_of_refusals_everybody_is_told_and_can_try_again(
    api: Api, serve: Serve, status: int, words: str
) -> None:
    portal = serve()
    api.fault("status", status=status, path=SETS, count=FOR_EVER)

    def check(got: list[Got]) -> float:
        assert [one["status"] for one in got] == [503] * 96
        for one in got:
            assert one["body"].count("Not available right now") == 4
            assert one["body"].count("Try again") >= 4
            assert words in one["body"]
            assert not [address for address in NAMES.values() if address in one["body"]]
        return part(got, PAGE_SECONDS)

    attended(portal, visits(portal, MANY * 8, every=0.04), check)


def test_a_studio_that_hangs_takes_no_room_from_another(api: Api, serve: Serve) -> None:
    """More members than the portal has threads look at a studio that says nothing at all."""
    portal = serve()
    api.fault("stall", path="/v1/customers/10*", seconds=60, count=FOR_EVER)
    stuck = visits(portal, MANY * 20, every=0.02)
    others = visits(portal, [2001, 2002] * 20, "madrid-centro", every=0.1)

    def check(got: list[Got]) -> float:
        assert [one["status"] for one in of(got, "madrid-centro")] == [200] * 40
        told = of(got, "berlin-mitte")
        assert {one["status"] for one in told} == {503, 504}
        waited, refused = ([one for one in told if one["status"] == status] for status in (504, 503))
        assert len(waited) >= 64
        assert all("Try again" in one["body"] for one in told)
        for one in refused:
            assert "we could not begin with this page. Nothing was changed." in one["body"]
            assert one["headers"]["Retry-After"] == "5"
        quick = part([*of(got, "madrid-centro"), *refused], PAGE_SECONDS / 2)
        return max(quick, part(waited, GRACE_SECONDS, waiting=PAGE_SECONDS))

    # Hundreds of calls run into their deadline in the same moment; a probe gets through all the same.
    attended(portal, stuck + others, check, probe_seconds=1.0)
