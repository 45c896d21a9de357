"""Helping a member at the desk: the member's own pages, the right person recorded, nothing left behind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from selfservice import audit
from selfservice.models import AuditEntry
from tests.datasets.conftest import wait_for_mails
from tests.pageclient import form_values, texts
from tests.signin.visitor import newest_code, wrong_code

IBAN = "DE02 1203 0000 0000 2020 51"
ANNA, JONAS, MIRIAM, EMIL, VERA = 1001, 1002, 1003, 1019, 1020
STAFF = "maria@fit.example"


@pytest.fixture(autouse=True)
def _delivered() -> Any:
    yield
    wait_for_mails()


def deeds(action: str) -> list[tuple[str, str, str]]:
    found = AuditEntry.objects.filter(action=action).order_by("pk")
    return list(found.values_list("actor", "proof", "outcome"))


@pytest.mark.parametrize("path", ["", "contact/", "address/", "master/", "payment/", "contact/withdraw/"])
def test_every_page_says_whom_it_is_about(desk: Any, path: str) -> None:
    shown = texts(desk.helping(MIRIAM, path))
    assert "You are helping Miriam Vogt 1-1003" in shown
    assert "Done with this member" in shown


def test_a_change_is_the_staffs_deed_and_the_members_mail_says_so(desk: Any) -> None:
    response = desk.change(ANNA, "address", street="Ahornweg")
    assert response.headers["Location"] == desk.member_url(ANNA, "address/")
    wait_for_mails()
    assert deeds("change") == [(STAFF, "", ""), (STAFF, "", "pending")]
    (message,) = mail.outbox
    assert message.to == ["anna.berger@example.com"]
    assert "am Empfang" in str(message.body) or "at the desk" in str(message.body)
    assert "Ahornweg" not in str(message.body)


def test_a_request_can_be_seen_and_withdrawn(desk: Any) -> None:
    desk.change(ANNA, "address", street="Ahornweg")
    page = desk.helping(ANNA, "address/")
    assert "Waiting for the studio" in texts(page)
    response = desk.client.post(
        desk.member_url(ANNA, "address/withdraw/"), form_values(desk.helping(ANNA, "address/withdraw/"))
    )
    assert response.status_code == 302
    assert deeds("withdraw")[-1] == (STAFF, "", "withdrawn")
    assert desk.sandbox.gym.pending(ANNA, "address-data") is None


def test_the_overview_says_when_something_was_last_changed_at_the_desk(desk: Any, anna: Any) -> None:
    assert "Last changed at the desk" not in texts(desk.helping(ANNA))
    desk.change(ANNA, "address", street="Ahornweg")
    assert "Last changed at the desk on" in texts(desk.helping(ANNA))


def test_what_members_change_themselves_was_not_changed_at_the_desk(desk: Any, anna: Any) -> None:
    anna.change("address", street="Ahornweg")
    assert "Last changed at the desk" not in texts(desk.helping(ANNA))


def test_what_was_cut_off_is_told_to_whoever_began_it(desk: Any, anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        then = timezone.now() - timedelta(seconds=30)
        patch.setattr(timezone, "now", lambda: then)
        audit.record(audit.Action.CHANGE, studio="berlin-mitte", actor="member", customer_id=ANNA, data_set="address")
    assert "interrupted" not in texts(desk.helping(ANNA))
    assert "interrupted" in anna.read()


def test_opening_a_member_is_recorded_once(desk: Any) -> None:
    for path in ("", "contact/", "payment/"):
        desk.helping(ANNA, path)
    assert deeds("open") == [(STAFF, "", "ok")]


@pytest.mark.parametrize("who", [9999, 2001, 2**63, 0])
def test_who_is_no_member_of_this_studio_is_nobody(desk: Any, who: int) -> None:
    page = desk.helping(who)
    assert page.status_code == 404
    assert "This studio has nobody at this address" in texts(page)
    assert 'name="q"' in page.content.decode()
    assert not AuditEntry.objects.filter(action="open").exists()


def test_a_former_member_can_only_be_looked_at(desk: Any) -> None:
    page = desk.helping(VERA)
    assert "Not a member" in texts(page)
    for slug in ("contact", "address", "payment"):
        form = desk.helping(VERA, f"{slug}/")
        assert '<form method="post" action="' + desk.member_url(VERA, f"{slug}/") not in form.content.decode()
        refused = desk.client.post(desk.member_url(VERA, f"{slug}/"), {"street": "Elsewhere"})
        assert refused.status_code == 403
    assert not desk.sent()


def test_nobody_of_another_studio_is_let_in(colleague_elsewhere: Any) -> None:
    page = colleague_elsewhere.client.get("/berlin-mitte/desk/members/1001/")
    assert page.status_code == 403
    assert "Anna" not in page.content.decode()


def test_a_key_without_the_right_says_which_one(desk: Any) -> None:
    desk.sandbox.faults.add("status", status=403, path="/v1/customers/1001", count=9)
    page = desk.helping(ANNA)
    assert page.status_code == 503
    assert "CUSTOMER_READ" in texts(page)


def test_two_members_in_two_windows_never_mix(desk: Any) -> None:
    anna, jonas = (form_values(desk.helping(who, "address/")) for who in (ANNA, JONAS))
    desk.client.post(desk.member_url(JONAS, "address/"), {**jonas, "street": "Jonasweg"})
    desk.client.post(desk.member_url(ANNA, "address/"), {**anna, "street": "Annaweg"})
    assert desk.sandbox.gym.values(JONAS, "address-data")["street"] == "Jonasweg"
    assert desk.sandbox.gym.pending(ANNA, "address-data").values["street"] == "Annaweg"
    crossed = desk.client.post(desk.member_url(ANNA, "contact/"), form_values(desk.helping(JONAS, "contact/")))
    assert "jonas.keller" not in str(desk.sandbox.gym.pending(ANNA, "contact-data"))
    assert crossed.status_code in (200, 409)


def test_done_puts_the_members_pages_away(desk: Any) -> None:
    desk.helping(ANNA)
    response = desk.client.post(desk.member_url(ANNA, "done/"))
    assert response.headers["Location"] == desk.url()
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert response.cookies["desk"].value  # so that no page kept for Back comes back
    for path in ("", "address/", "payment/"):
        page = desk.helping(ANNA, path)
        assert "You are done with this member" in texts(page)
        assert "Anna" not in page.content.decode()
        refused = desk.client.post(desk.member_url(ANNA, "address/"), {"street": "Elsewhere"})
        assert "You are done with this member" in texts(refused)
    desk.client.post(desk.member_url(ANNA, "open/"))
    assert "Anna Berger" in texts(desk.helping(ANNA))
    assert len(deeds("open")) == 2


def test_studios_whose_members_have_the_same_number_are_not_mixed_up(at_desk: Any) -> None:
    both = at_desk("both@fit.example", "berlin-mitte", "madrid-centro")
    both.start()
    both.get("members/1001/")
    both.post("members/1001/done/")
    assert "done with this member" not in both.client.get("/madrid-centro/desk/members/1001/").content.decode()
    both.client.get("/madrid-centro/desk/members/2001/")
    found = AuditEntry.objects.filter(action="open").values_list("studio", "customer_id")
    assert list(found) == [("berlin-mitte", 1001), ("madrid-centro", 2001)]


class TestProof:
    """A new bank account: who has made sure that it is the member's own wish."""

    def ask(self, desk: Any, who: int = JONAS, slug: str = "payment", **more: Any) -> Any:
        return desk.change(who, slug, **(more or {"iban": IBAN}))

    def test_nothing_is_mailed_or_sent_before_a_way_is_chosen(self, desk: Any) -> None:
        page = self.ask(desk)
        assert "You have checked who it is" in texts(page)
        assert "Mail a code to the member" in texts(page)
        assert not mail.outbox
        assert not desk.sent()

    @pytest.mark.parametrize("document", ["id-card", "passport", "driving-licence", "residence-permit"])
    def test_a_document_is_enough_after_a_fresh_code(self, desk: Any, document: str) -> None:
        page = self.ask(desk)
        response = desk.vouch(JONAS, "payment", page, document)
        assert response.status_code == 302
        assert len(desk.sent()) == 1
        assert deeds("confirm") == [(STAFF, f"identity:{document}", "identity-checked")]
        assert deeds("change")[-1] == (STAFF, f"identity:{document}", "saved")

    @pytest.mark.parametrize("document", ["", "library-card"])
    def test_which_document_has_to_be_said(self, desk: Any, document: str) -> None:
        page = desk.vouch(JONAS, "payment", self.ask(desk), document)
        assert page.status_code == 200
        assert not desk.sent()

    def test_after_ten_minutes_the_staffs_code_is_asked_for_again(
        self, desk: Any, pass_time: Callable[..., None]
    ) -> None:
        page = self.ask(desk)
        assert "identity-code" not in form_values(page)
        for _ in range(3):
            pass_time(minutes=3, seconds=40)
            desk.get()
        page = self.ask(desk)
        assert "identity-code" in form_values(page)
        refused = desk.vouch(JONAS, "payment", page, "passport", **{"identity-code": "000000"})
        assert "This is not right." in texts(refused)
        assert not desk.sent()
        accepted = desk.vouch(JONAS, "payment", page, "passport", **{"identity-code": desk.code()})
        assert accepted.status_code == 302
        assert len(desk.sent()) == 1

    def test_the_members_own_code_works_as_in_their_portal(self, desk: Any) -> None:
        page = desk.press(JONAS, "payment", self.ask(desk), resend="1")
        (message,) = mail.outbox
        assert message.to == ["jonas.keller@example.com"]
        assert "DE02 •••• 2051" in str(message.body)
        assert "Empfang" in str(message.body)
        assert desk.press(JONAS, "payment", page, code=wrong_code()).status_code == 200
        assert not desk.sent()
        assert desk.press(JONAS, "payment", page, code=newest_code()).status_code == 302
        assert deeds("change")[-1] == (STAFF, "address-on-file", "saved")

    def test_a_code_that_was_mailed_leaves_the_other_way_open(self, desk: Any) -> None:
        page = desk.press(JONAS, "payment", self.ask(desk), resend="1")
        assert desk.vouch(JONAS, "payment", page, "passport").status_code == 302
        assert len(desk.sent()) == 1

    def test_without_an_address_on_file_a_document_is_the_only_way(self, desk: Any) -> None:
        page = self.ask(desk, EMIL, "contact", email="emil.krause@example.org")
        assert "no e-mail address for them" in texts(page)
        assert "Mail a code to the member" not in texts(page)
        assert desk.vouch(EMIL, "contact", page, "id-card").status_code == 302
        assert desk.sent()[-1]["email"] == "emil.krause@example.org"

    def test_a_new_address_with_a_document_needs_no_codes(self, desk: Any) -> None:
        page = self.ask(desk, JONAS, "contact", email="jonas.neu@example.org")
        assert desk.vouch(JONAS, "contact", page, "passport").status_code == 302
        assert not [message for message in mail.outbox if "confirms" in str(message.subject)]

    def test_a_member_cannot_vouch_for_themselves(self, jonas: Any) -> None:
        page = jonas.submit("payment", jonas.open("payment"), iban=IBAN)
        values = form_values(page) | {"identity": "1", "identity-document": "passport", "code": ""}
        response = jonas.client.post(jonas.url("payment/confirm/"), values)
        assert response.status_code == 200
        assert not jonas.sent()

    def test_another_session_of_the_same_person_cannot_use_the_page(self, desk: Any) -> None:
        page = self.ask(desk)
        desk.start()
        assert desk.vouch(JONAS, "payment", page, "passport").status_code == 403
        assert not desk.sent()

    def test_another_member_of_staff_cannot_use_the_page(self, desk: Any, another_desk: Any) -> None:
        page = self.ask(desk)
        assert another_desk.vouch(JONAS, "payment", page, "passport").status_code == 403
        assert not desk.sent()
