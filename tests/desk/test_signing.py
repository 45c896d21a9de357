"""Signing at the desk: on the whole screen of the tablet, or on the member's own phone."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from selfservice.models import PhoneSigning
from tests.pageclient import PageClient, form_values, texts

ANNA = 1001
IBAN = "DE02 1203 0000 0000 2020 51"
NAME = {"signature_name": "Anna Berger"}
WIDE = [[x * 10, 40 + (x % 5) * 12] for x in range(30)]
DRAWN = {"signature": json.dumps({"width": 300, "height": 120, "strokes": [WIDE]}), "signature_name": ""}
SIGN = "payment/sign/"


def begin(desk: Any, by: str, **more: Any) -> Any:
    values = desk.form(ANNA, "payment") | {"iban": IBAN} | more
    return desk.client.post(desk.member_url(ANNA, SIGN), values | {"by": by})


def go_on(desk: Any, page: Any, **more: Any) -> Any:
    return desk.client.post(desk.member_url(ANNA, SIGN), form_values(page) | more)


def unlock(desk: Any, page: Any, **more: Any) -> Any:
    return go_on(desk, page, unlock="1", **({"code": desk.code()} | more))


def look(desk: Any, page: Any) -> Any:
    """Ask as the script of the page does."""
    found = re.search(r'data-phone-signature="([^"]+)"', page.content.decode())
    assert found
    return desk.post("signed/", {"phone": found[1]})


def signature_of(desk: Any) -> Any:
    return desk.sent()[-1]["signature"]["base64SvgSignature"]


class TestHandOver:
    """The tablet is in the member's hands."""

    def test_it_shows_the_masked_account_the_pad_and_nothing_else(self, desk: Any) -> None:
        page = begin(desk, "tablet")
        shown, html = texts(page), page.content.decode()
        assert "DE02 •••• 2051" in shown
        assert "allow them to collect your fees" in shown
        for secret in (IBAN, IBAN.replace(" ", ""), "anna.berger@", "Lindenallee", "1-1001"):
            assert secret not in html
        links = re.findall(r'(?:href|action)="(/[^"]*)"', html)
        assert {link for link in links if "/static/" not in link} == {desk.member_url(ANNA, SIGN)}

    @pytest.mark.parametrize(
        "path", ["", "activity/", "members/1001/", "members/1001/payment/", "members/1002/", "members/1001/open/"]
    )
    def test_no_other_page_opens_before_the_staff_unlock(self, desk: Any, path: str) -> None:
        begin(desk, "tablet")
        for response in [desk.get(path), *([desk.post(path)] if path != "activity/" else [])]:
            assert response.status_code == 302
            assert response.headers["Location"].startswith(desk.url("unlock/"))

    def test_nor_does_a_second_form(self, desk: Any) -> None:
        values = desk.form(ANNA, "payment") | {"iban": IBAN}
        begin(desk, "tablet")
        again = desk.client.post(desk.member_url(ANNA, SIGN), values | {"by": "phone"})
        assert again.headers["Location"] == desk.url("unlock/")
        assert not PhoneSigning.objects.exists()

    def test_managers_are_locked_out_of_admin_too(self, manager: Any) -> None:
        manager.post("members/1001/payment/sign/", manager.form(ANNA, "payment") | {"iban": IBAN, "by": "tablet"})
        assert manager.client.get("/admin/").status_code == 302

    @pytest.mark.parametrize("signed", [NAME, DRAWN])
    def test_signed_and_unlocked_it_is_proven_and_sent(self, desk: Any, signed: dict[str, str]) -> None:
        thanks = go_on(desk, begin(desk, "tablet"), **signed)
        assert "Please give the tablet back" in texts(thanks)
        assert not desk.sent()
        asked = unlock(desk, thanks)
        assert "You have checked who it is" in texts(asked)
        assert desk.vouch(ANNA, "payment", asked, "passport").status_code == 302
        assert desk.sent()[-1]["iban"] == IBAN
        assert signature_of(desk)
        assert desk.is_open()

    def test_a_wrong_code_opens_nothing_and_loses_nothing(self, desk: Any) -> None:
        thanks = go_on(desk, begin(desk, "tablet"), **NAME)
        refused = unlock(desk, thanks, code="000000")
        assert "This is not right." in texts(refused)
        assert not desk.is_open()
        assert "You have checked who it is" in texts(unlock(desk, refused))

    def test_an_empty_pad_is_told(self, desk: Any) -> None:
        page = go_on(desk, begin(desk, "tablet"))
        assert "Please sign in the box or type your name." in texts(page)
        assert not desk.is_open()

    def test_whoever_does_not_want_to_sign_leaves_the_form_as_it_was(self, desk: Any) -> None:
        back = go_on(desk, begin(desk, "tablet"), decline="1")
        assert "Nothing was signed and nothing was sent." in texts(back)
        form = unlock(desk, back)
        assert "It is not signed yet, so nothing was sent." in texts(form)
        assert form_values(form)["iban"] == IBAN

    def test_a_signature_given_for_one_account_signs_no_other(self, desk: Any) -> None:
        asked = unlock(desk, go_on(desk, begin(desk, "tablet"), **NAME))
        form = form_values(desk.press(ANNA, "payment", asked, edit="1"))
        assert form["iban"] == IBAN
        assert not form["signature"]
        assert not form["signature_name"]
        other = desk.submit(ANNA, "payment", form, iban="DE02 5001 0517 0137 0750 30", bic="", bank_name="")
        assert "Please sign in the box or type your name." in texts(other)
        assert not desk.sent()

    def test_the_whole_account_stands_masked_above_the_pad_whatever_changes(self, desk: Any) -> None:
        values = desk.form(ANNA, "payment") | {"account_holder": "A. Berger"}
        page = desk.client.post(desk.member_url(ANNA, SIGN), values | {"by": "tablet"})
        for part in ("A. Berger", "DE12 •••• 9890", "ING-DiBa"):
            assert part in texts(page)

    def test_no_other_set_is_signed(self, desk: Any) -> None:
        values = desk.form(ANNA, "address") | {"street": "Ahornweg", "by": "tablet"}
        response = desk.client.post(desk.member_url(ANNA, "address/sign/"), values)
        assert response.headers["Location"] == desk.member_url(ANNA, "address/")
        assert desk.is_open()

    def test_it_is_about_this_member_alone(self, desk: Any) -> None:
        begin(desk, "tablet")
        desk.sandbox.forget_requests()
        for who in (1002, 9999):
            for method in (desk.client.get, desk.client.post):
                response = method(desk.member_url(who, SIGN))
                assert response.headers["Location"].startswith(desk.url("unlock/"))
        assert not desk.calls("customers")

    def test_the_page_to_sign_is_never_shown_by_an_open_desk(self, desk: Any) -> None:
        """Somebody unlocks in another window, and the member goes on with the page."""
        page = begin(desk, "tablet")
        desk.unlock()
        assert "Please give the tablet back" in texts(go_on(desk, page, **NAME))
        assert not desk.is_open()

    @pytest.mark.parametrize("path", ["*payment*", "/v1/customers/1001"])
    def test_an_outage_while_it_is_given_back_loses_nothing(self, desk: Any, path: str) -> None:
        thanks = go_on(desk, begin(desk, "tablet"), **NAME)
        desk.sandbox.faults.add("status", status=500, method="GET", path=path, count=20)
        page = unlock(desk, thanks)
        assert form_values(page)
        assert desk.get("unlock/").status_code in (200, 302)  # still on duty
        desk.sandbox.faults.clear()
        if "draft" in form_values(page):
            assert "You have checked who it is" in texts(unlock(desk, page))
        else:
            assert form_values(page)["iban"] == IBAN

    def test_an_outage_while_the_member_signs_is_not_noticed(self, desk: Any) -> None:
        page = begin(desk, "tablet")
        desk.sandbox.faults.add("status", status=500, method="GET", path="/v1/customers/*", count=20)
        assert "Please give the tablet back" in texts(go_on(desk, page, **NAME))

    def test_the_page_of_another_member_or_session_is_worth_nothing(self, desk: Any, another_desk: Any) -> None:
        token = form_values(begin(desk, "tablet"))["draft"]
        other = another_desk.client.post(another_desk.member_url(ANNA, SIGN), {"draft": token, **NAME})
        assert "Please give the tablet back" not in texts(other) if other.status_code == 200 else True
        assert not desk.sent()

    @pytest.mark.parametrize("change", [{"iban": "DE00"}, {"account_holder": ""}])
    def test_a_form_that_is_not_right_comes_back(self, desk: Any, change: dict[str, str]) -> None:
        page = begin(desk, "tablet", **change)
        assert page.status_code == 200
        assert "Please sign" not in texts(page).partition("Bank account")[0]
        assert desk.is_open()

    def test_a_form_that_changes_nothing_is_not_signed(self, desk: Any) -> None:
        values = desk.form(ANNA, "payment")
        page = desk.client.post(desk.member_url(ANNA, SIGN), values | {"by": "tablet"})
        assert desk.is_open()
        assert "Please sign" not in texts(page)


class TestPhone:
    """The member scans a picture on the desk's screen."""

    def link(self, page: Any) -> str:
        found = re.search(r"data-phone-url>http://testserver(/[^<]*)<", page.content.decode())
        assert found
        return found[1]

    def test_signed_on_the_phone_the_desk_goes_on(self, desk: Any) -> None:
        waiting = begin(desk, "phone")
        phone = PageClient(headers={"accept-language": "en"})
        asked = phone.get(self.link(waiting))
        assert "DE02 •••• 2051" in texts(asked)
        assert IBAN not in asked.content.decode()
        assert look(desk, waiting).json() == {"signed": False}
        assert "The signature is not there yet." in texts(go_on(desk, waiting, collect="1"))
        done = phone.post(self.link(waiting), form_values(asked) | NAME)
        assert "Your signature is at the desk." in texts(done)
        assert look(desk, waiting).json() == {"signed": True}
        proving = go_on(desk, waiting, collect="1")
        assert "You have checked who it is" in texts(proving)
        assert desk.vouch(ANNA, "payment", proving, "id-card").status_code == 302
        assert signature_of(desk)
        assert not PhoneSigning.objects.exists()

    def test_waiting_asks_nothing_upstream_and_keeps_no_desk_open(
        self, desk: Any, pass_time: Callable[..., None]
    ) -> None:
        waiting = begin(desk, "phone")
        desk.sandbox.forget_requests()
        for _ in range(6):
            pass_time(minutes=1)
            look(desk, waiting)
        assert not desk.calls("customers")
        assert not desk.is_open()

    def test_the_link_works_once_and_for_ten_minutes(self, desk: Any, pass_time: Callable[..., None]) -> None:
        link = self.link(begin(desk, "phone"))
        phone = PageClient(headers={"accept-language": "en"})
        assert phone.post(link, NAME).status_code == 200
        for again in (phone.get(link), phone.post(link, NAME)):
            assert again.status_code == 404
            assert "can't be signed any more" in texts(again).replace("&#x27;", "'")
        second = self.link(begin(desk, "phone"))
        pass_time(minutes=10, seconds=1)
        assert phone.get(second).status_code == 404

    def test_when_it_has_run_out_the_form_is_there_as_it_was(self, desk: Any, pass_time: Callable[..., None]) -> None:
        waiting = begin(desk, "phone")
        for _ in range(3):
            pass_time(minutes=3, seconds=30)
            desk.get()
        form = go_on(desk, waiting, collect="1")
        assert "It is not signed yet" in texts(form)
        assert form_values(form)["iban"] == IBAN

    def test_the_phone_sees_the_portal_of_nobody(self, desk: Any) -> None:
        phone = PageClient(headers={"accept-language": "en"})
        page = phone.get(self.link(begin(desk, "phone")))
        html = page.content.decode()
        for secret in ("anna.berger", "1-1001", "Lindenallee", desk.name, "members/1001"):
            assert secret not in html
        assert phone.get(desk.member_url(ANNA)).status_code == 302

    def test_the_signature_of_one_change_signs_no_other(self, desk: Any) -> None:
        first, second = begin(desk, "phone"), begin(desk, "phone", account_holder="A. Berger")
        PageClient().post(self.link(first), NAME)
        assert look(desk, second).json() == {"signed": False}

    @pytest.mark.parametrize("typed", [{}, {"signature_name": "x"}, {"signature": "<svg onload=alert(1)>"}])
    def test_what_is_no_signature_is_refused(self, desk: Any, typed: dict[str, str]) -> None:
        waiting = begin(desk, "phone")
        page = PageClient(headers={"accept-language": "en"}).post(self.link(waiting), typed)
        assert page.status_code == 200
        assert "Please sign" in texts(page)
        assert look(desk, waiting).json() == {"signed": False}


def test_members_are_offered_neither(anna: Any) -> None:
    html = anna.get("payment/").content.decode()
    assert "Hand over" not in html
    assert "/desk/" not in html
