"""What is said of a withdrawal that nobody confirmed."""

from collections.abc import Callable
from typing import Any

import pytest

from selfservice.datasets import service
from selfservice.models import AuditEntry
from selfservice.sandbox.refusals import Refusal
from tests.pageclient import form_values

SET = "*address-data"
Instead = Callable[[Any, Callable[[], None]], None]


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Instead:
    """Return a function that puts something else in the place of the API's own withdrawal."""

    def put(member: Any, happens: Callable[[], None]) -> None:
        monkeypatch.setattr(member.sandbox.gym, "withdraw", lambda *_: happens())

    return put


def outcome() -> str:
    return AuditEntry.objects.latest("pk").outcome


def withdraw_unseen(member: Any, fault: str, **options: Any) -> str:
    """Withdraw with a fault, unable to look afterwards; return the words of the page."""
    values = form_values(member.get("address/withdraw/"))
    member.sandbox.faults.add(fault, method="DELETE", count=9, **options)
    member.sandbox.faults.add("latency", method="GET", path=SET, seconds=0)
    member.sandbox.faults.add("status", method="GET", path=SET, status=404, count=9)
    member.client.post(member.url("address/withdraw/"), values)
    member.sandbox.faults.clear()
    return str(member.read("address/"))


@pytest.mark.parametrize(
    ("fault", "options"),
    [("reset-before", {}), ("reset-after", {}), ("status", {"status": 500}), ("status", {"status": 403})],
)
def test_when_it_cannot_look_it_says_that_nobody_can_tell(miriam: Any, fault: str, options: Any) -> None:
    words = withdraw_unseen(miriam, fault, **options)
    assert "we can't tell whether the request was withdrawn" in words
    assert "has been withdrawn" not in words
    assert "still waits" not in words
    assert outcome() == "unknown"


@pytest.mark.parametrize(("fault", "options"), [("reset-before", {}), ("status", {"status": 500})])
def test_when_it_sees_it_waiting_it_says_so(miriam: Any, fault: str, options: Any) -> None:
    miriam.sandbox.faults.add(fault, method="DELETE", count=9, **options)
    miriam.withdraw("address")
    words = miriam.read("address/")
    assert "could not be withdrawn and still waits" in words
    assert "we can't tell" not in words
    assert outcome() == "not-done"


@pytest.mark.parametrize(("fault", "says"), [("none", "no longer waiting"), ("reset-before", "has been withdrawn")])
def test_another_request_that_waits_now_is_not_ours_still_waiting(
    miriam: Any, instead: Instead, fault: str, says: str
) -> None:
    number = miriam.pending("address").id

    def replaced() -> None:
        miriam.sandbox.gym.set_pending(1003, "address-data", {"street": "Andere Straße"})
        raise Refusal(500 if fault != "none" else 404, "system")

    instead(miriam, replaced)
    miriam.withdraw("address")
    words = miriam.read("address/")
    assert says in words
    assert "still waits" not in words
    assert "Requested: Andere Straße" in words
    assert miriam.pending("address").id != number


def test_accepted_in_that_moment_it_is_not_called_withdrawn(miriam: Any, instead: Instead) -> None:
    number = miriam.pending("address").id

    def accepted() -> None:
        if miriam.pending("address"):
            miriam.sandbox.gym.accept(number)
        raise Refusal(500, "system")

    instead(miriam, accepted)
    miriam.withdraw("address")
    words = miriam.read("address/")
    assert "This request was no longer waiting." in words
    assert "has been withdrawn" not in words
    assert outcome() == "nothing-pending"


class TestThatStalls:
    """A page of 0.8 s."""

    @pytest.fixture(autouse=True)
    def _short_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "RESERVE_SECONDS", 0.4)

    @pytest.fixture
    def short(self, monkeypatch: pytest.MonkeyPatch, miriam: Any) -> dict[str, str]:
        values = form_values(miriam.get("address/withdraw/"))
        monkeypatch.setattr("selfservice.datasets.viewing.PAGE_SECONDS", 0.8)
        return values

    def test_but_was_applied_it_is_called_withdrawn(self, miriam: Any, short: dict[str, str]) -> None:
        miriam.sandbox.faults.add("stall", method="DELETE", seconds=9, apply=True)
        miriam.client.post(miriam.url("address/withdraw/"), short)
        assert "Your request has been withdrawn. Nothing was changed." in miriam.read("address/")
        assert outcome() == "withdrawn"

    def test_and_was_not_applied_it_still_waits(self, miriam: Any, short: dict[str, str]) -> None:
        miriam.sandbox.faults.add("stall", method="DELETE", seconds=9)
        miriam.client.post(miriam.url("address/withdraw/"), short)
        assert "could not be withdrawn and still waits" in miriam.read("address/")
        assert outcome() == "not-done"
