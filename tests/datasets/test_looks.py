"""When and how long the portal looks for what became of a request, and which status the page then has."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from selfservice.datasets import service
from selfservice.datasets.contact import CONTACT
from selfservice.models import AuditEntry
from selfservice.perfectgym.errors import Unavailable
from tests.pageclient import form_values, texts

NEW = {"phone_private": "030 23125555"}
SET = "*contact-data"


class Clock:
    """The time as the looks see it: it passes only in pauses and reads, and writes down when each read began."""

    def __init__(self, read_seconds: float) -> None:
        self.now, self.read_seconds, self.reads = 100.0, read_seconds, list[float]()
        self.module = SimpleNamespace(monotonic=lambda: self.now, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds

    def read(self, *args: Any) -> Any:
        self.reads.append(round(self.now - 100, 6))
        self.now += self.read_seconds
        return None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Clock:
    watch = Clock(getattr(request, "param", 0.0))
    monkeypatch.setattr(service, "time", watch.module)
    monkeypatch.setattr(service, "pace", watch.module)
    monkeypatch.setattr(service, "_read_or_none", watch.read)
    return watch


@pytest.mark.parametrize(
    ("clock", "looks"),
    [(0.0, [0.0, 0.4, 1.2]), (0.3, [0.0, 0.4, 1.2]), (0.6, [0.0, 0.6, 1.2])],
    indirect=["clock"],
)
def test_it_looks_three_times(anna: Any, clock: Clock, looks: list[float]) -> None:
    anna.sandbox.faults.add("reset-before", method="POST", path=SET)
    assert "we can't tell whether your change arrived" in texts(anna.change("contact", **NEW))
    assert clock.reads == looks


@pytest.mark.parametrize(("left", "looks"), [(5.0, [0.0, 0.4, 1.2]), (1.0, [0.0, 0.4]), (0.3, [0.0]), (0.0, [])])
def test_it_does_not_wait_for_a_look_that_comes_too_late(clock: Clock, left: float, looks: list[float]) -> None:
    deadline: Any = SimpleNamespace(left=lambda: max(0.0, 100 + left - clock.now))
    nobody: Any = None
    result = service._look(nobody, CONTACT, {}, Unavailable(outcome_unknown=True), deadline)
    assert clock.reads == looks
    assert result.outcome is service.Outcome.UNKNOWN


def looks_that_end_with(member: Any, *statuses: int) -> str:
    """Return the page's words and the trail's after a lost request, when each look meets the given status."""
    values = member.open("contact")
    member.sandbox.faults.add("reset-before", method="POST", path=SET)
    for status in (200, *statuses):
        fault: dict[str, Any] = {"status": status} if status != 200 else {"seconds": 0}
        member.sandbox.faults.add("status" if status != 200 else "latency", method="GET", path=SET, **fault)
    return texts(member.send("contact", values, **NEW))


@pytest.mark.usefixtures("quick_looks")
class TestOnlyTheLastReadCounts:
    def test_what_was_seen_before_says_nothing_of_now(self, anna: Any) -> None:
        assert "we can't tell whether your change arrived" in looks_that_end_with(anna, 200, 200, 404)
        assert AuditEntry.objects.latest("pk").outcome == "unknown"

    def test_what_could_not_be_seen_before_does_not_matter(self, anna: Any) -> None:
        assert "and it is not there" in looks_that_end_with(anna, 404, 404, 200)
        assert AuditEntry.objects.latest("pk").outcome == "not-found"


class TestTheTimeOfAPage:
    """A page of 0.8 s whose API says nothing any more."""

    @pytest.fixture(autouse=True)
    def _short_page(self, monkeypatch: pytest.MonkeyPatch, quick_looks: None) -> None:
        monkeypatch.setattr("selfservice.datasets.viewing.PAGE_SECONDS", 0.8)
        monkeypatch.setattr(service, "RESERVE_SECONDS", 0.4)

    def send(self, member: Any, *faults: dict[str, Any]) -> Any:
        values = member.open("contact")
        for fault in faults:
            member.sandbox.faults.add(path=SET, **fault)
        started = time.monotonic()
        response = member.send("contact", values, **NEW)
        assert time.monotonic() - started < 0.8 + 0.5
        return response

    def test_a_request_that_stalls_leaves_time_to_find_it(self, anna: Any) -> None:
        assert self.send(anna, {"fault": "stall", "method": "POST", "seconds": 9, "apply": True}).status_code == 302
        assert AuditEntry.objects.latest("pk").outcome == "pending"

    def test_a_request_that_stalls_leaves_time_to_miss_it(self, anna: Any) -> None:
        response = self.send(anna, {"fault": "stall", "method": "POST", "seconds": 9})
        assert response.status_code == 504
        assert "and it is not there" in texts(response)

    def test_when_every_look_stalls_too_the_page_comes_all_the_same(self, anna: Any) -> None:
        stall = {"fault": "stall", "seconds": 9}
        read = {"fault": "latency", "method": "GET", "seconds": 0}
        response = self.send(anna, read, stall | {"method": "POST"}, stall | {"method": "GET", "count": 9})
        assert response.status_code == 504
        assert "we can't tell whether your change arrived" in texts(response)

    def test_when_the_set_stalls_nothing_is_sent(self, anna: Any) -> None:
        response = self.send(anna, {"fault": "stall", "method": "GET", "seconds": 9, "count": 9})
        assert response.status_code == 504
        assert not anna.sent()
        assert form_values(response)["phone_private"] == NEW["phone_private"]


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize(
    ("fault", "options", "status"),
    [
        ("reset-before", {}, 503),
        ("close", {}, 503),
        ("status", {"status": 500}, 503),
        ("status", {"status": 504}, 503),
        ("html", {}, 502),
        ("empty", {}, 502),
        ("not-json", {}, 502),
    ],
)
def test_the_status_says_what_went_wrong(anna: Any, fault: str, options: dict[str, Any], status: int) -> None:
    anna.sandbox.faults.add(fault, method="POST", path=SET, **options)
    response = anna.change("contact", **NEW)
    assert response.status_code == status
    assert form_values(response)["phone_private"] == NEW["phone_private"]


def test_a_slow_read_makes_no_page_late(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    values = anna.open("contact")
    monkeypatch.setattr("selfservice.datasets.viewing.PAGE_SECONDS", 1.0)
    monkeypatch.setattr("selfservice.datasets.turns.ENOUGH_SECONDS", 0.1)
    anna.sandbox.faults.add("latency", method="GET", path="*contact-data", seconds=0.7)
    anna.sandbox.faults.add("stall", method="POST", path="*contact-data", seconds=9)
    started = time.monotonic()
    response = anna.send("contact", values, phone_private="030 23125555")
    assert time.monotonic() - started < 1.4
    assert response.status_code in (503, 504)
