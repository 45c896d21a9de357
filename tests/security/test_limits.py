"""Using things up: mailboxes, other people's codes, the requests that PerfectGym allows a studio."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings

from selfservice import counters
from selfservice.signin import limits
from tests.member import Member
from tests.pageclient import form_values, texts
from tests.signin.test_limits import clock
from tests.signin.visitor import ANNA, NOBODY, Visitor, newest_code, words

STRANGER = {"REMOTE_ADDR": "198.51.100.66"}


def test_a_strangers_codes_do_not_lock_out_the_owner_where_they_have_been_before(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.sign_in()
    visitor.post("sign-out/")
    move = clock(monkeypatch)
    for _ in range(6):
        for number in range(5):
            Visitor().post("sign-in/", {"email": ANNA}, REMOTE_ADDR=f"198.51.100.{number}")
        move(15 * 60 + 1)
    assert len(mail.outbox) == 10
    elsewhere = Visitor()
    elsewhere.ask(ANNA)
    assert len(mail.outbox) == 10
    visitor.sign_in()
    assert visitor.is_in()


@pytest.mark.parametrize("address", [NOBODY, "jonas.keller@example.com"])
def test_a_known_browser_is_known_for_its_owner_alone(visitor: Visitor, address: str) -> None:
    visitor.sign_in()
    visitor.post("sign-out/")
    mail.outbox.clear()
    for _ in range(10):
        visitor.post("sign-in/", {"email": address})
    assert len(mail.outbox) == 3


def test_the_owner_cannot_fill_a_mailbox_either(visitor: Visitor) -> None:
    visitor.sign_in()
    visitor.post("sign-out/")
    for _ in range(20):
        visitor.post("sign-in/", {"email": ANNA})
    assert len(mail.outbox) == 3 + 3


def known(number: int) -> list[Visitor]:
    """So many browsers in which Anna has been signed in; nobody has counted it."""
    browsers = [Visitor() for _ in range(number)]
    for browser in browsers:
        browser.sign_in()
        browser.post("sign-out/")
        counters.in_memory().storage.reset()
    mail.outbox.clear()
    return browsers


def test_the_next_person_on_a_tablet_locks_nobody_out_of_their_phone(studios: object, db: None) -> None:
    phone, tablet = known(2)
    for browser in (Visitor(), tablet):
        for _ in range(5):
            browser.ask(ANNA)
    assert len(mail.outbox) == 3 + 3
    phone.sign_in()
    assert phone.is_in()


def test_in_all_known_browsers_together_there_is_a_limit_too(studios: object, db: None) -> None:
    for browser in known(5):
        for _ in range(5):
            browser.ask(ANNA)
    assert len(mail.outbox) == 3 + 9


def test_a_browser_keeps_its_limit_when_its_owner_signs_in_again(studios: object, db: None) -> None:
    """Else every code that is entered would buy three more."""
    (browser,) = known(1)
    for _ in range(5):
        browser.sign_in()
        browser.post("sign-out/")
    for _ in range(5):
        browser.ask(ANNA)
    assert len(mail.outbox) == 3 + 3


@pytest.mark.parametrize("forged", ["", "x", "eyJ9:1abc:def"])
def test_a_forged_cookie_makes_nobody_known(visitor: Visitor, forged: str) -> None:
    visitor.client.cookies["known"] = forged
    for _ in range(10):
        visitor.post("sign-in/", {"email": ANNA})
    assert len(mail.outbox) == 3


def test_nobodys_mailbox_is_filled_from_many_networks(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    move = clock(monkeypatch)
    for number in range(20):
        visitor.post("sign-in/", {"email": ANNA}, REMOTE_ADDR=f"198.51.100.{number}")
    assert len(mail.outbox) == 3
    for hour in range(1, 10):
        move(15 * 60 + 1)
        for number in range(20):
            visitor.post("sign-in/", {"email": ANNA}, REMOTE_ADDR=f"198.51.{hour}.{number}")
    assert len(mail.outbox) == 10


def test_a_list_of_addresses_is_not_mailed_to(visitor: Visitor) -> None:
    """One network reaches sixty mailboxes an hour, and all that its members can read says so."""
    for number in range(70):
        visitor.post("sign-in/", {"email": f"member{number}@example.com"}, **STRANGER)
    assert len(mail.outbox) == 60
    page = visitor.get("sign-in/code/", **STRANGER)
    assert "shares 60 codes an hour. If no mail comes, ask with your mobile data" in words(page)
    mail.outbox.clear()
    visitor.post("sign-in/", {"email": "member69@example.com"})
    assert len(mail.outbox) == 1


def test_a_mail_that_failed_costs_no_try_of_the_short_windows(visitor: Visitor) -> None:
    with override_settings(EMAIL_BACKEND="tests.test_mail.RefusingServer"):
        for number in range(6):
            visitor.post("sign-in/", {"email": NOBODY}, REMOTE_ADDR=f"203.0.113.{number % 3}")
    for number in (0, 9):
        visitor.post("sign-in/", {"email": NOBODY}, REMOTE_ADDR=f"203.0.113.{number}")
    assert len(mail.outbox) == 2


def test_one_member_can_not_use_up_the_studios_requests(anna: Member) -> None:
    for number in range(120):
        assert anna.client.get(anna.url("nothing/" if number % 2 else "contact/withdraw/")).status_code < 429
    anna.sandbox.forget_requests()
    for path in ("", "contact/", "contact/withdraw/"):
        answer = anna.get(path)
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert "Too many pages in a short time" in texts(answer)
        refused = anna.client.post(anna.url(path), {"street": "Elsewhere"})
        assert refused.status_code == 429
        assert form_values(refused)["street"] == "Elsewhere"
    assert not [call for call in anna.sandbox.requests if "customers" in call.path]


def test_the_pause_ends_and_is_nobody_elses(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    move = clock(monkeypatch)
    anna = sign_in(1001)
    for _ in range(130):
        anna.get("nothing/")
    assert anna.get("nothing/").status_code == 429
    jonas = sign_in(1002)
    assert jonas.get("contact/").status_code == 200
    anna = sign_in(1001)
    assert anna.get("contact/").status_code == 429
    move(61)
    assert anna.get("contact/").status_code == 200


def test_several_sessions_share_one_limit(sign_in: Any) -> None:
    anna = sign_in(1001)
    for _ in range(60):
        anna.get("nothing/")
    again = sign_in(1001)
    for _ in range(60):
        again.get("nothing/")
    assert again.get("contact/").status_code == 429


def test_the_owner_of_a_mailbox_can_not_use_them_up_either(visitor: Visitor, sandbox: Any) -> None:
    visitor.ask(NOBODY)
    visitor.enter(newest_code())
    for _ in range(40):
        visitor.post("sign-in/member/")
    searches = [call for call in sandbox.requests if call.path.endswith("/search")]
    assert len(searches) <= limits.LOOK_UPS.amount * 2


def test_nobody_without_a_code_causes_a_request(visitor: Visitor, sandbox: Any) -> None:
    for path in ("", "sign-in/", "sign-in/code/", "sign-in/member/", "profile/", "profile/contact/", "nothing/"):
        for _ in range(10):
            visitor.get(path)
            visitor.post(path, {"email": NOBODY, "code": "12345678", "customer": "1001"})
    asked = {call.path for call in sandbox.requests}
    assert asked <= {"/v1/studios/information"}
    assert len(sandbox.requests) <= 1


def test_a_page_limit_holds_without_redis(anna: Member) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{nobody_listens.getsockname()[1]}/0"
        caches = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache", "LOCATION": url}}
        with override_settings(CACHES=caches):
            assert anna.get("contact/").status_code == 200
