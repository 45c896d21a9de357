"""Withdrawing: only ever what the member's own data set shows as pending at that moment."""

from typing import Any

import pytest

from selfservice.datasets import service
from selfservice.models import AuditEntry
from tests.datasets.conftest import wait_for_mails
from tests.pageclient import form_values, texts


def deletions(member: Any) -> list[str]:
    return [call.path for call in member.sandbox.requests if call.method == "DELETE"]


def test_it_asks_first_and_then_withdraws(miriam: Any) -> None:
    words = miriam.read("address/withdraw/")
    assert "Withdraw the request?" in words
    assert "Now: Ahornstraße Requested: Birkenstraße" in words
    assert not deletions(miriam)
    number = miriam.pending("address").id
    assert miriam.withdraw("address").status_code == 302
    words = miriam.read("address/")
    assert "Your request has been withdrawn. Nothing was changed." in words
    assert "Waiting for the studio" not in words
    assert miriam.pending("address") is None
    attempt, outcome = AuditEntry.objects.order_by("pk")
    assert (attempt.action, attempt.amendment_id, outcome.outcome) == ("withdraw", number, "withdrawn")
    assert [message.subject for message in wait_for_mails()] == ["Fit Berlin Mitte: request withdrawn (Address)"]


def test_it_works_beside_read_only(sign_in: Any) -> None:
    dieter = sign_in(1015)
    assert dieter.withdraw("address").status_code == 302
    assert dieter.pending("address") is None


def test_a_foreign_number_withdraws_nothing(miriam: Any) -> None:
    foreign = miriam.sandbox.gym.pending(1015, "address-data").id
    response = miriam.client.post(miriam.url("address/withdraw/"), {"amendment_id": foreign})
    assert response.status_code == 302
    assert "Another request is waiting than the one you saw. Nothing was withdrawn." in miriam.read("address/")
    assert not deletions(miriam)
    assert miriam.sandbox.gym.pending(1015, "address-data").id == foreign
    assert miriam.pending("address") is not None


@pytest.mark.parametrize("number", ["0", "-1", "abc", "1e3", "9" * 400, "'; DROP"])
def test_a_number_that_is_none_withdraws_nothing(miriam: Any, number: str) -> None:
    miriam.client.post(miriam.url("address/withdraw/"), {"amendment_id": number})
    assert not deletions(miriam)


def test_an_old_number_withdraws_nothing(miriam: Any) -> None:
    old = form_values(miriam.get("address/withdraw/"))
    miriam.sandbox.gym.set_pending(1003, "address-data", {"street": "Andere Straße"})
    miriam.client.post(miriam.url("address/withdraw/"), old)
    assert not deletions(miriam)
    assert "Requested: Andere Straße" in miriam.read("address/")


def test_a_double_click_is_told_the_truth(miriam: Any) -> None:
    values = form_values(miriam.get("address/withdraw/"))
    for _ in range(2):
        assert miriam.client.post(miriam.url("address/withdraw/"), values).status_code == 302
    assert len(deletions(miriam)) == 1
    words = miriam.read("address/")
    assert "Your request has been withdrawn" in words
    assert "This request was no longer waiting" in words


def test_accepted_meanwhile_is_told_the_truth(miriam: Any) -> None:
    values = form_values(miriam.get("address/withdraw/"))
    miriam.sandbox.gym.accept(miriam.pending("address").id)
    miriam.client.post(miriam.url("address/withdraw/"), values)
    words = miriam.read("address/")
    assert "no longer waiting" in words
    assert form_values(miriam.get("address/"))["street"] == "Birkenstraße"


def test_asking_when_nothing_waits_leads_back(anna: Any) -> None:
    response = anna.get("address/withdraw/")
    assert response.status_code == 302
    assert "no longer waiting" in anna.read("address/")


@pytest.mark.parametrize(
    ("fault", "options", "words"),
    [
        ("reset-after", {"count": 1}, "Your request has been withdrawn"),
        ("status", {"status": 500, "apply": True, "count": 1}, "Your request has been withdrawn"),
        ("reset-before", {"count": 9}, "could not be withdrawn and still waits"),
        ("status", {"status": 429, "retry_after": 30}, "could not be withdrawn and still waits"),
        ("status", {"status": 403, "count": 9}, "could not be withdrawn and still waits"),
        ("status", {"status": 404, "count": 9}, "could not be withdrawn and still waits"),
        ("status", {"status": 404, "apply": True}, "no longer waiting"),
        ("empty", {"apply": True}, "Your request has been withdrawn"),
    ],
)
def test_whatever_happens_the_page_says_what_is_true(miriam: Any, fault: str, options: Any, words: str) -> None:
    miriam.sandbox.faults.add(fault, method="DELETE", **options)
    miriam.withdraw("address")
    waits = miriam.pending("address") is not None
    page = miriam.read("address/")
    assert words in page
    assert waits == ("still waits" in words)


def test_without_a_number_it_cannot_be_withdrawn_here(miriam: Any) -> None:
    pending = {"street": "Birkenstraße", "zipCode": "10559", "city": "Berlin", "countryCode": "DE"}
    body = {**miriam.values("address"), "amendmentConfigurationStatus": "READ", "pendingAmendment": pending}
    miriam.sandbox.faults.add("status", method="GET", path="*address-data", status=200, count=2, body=body)
    miriam.withdraw("address")
    assert "can't be withdrawn here" in miriam.read("address/")
    assert not deletions(miriam)


def test_when_the_set_cannot_be_read_nothing_is_withdrawn(miriam: Any) -> None:
    values = form_values(miriam.get("address/withdraw/"))
    miriam.sandbox.faults.add("status", method="GET", path="*address-data", status=500, count=3)
    response = miriam.client.post(miriam.url("address/withdraw/"), values)
    assert response.status_code == 503
    assert not deletions(miriam)


class TestChangeMyRequest:
    def open(self, member: Any) -> dict[str, str]:
        return form_values(member.get("address/?change"))

    def test_it_shows_what_was_requested_and_replaces_it(self, miriam: Any) -> None:
        values = self.open(miriam)
        assert (values["street"], values["house_number"]) == ("Birkenstraße", "44")
        old = miriam.pending("address").id
        response = miriam.send("address", values, house_number="45")
        assert response.status_code == 302
        assert deletions(miriam) == [f"/v1/customers/1003/self-service/amendment/{old}"]
        (body,) = miriam.sent()
        assert (body["street"], body["houseNumber"], body["zipCode"]) == ("Birkenstraße", "45", "10559")
        assert miriam.pending("address").id != old

    def test_if_the_second_step_fails_nothing_is_pending_and_the_draft_is_kept(
        self, miriam: Any, quick_looks: None
    ) -> None:
        values = self.open(miriam)
        miriam.sandbox.faults.add("status", method="POST", status=500)
        response = miriam.send("address", values, house_number="45")
        words = texts(response)
        assert "it is not there" in words
        assert "Your earlier request has been withdrawn, so nothing is waiting at the studio now." in words
        assert miriam.pending("address") is None
        assert [message.subject for message in wait_for_mails()] == ["Fit Berlin Mitte: request withdrawn (Address)"]
        again = form_values(response)
        assert (again["street"], again["house_number"]) == ("Birkenstraße", "45")
        assert "replaces" not in again
        assert miriam.send("address", again).status_code == 302
        assert miriam.pending("address").values["houseNumber"] == "45"

    def test_bad_input_withdraws_nothing(self, miriam: Any) -> None:
        response = miriam.send("address", self.open(miriam), zip_code="x")
        assert response.status_code == 200
        assert not deletions(miriam)
        assert form_values(response)["replaces"]

    def test_what_cannot_be_withdrawn_is_not_replaced(self, miriam: Any) -> None:
        values = self.open(miriam)
        miriam.sandbox.faults.add("reset-before", method="DELETE", count=9)
        response = miriam.send("address", values, house_number="45")
        assert response.status_code == 503
        assert "still waits. Please try again. Your new entry was not sent." in texts(response)
        assert not miriam.sent()
        assert form_values(response)["house_number"] == "45"

    def test_what_the_studio_changed_meanwhile_is_not_overwritten(self, miriam: Any) -> None:
        values = self.open(miriam)
        miriam.sandbox.gym.set_values(1003, "address-data", miriam.values("address") | {"city": "Potsdam"})
        response = miriam.send("address", values, house_number="45")
        assert response.status_code == 409
        assert "Town or city Now: Potsdam Your entry: Berlin" in texts(response)
        assert not deletions(miriam)

    def test_rejected_and_changed_meanwhile_is_asked_again(self, miriam: Any) -> None:
        values = self.open(miriam)
        miriam.sandbox.gym.clear_pending(1003, "address-data")
        miriam.sandbox.gym.set_values(1003, "address-data", miriam.values("address") | {"city": "Potsdam"})
        assert miriam.send("address", values, house_number="45").status_code == 409
        assert not miriam.sent()

    def test_nothing_changed_leaves_the_request_where_it_is(self, miriam: Any) -> None:
        response = miriam.send("address", self.open(miriam))
        assert "this is what you have already asked for" in texts(response)
        assert not deletions(miriam)
        assert not miriam.sent()

    def test_withdrawn_elsewhere_meanwhile_it_is_not_called_withdrawn_by_us(self, miriam: Any) -> None:
        values = self.open(miriam)
        miriam.sandbox.faults.add("status", method="DELETE", status=404, apply=True)
        response = miriam.send("address", values, house_number="45")
        assert response.status_code == 409
        assert "was no longer waiting" in texts(response)
        assert not miriam.sent()

    def test_a_slow_api_leaves_time_for_the_second_half(self, miriam: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("selfservice.datasets.viewing.PAGE_SECONDS", 1.2)
        monkeypatch.setattr(service, "RESERVE_SECONDS", 0.3)
        values = self.open(miriam)
        for method in ("GET", "DELETE", "POST"):
            miriam.sandbox.faults.add("latency", method=method, path="*self-service*", seconds=0.35)
        assert miriam.send("address", values, house_number="45").status_code == 302

    def test_without_a_number_it_is_not_offered(self, miriam: Any) -> None:
        pending = {"street": "Birkenstraße", "zipCode": "10559", "city": "Berlin", "countryCode": "DE"}
        status = "CHANGES_REQUIRE_VERIFICATION"
        body = {**miriam.values("address"), "amendmentConfigurationStatus": status, "pendingAmendment": pending}
        miriam.sandbox.faults.add("status", method="GET", path="*address-data", status=200, count=2, body=body)
        for path in ("address/", "address/?change"):
            words = miriam.read(path)
            assert "Requested: Birkenstraße" in words
            assert "Change my request" not in words
            assert "ask at the desk" in words

    def test_accepted_meanwhile_it_becomes_an_ordinary_change(self, miriam: Any) -> None:
        values = self.open(miriam)
        miriam.sandbox.gym.accept(miriam.pending("address").id)
        assert miriam.send("address", values, house_number="45").status_code == 302
        assert not deletions(miriam)
        assert miriam.sent()[0]["houseNumber"] == "45"

    def test_rejected_meanwhile_the_whole_draft_is_sent(self, miriam: Any) -> None:
        values = self.open(miriam)
        miriam.sandbox.gym.reject(miriam.pending("address").id)
        assert miriam.send("address", values, house_number="45").status_code == 302
        assert miriam.sent()[0]["street"] == "Birkenstraße"

    def test_back_to_the_current_values_withdraws_and_says_so(self, miriam: Any) -> None:
        values = self.open(miriam)
        response = miriam.send("address", values, street="Ahornstraße", house_number="3", zip_code="10785")
        assert response.status_code == 302
        assert "Your request has been withdrawn." in miriam.read("address/")
        assert miriam.pending("address") is None
        assert not miriam.sent()
        assert [message.subject for message in wait_for_mails()] == ["Fit Berlin Mitte: request withdrawn (Address)"]

    def test_back_to_the_current_values_without_a_trail_withdraws_nothing(
        self, miriam: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: Any, **__: Any) -> None:
            raise service.NotRecorded

        values = self.open(miriam)
        monkeypatch.setattr(service, "withdraw_pending", broken)
        response = miriam.send("address", values, street="Ahornstraße", house_number="3", zip_code="10785")
        assert response.status_code == 503
        assert "so nothing was sent" in texts(response)
        assert form_values(response)["street"] == "Ahornstraße"

    def test_what_the_request_held_beside_what_we_know_stays_in_it(self, miriam: Any) -> None:
        miriam.sandbox.gym.set_pending(1003, "address-data", {"street": "Birkenstraße", "floorPlan": {"a": 1}})
        assert miriam.send("address", self.open(miriam), house_number="45").status_code == 302
        assert miriam.sent()[0]["floorPlan"] == {"a": 1}

    def test_without_a_trail_after_the_withdrawal_it_says_that_nothing_waits(
        self, miriam: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        values = self.open(miriam)

        def broken(*_: Any, **__: Any) -> None:
            raise service.NotRecorded

        monkeypatch.setattr(service, "request_change", broken)
        response = miriam.send("address", values, house_number="45")
        assert response.status_code == 503
        assert "so nothing is waiting at the studio now" in texts(response)
        assert "replaces" not in form_values(response)
        assert form_values(response)["house_number"] == "45"

    def test_when_nobody_can_tell_it_does_not_say_that_nothing_waits(
        self, miriam: Any, quick_looks: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        values = self.open(miriam)
        monkeypatch.setattr(service, "_read_or_none", lambda *_: None)
        miriam.sandbox.faults.add("reset-after", method="POST", path="*address-data")
        words = texts(miriam.send("address", values, house_number="45"))
        assert "we can't tell whether your change arrived" in words
        assert "nothing is waiting" not in words
        assert "Your earlier request has been withdrawn." in words
