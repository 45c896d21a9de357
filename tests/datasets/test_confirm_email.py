"""The e-mail address is the key to the portal: a change needs a code to the old mailbox and one to the new."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from selfservice import audit
from selfservice.models import AuditEntry, BrowserSession
from tests.datasets.conftest import wait_for_notices
from tests.member import Member
from tests.pageclient import PageClient, form_values, texts
from tests.signin.visitor import newest_code, wrong_code

OLD, NEW = "anna.berger@example.com", "anna.neu@example.org"


def ask(member: Member, email: str = NEW) -> Any:
    return member.submit("contact", member.open("contact"), email=email)


def test_it_takes_a_code_to_the_old_and_one_to_the_new_address(anna: Any) -> None:
    first = ask(anna)
    assert "Step 1 of 2." in texts(first)
    assert [message.to for message in mail.outbox] == [[OLD]]
    second = anna.confirm("contact", first)
    assert "Step 2 of 2." in texts(second)
    assert f"new address {NEW}" in texts(second)
    assert [message.to for message in mail.outbox] == [[OLD], [NEW]]
    assert not anna.sent()
    assert anna.confirm("contact", second).status_code == 302
    assert anna.pending("contact").values["email"] == NEW
    assert len(anna.sent()) == 1


def test_a_typo_locks_nobody_out(jonas: Any) -> None:
    """Whoever can't read the code at the new address keeps the old one."""
    second = jonas.confirm("contact", ask(jonas, "jonas.keller@exampel.com"))
    assert jonas.confirm("contact", second, code=wrong_code()).status_code == 200
    assert jonas.values("contact")["email"] == "jonas.keller@example.com"
    assert not jonas.sent()


def test_the_first_code_alone_sends_nothing(anna: Any) -> None:
    first = ask(anna)
    code = newest_code()
    second = anna.confirm("contact", first)
    assert anna.confirm("contact", second, code=code).status_code == 200
    assert anna.confirm("contact", first, code=code).status_code == 200
    assert not anna.sent()


def test_of_each_step_the_newest_code_alone_counts(anna: Any) -> None:
    first = ask(anna)
    code = newest_code()
    second = anna.confirm("contact", first)
    older = newest_code()
    renewed = anna.confirm("contact", first, code=code)  # the page of the first step once more
    assert "Step 2 of 2." in texts(renewed)
    assert [message.to for message in mail.outbox] == [[OLD], [NEW], [NEW]]
    assert "This is not the code" in texts(anna.confirm("contact", second, code=older))
    assert not anna.sent()
    assert anna.confirm("contact", second).status_code == 302


def test_a_mail_that_failed_leaves_the_code_before_it(anna: Any) -> None:
    second = anna.confirm("contact", ask(anna))
    with override_settings(EMAIL_BACKEND="tests.test_mail.RefusingServer"):
        anna.client.post(anna.url("contact/confirm/"), form_values(second) | {"resend": "1"})
    assert anna.confirm("contact", second).status_code == 302


def test_the_code_of_the_new_address_does_not_stand_for_the_old_one(anna: Any) -> None:
    """Somebody at an open session, who reads only a mailbox of their own, gets nowhere."""
    first = ask(anna)
    response = anna.confirm("contact", first, code=wrong_code())
    assert [message.to for message in mail.outbox] == [[OLD]]
    assert "You have 4 more tries." in texts(response)


def test_removing_the_address_takes_a_code_to_it(jonas: Any) -> None:
    page = ask(jonas, "")
    assert "Step" not in texts(page)
    assert not jonas.sent()
    assert jonas.confirm("contact", page).status_code == 302
    assert "you can't sign in here again" in jonas.read()


def test_a_phone_number_beside_it_travels_along(anna: Any) -> None:
    response = anna.change("contact", email=NEW, phone_private="030 23125555")
    assert response.status_code == 302
    pending = anna.pending("contact").values
    assert (pending["email"], pending["phonePrivate"]) == (NEW, "+49 30 23125555")


def test_the_mails_say_what_each_mailbox_is_asked(anna: Any) -> None:
    anna.change("contact", email=NEW)
    to_old, to_new = mail.outbox[:2]
    assert "wants to change or remove it" in to_old.body
    assert "Was that not you?" in to_old.body
    assert NEW not in to_old.body
    assert "Somebody wants to use this address" in to_new.body
    assert OLD not in to_new.body


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (1001, "Sign in to the member portal of Fit Berlin Mitte with this address, withdraw the request"),
        (1002, "Call your studio at once"),
    ],
)
def test_the_old_address_is_told_what_to_do(sign_in: Any, who: int, says: str) -> None:
    member = sign_in(who)
    old = member.values("contact")["email"]
    member.change("contact", email=NEW)
    (notice,) = wait_for_notices()
    assert notice.to == [old]
    assert says in notice.body
    assert NEW not in notice.body


@pytest.mark.parametrize("who", [1001, 1002])
def test_it_ends_all_other_sessions_of_the_member_alone(sign_in: Any, who: int) -> None:
    others = [Member(PageClient(), None, who, "berlin-mitte") for _ in range(2)]  # type: ignore[arg-type]
    stranger = Member(PageClient(), None, 1003, "berlin-mitte")  # type: ignore[arg-type]
    member = sign_in(who)
    before = member.client.session.session_key
    member.change("contact", email=NEW)
    assert member.get().status_code == 200
    assert stranger.get().status_code == 200
    assert [other.get().status_code for other in others] == [302, 302]
    assert member.client.session.session_key != before
    store = import_module(settings.SESSION_ENGINE).SessionStore
    assert not store(before).load()
    assert BrowserSession.objects.filter(studio="berlin-mitte", customer_id=who).count() == 1


def test_repeating_what_waits_already_ends_no_session(anna: Any) -> None:
    """Somebody at a session left open can't send the owner away by asking for what the owner has asked for."""
    values = anna.open("contact")
    anna.change("contact", email=NEW)
    owner = Member(PageClient(), anna.sandbox, 1001, "berlin-mitte")
    assert anna.submit("contact", values, email=NEW).status_code == 302
    assert owner.get().status_code == 200
    assert len(anna.sent()) == 1


@pytest.mark.usefixtures("quick_looks")
def test_a_change_that_may_have_arrived_ends_them_too(jonas: Any) -> None:
    other = Member(PageClient(), jonas.sandbox, 1002, "berlin-mitte")
    values = jonas.open("contact")
    second = jonas.confirm("contact", jonas.submit("contact", values, email=NEW))
    jonas.sandbox.faults.add("reset-after", method="POST", path="*contact-data")
    jonas.sandbox.faults.add("latency", method="GET", path="*contact-data", seconds=0)
    jonas.sandbox.faults.add("status", method="GET", path="*contact-data", count=9, status=404)
    assert "we can't tell whether your change arrived" in texts(jonas.confirm("contact", second))
    jonas.sandbox.faults.clear()
    assert other.get().status_code == 302
    assert jonas.get().status_code == 200


@pytest.mark.usefixtures("quick_looks")
def test_a_change_that_was_not_found_may_arrive_late_and_ends_them_too(jonas: Any) -> None:
    other = Member(PageClient(), jonas.sandbox, 1002, "berlin-mitte")
    second = jonas.confirm("contact", ask(jonas))
    jonas.sandbox.faults.add("reset-before", method="POST", path="*contact-data")
    assert "it is not there" in texts(jonas.confirm("contact", second))
    assert other.get().status_code == 302
    assert jonas.get().status_code == 200


@pytest.mark.usefixtures("quick_looks")
def test_a_lost_change_of_a_request_for_a_new_address_ends_them_too(anna: Any) -> None:
    """The address was asked for before; the phone number beside it is new, and the answer is lost."""
    anna.change("contact", email=NEW)
    other = Member(PageClient(), anna.sandbox, 1001, "berlin-mitte")
    values = form_values(anna.get("contact/?change"))
    second = anna.confirm("contact", anna.submit("contact", values, phone_private="030 23125555"))
    anna.sandbox.faults.add("reset-before", method="POST", path="*contact-data")
    anna.confirm("contact", second)
    assert "email" in AuditEntry.objects.latest("pk").fields
    assert other.get().status_code == 302


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize("fault", [None, "reset-before"])
def test_a_stolen_copy_of_this_very_session_ends_too(jonas: Any, fault: str | None) -> None:
    stolen = jonas.client.session.session_key
    second = jonas.confirm("contact", ask(jonas))
    if fault:
        jonas.sandbox.faults.add(fault, method="POST", path="*contact-data")
    jonas.confirm("contact", second)
    assert jonas.get().status_code == 200
    thief = PageClient()
    thief.cookies["session"] = stolen
    assert thief.get("/berlin-mitte/profile/").status_code == 302
    assert jonas.get().status_code == 200


@pytest.mark.parametrize(("fields", "status"), [(["email"], 302), (["phonePrivate"], 200)])
def test_a_change_that_was_cut_off_ends_them_when_it_is_told(
    anna: Any, monkeypatch: pytest.MonkeyPatch, fields: list[str], status: int
) -> None:
    other = Member(PageClient(), anna.sandbox, 1001, "berlin-mitte")
    with monkeypatch.context() as patch:
        then = timezone.now() - timedelta(seconds=30)
        patch.setattr(timezone, "now", lambda: then)
        whose: dict[str, Any] = {"studio": "berlin-mitte", "actor": "member", "customer_id": 1001}
        audit.record(audit.Action.CHANGE, **whose, data_set="contact", fields=fields)
    assert "interrupted" in anna.read()
    assert other.get().status_code == status


def test_another_change_ends_no_session(anna: Any) -> None:
    other = Member(PageClient(), anna.sandbox, 1001, "berlin-mitte")
    anna.change("contact", phone_private="030 23125555")
    assert other.get().status_code == 200


def test_sessions_that_cannot_be_ended_undo_nothing(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def broken(*_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("selfservice.datasets.viewing.end_others", broken)
    assert anna.change("contact", email=NEW).status_code == 302
    assert "Your request has been sent." in anna.read("contact/")


def test_a_second_step_whose_mail_fails_can_be_tried_again(anna: Any, settings: Any) -> None:
    first = ask(anna)
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.test_mail.RefusingServer"
    page = anna.confirm("contact", first)
    assert page.status_code == 503
    assert "We could not send the mail with the code just now." in texts(page)
    settings.EMAIL_BACKEND = backend
    second = anna.client.post(anna.url("contact/confirm/"), form_values(page))
    assert "Step 2 of 2." in texts(second)
    assert anna.confirm("contact", second).status_code == 302


def test_both_codes_have_to_be_fresh_when_it_is_sent(anna: Any, pass_time: Callable[..., None]) -> None:
    """A new second code does not make the first one any younger."""
    second = anna.confirm("contact", ask(anna))
    pass_time(minutes=9)
    again = anna.client.post(anna.url("contact/confirm/"), form_values(second) | {"resend": "1"})
    pass_time(minutes=2)
    response = anna.confirm("contact", again)
    assert response.status_code == 403
    assert "Nothing was sent." in texts(response)
    assert not anna.sent()


def test_the_trail_tells_that_both_agreed(anna: Any) -> None:
    anna.change("contact", email=NEW)
    changes = AuditEntry.objects.filter(action="change").values_list("proof", "outcome")
    assert list(changes.order_by("pk")) == [
        ("address-on-file+new-address", ""),
        ("address-on-file+new-address", "pending"),
    ]
