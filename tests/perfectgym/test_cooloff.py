"""After a 429 an endpoint of a studio is left alone for a while, by everybody who shares the cache."""

import time
from collections.abc import Callable

import pytest
from django.core.cache import cache as django_cache

from selfservice.perfectgym import errors
from selfservice.perfectgym.client import Deadline, GymClient
from tests.perfectgym.conftest import KEY, MemoryCache
from tests.perfectgym.wire import Server, reply

Serve = Callable[..., Server]
Connect = Callable[[Server | str], GymClient]
GOOD = reply({"id": 7})


def read(gym: GymClient, resource: str = "contact-data", customer: int = 1) -> None:
    gym.read(customer, resource, language="en", deadline=Deadline.after(1))


def busy(gym: GymClient, resource: str = "contact-data", customer: int = 1) -> errors.Busy:
    with pytest.raises(errors.Busy) as caught:
        read(gym, resource, customer)
    return caught.value


def test_leaves_the_endpoint_alone_for_everybody(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({}, 429, ["Retry-After: 30"]), GOOD)
    first = busy(gym_at(server))
    assert (first.status, first.retry_after, first.outcome_unknown) == (429, 30, False)
    second = busy(gym_at(server), customer=2)
    assert (second.status, second.reason, second.retryable) == (None, "cool-off", True)
    assert second.retry_after == pytest.approx(30, abs=1)
    assert len(server.seen) == 1


def test_counts_endpoints_and_studios_apart(serve: Serve, gym_at: Connect, cache: MemoryCache) -> None:
    server = serve(reply({}, 429, ["Retry-After: 30"]), GOOD)
    gym = gym_at(server)
    busy(gym)
    read(gym, "address-data")
    gym.request_change(1, "contact-data", {"a": "b"}, language="en", deadline=Deadline.after(1))
    read(GymClient(server.url, KEY, cache, "hamburg"))
    read(GymClient(f"{server.url}/other", KEY, cache, "berlin"))
    assert len(server.seen) == 5


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([], 5),
        (["Retry-After: 2"], 2),
        (["Retry-After: 86400"], 60),
        (["Retry-After: nonsense"], 5),
        (["Retry-After: Fri, 31 Dec 2099 23:59:59 GMT"], 60),
    ],
)
def test_for_how_long(serve: Serve, gym_at: Connect, cache: MemoryCache, headers: list[str], seconds: int) -> None:
    assert busy(gym_at(serve(reply({}, 429, headers)))).retry_after == seconds
    assert cache.timeouts == [seconds]


def test_at_least_a_second(serve: Serve, gym_at: Connect, cache: MemoryCache) -> None:
    assert busy(gym_at(serve(reply({}, 429, ["Retry-After: 0"])))).retry_after == 1
    assert cache.timeouts == [1]


def test_ends(serve: Serve, gym_at: Connect, cache: MemoryCache) -> None:
    server = serve(reply({}, 429), GOOD)
    gym = gym_at(server)
    busy(gym)
    cache.kept = dict.fromkeys(cache.kept, time.time() - 0.001)
    read(gym)
    assert len(server.seen) == 2


def test_one_busy_endpoint_leaves_the_others_on_the_page(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({}, 429), GOOD)
    gym = gym_at(server)
    busy(gym, resource="master-data")
    found = gym.read_all(1, ["contact-data", "master-data", "address-data"], language="en", deadline=Deadline.after(1))
    assert [type(one).__name__ for one in found.values()] == ["SelfServiceData", "Busy", "SelfServiceData"]
    assert len(server.seen) == 3


@pytest.mark.parametrize("status", [503, 500, 403])
def test_nothing_else_starts_it(serve: Serve, gym_at: Connect, cache: MemoryCache, status: int) -> None:
    with pytest.raises(errors.GymError):
        read(gym_at(serve(reply({}, status, ["Retry-After: 30"]))))
    assert cache.kept == {}


class BrokenCache:
    def get(self, key: str, default: object = None) -> object:
        raise ConnectionError

    def set(self, key: str, value: object, timeout: float | None) -> None:
        raise ConnectionError


def test_a_broken_cache_breaks_no_call(serve: Serve) -> None:
    server = serve(reply({}, 429), GOOD)
    gym = GymClient(server.url, KEY, BrokenCache(), "berlin")
    assert busy(gym).retry_after == 5
    read(gym)
    assert len(server.seen) == 2


@pytest.mark.parametrize("kept", ["x", b"1", 7, True, [], {}, float("nan"), float("inf"), 9e12, -1.0])
def test_nonsense_in_the_cache_stops_nobody(serve: Serve, gym_at: Connect, cache: MemoryCache, kept: object) -> None:
    server = serve(reply({}, 429), GOOD)
    gym = gym_at(server)
    busy(gym)
    cache.kept = dict.fromkeys(cache.kept, kept)
    read(gym)


def test_keys_suit_every_cache_and_hold_no_secret(serve: Serve, cache: MemoryCache) -> None:
    gym = GymClient(serve(reply({}, 429)).url, KEY, cache, "a name with blanks and ümlauts " * 20)
    busy(gym)
    (key,) = cache.kept
    assert key.isascii()
    assert len(key) < 100
    assert KEY not in f"{cache.kept}"


def test_works_with_djangos_cache(serve: Serve) -> None:
    gym = GymClient(serve(reply({}, 429)).url, KEY, django_cache, "berlin")
    assert busy(gym).status == 429
    assert busy(gym).reason == "cool-off"
