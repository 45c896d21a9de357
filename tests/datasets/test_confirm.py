"""A change of the bank account is sent only with a fresh code, bound to exactly that change."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.db import OperationalError, connection

from selfservice.datasets.access import Access
from selfservice.datasets.confirmation import Confirmation, _salt
from selfservice.datasets.contact import CONTACT
from selfservice.datasets.payment import PAYMENT
from selfservice.datasets.proofs import Proof
from selfservice.models import AuditEntry, SignInChallenge
from selfservice.signin.codes import State
from selfservice.studios.studio import Studio
from tests.datasets.conftest import wait_for_mails
from tests.member import Member, SignIn
from tests.pageclient import PageClient, form_values, texts
from tests.signin.visitor import newest_code, wrong_code

IBAN = "DE02 1203 0000 0000 2020 51"
OTHER = "DE02 5001 0517 0137 0750 30"
SIGNED = {"iban": IBAN, "signature_name": "Anna Berger"}
ASKS = "To protect you, nothing is sent before you confirm it."

PassTime = Callable[..., None]


def ask(member: Member, **typed: str) -> Any:
    """Send a new account and return the page that asks for the code."""
    page = member.submit("payment", member.open("payment"), **(SIGNED | typed))
    assert page.status_code == 200
    assert ASKS in texts(page)
    return page


def test_nothing_is_sent_before_the_code(anna: Any) -> None:
    ask(anna)
    assert not anna.sent()
    assert anna.pending("payment") is None


def test_the_page_shows_both_accounts_masked_and_nothing_of_them_in_full(anna: Any) -> None:
    page = ask(anna)
    words = texts(page)
    assert "Now: DE12 •••• 9890 Your entry: DE02 •••• 2051" in words
    assert "a•••@example.com" in words
    html = page.content.decode()
    assert "1203" not in html
    assert "0517" not in html


def test_the_mail_goes_to_the_address_on_file_and_names_the_account_masked(anna: Any) -> None:
    ask(anna)
    (message,) = mail.outbox
    assert message.to == ["anna.berger@example.com"]
    assert "DE02 •••• 2051" in message.body
    assert "0000" not in message.body
    assert message.subject.endswith(" confirms a bank account at Fit Berlin Mitte")


def test_with_the_code_it_is_sent_once_with_signature(anna: Any) -> None:
    response = anna.confirm("payment", ask(anna))
    assert response.status_code == 302
    assert "Your request has been sent." in anna.read("payment/")
    (body,) = anna.sent()
    assert body["iban"] == IBAN
    assert body["signature"]["base64SvgSignature"]


def test_an_account_in_effect_at_once_is_asked_for_too(jonas: Any) -> None:
    page = jonas.submit("payment", jonas.open("payment"), account_holder="J. Keller")
    assert ASKS in texts(page)
    assert not jonas.sent()
    assert jonas.confirm("payment", page).status_code == 302
    assert jonas.values("payment")["accountHolder"] == "J. Keller"


def test_other_sets_need_no_code(jonas: Any) -> None:
    assert jonas.submit("address", jonas.open("address"), street="Neue Straße").status_code == 302
    assert jonas.submit("master", jonas.open("master"), last_name="Neumann").status_code == 302
    assert jonas.submit("contact", jonas.open("contact"), phone_business="030 23125555").status_code == 302


def test_a_wrong_code_sends_nothing_and_keeps_the_page(anna: Any) -> None:
    page = ask(anna)
    response = anna.confirm("payment", page, code=wrong_code())
    assert response.status_code == 200
    assert "You have 4 more tries." in texts(response)
    assert not anna.sent()
    assert anna.confirm("payment", response).status_code == 302


@pytest.mark.parametrize("typed", ["", "123", "abcdefgh"])
def test_what_is_no_code_is_no_try(anna: Any, typed: str) -> None:
    page = ask(anna)
    for _ in range(6):
        response = anna.confirm("payment", page, code=typed)
        assert 'id="id_code_error"' in response.content.decode()
    assert anna.confirm("payment", response).status_code == 302


def test_after_five_wrong_codes_the_right_one_is_refused(anna: Any) -> None:
    page = ask(anna)
    for _ in range(5):
        response = anna.confirm("payment", page, code=wrong_code())
    assert response.status_code == 403
    assert "Too many wrong codes Nothing was sent." in texts(response)
    assert form_values(response)["iban"] == IBAN
    assert anna.confirm("payment", page).status_code == 403
    assert not anna.sent()


def test_the_code_of_one_account_sends_no_other(anna: Any) -> None:
    first = ask(anna)
    code = newest_code()
    second = ask(anna, iban=OTHER)
    response = anna.confirm("payment", second, code=code)
    assert response.status_code == 200
    assert not anna.sent()
    assert anna.confirm("payment", first, code=code).status_code == 302
    assert anna.sent()[0]["iban"] == IBAN


@pytest.mark.parametrize("place", [0, 5, 40, -30, -1])
def test_a_page_that_was_tampered_with_is_refused(anna: Any, place: int) -> None:
    page = ask(anna)
    token = form_values(page)["confirmation"]
    place %= len(token)
    forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    assert anna.confirm("payment", page, confirmation=forged).status_code == 403
    assert not anna.sent()


@pytest.fixture
def access(studios: dict[str, Studio], db: None) -> Access:
    """Anna in one session."""
    where = studios["berlin-mitte"]
    return Access(where, 1001, "member", "en", "", "a session", "profile", (("studio", where.slug),))


def waiting(access: Access, posted: str = "iban=one") -> Confirmation:
    """Return a change for which a code has been mailed."""
    wanted = Confirmation(
        access, PAYMENT, posted, (Proof("bank", detail="DE02 •••• 2051"),), (("iban", "", ""),), ("nonce",)
    )
    return wanted.next("anna.berger@example.com")


def test_a_code_is_bound_to_all_that_it_confirms_even_if_a_page_could_be_forged(access: Access) -> None:
    asked = waiting(access)
    others = [
        replace(asked, posted="iban=another"),
        replace(asked, data_set=CONTACT),
        *(
            replace(asked, access=replace(access, **other))
            for other in ({"customer_id": 1002}, {"session": "another"}, {"actor": "somebody at the desk"})
        ),
    ]
    for other in others:
        assert other.attempt(newest_code()).state is State.UNKNOWN
        assert not other.use_up()
    assert asked.attempt(newest_code()).state is State.PROVEN
    assert asked.use_up()


def test_a_page_is_read_for_whom_it_was_made_alone(access: Access, studios: dict[str, Studio]) -> None:
    token = waiting(access).token
    assert Confirmation.read(access, PAYMENT, token)
    for other in (
        {"customer_id": 1002},
        {"session": "another"},
        {"actor": "somebody at the desk"},
        {"studio": studios["madrid-centro"]},
    ):
        assert Confirmation.read(replace(access, **other), PAYMENT, token) is None
    assert Confirmation.read(access, CONTACT, token) is None


@pytest.mark.parametrize("content", [{}, {"proofs": []}, {"proofs": [{"kind": "bank"}], "shown": [], "nonces": []}])
def test_a_page_of_another_release_is_no_confirmation(access: Access, content: dict[str, Any]) -> None:
    token = signing.dumps(content, salt=_salt(access, PAYMENT), compress=True)
    assert Confirmation.read(access, PAYMENT, token) is None


def test_fields_beside_the_signed_ones_count_for_nothing(anna: Any) -> None:
    response = anna.confirm("payment", ask(anna), iban=OTHER, account_holder="Somebody else")
    assert response.status_code == 302
    (body,) = anna.sent()
    assert (body["iban"], body["accountHolder"]) == (IBAN, anna.values("payment")["accountHolder"])


def test_another_session_of_the_same_member_is_refused(anna: Any) -> None:
    page = ask(anna)
    elsewhere = Member(PageClient(), anna.sandbox, 1001, "berlin-mitte")
    assert elsewhere.confirm("payment", page).status_code == 403
    assert not anna.sent()


@pytest.mark.parametrize(("who", "studio"), [(1002, "berlin-mitte"), (2001, "madrid-centro")])
def test_another_member_is_refused(anna: Any, who: int, studio: str) -> None:
    page = ask(anna)
    somebody = Member(PageClient(), anna.sandbox, who, studio)
    assert somebody.confirm("payment", page).status_code == 403
    assert not anna.sent()


def test_it_confirms_no_other_set(anna: Any) -> None:
    page = ask(anna)
    assert anna.confirm("contact", page).status_code == 403
    assert not anna.sent()


def test_a_second_use_is_refused(anna: Any) -> None:
    """The studio refused the request; the same page and code do not ask for it once more."""
    page = ask(anna)
    anna.confirm("payment", page)
    anna.sandbox.gym.clear_pending(1001, "payment-data")
    response = anna.confirm("payment", page)
    assert response.status_code == 403
    assert "Nothing more was sent." in texts(response)
    assert len(anna.sent()) == 1


def test_a_second_click_is_told_what_the_first_one_did(anna: Any) -> None:
    page = ask(anna)
    for _ in range(2):
        assert anna.confirm("payment", page).status_code == 302
        assert "Your request has been sent." in anna.read("payment/")
    assert len(anna.sent()) == 1


def test_a_second_click_on_what_took_effect_is_told_so(jonas: Any) -> None:
    page = jonas.submit("payment", jonas.open("payment"), account_holder="J. Keller")
    for _ in range(2):
        assert jonas.confirm("payment", page).status_code == 302
        assert "Your change has taken effect." in jonas.read()
    assert len(jonas.sent()) == 1


def test_ten_minutes_later_it_is_refused(anna: Any, pass_time: PassTime) -> None:
    page = ask(anna)
    pass_time(minutes=10, seconds=1)
    response = anna.confirm("payment", page)
    assert response.status_code == 403
    assert "This code has run out Nothing was sent." in texts(response)
    assert form_values(response)["iban"] == IBAN
    assert not anna.sent()


def test_another_code_can_be_had_and_the_first_is_worth_nothing(anna: Any) -> None:
    page = ask(anna)
    first = newest_code()
    again = anna.client.post(anna.url("payment/confirm/"), form_values(page) | {"resend": "1"})
    assert "Please use the code from the newest mail." in texts(again)
    assert "This is not the code" in texts(anna.confirm("payment", page, code=first))
    assert not anna.sent()
    assert anna.confirm("payment", again).status_code == 302


def test_the_entry_can_be_changed_with_all_that_was_typed(anna: Any) -> None:
    page = ask(anna, account_holder="A. B.")
    form = anna.client.post(anna.url("payment/confirm/"), form_values(page) | {"edit": "1"})
    kept = form_values(form)
    assert (kept["iban"], kept["account_holder"], kept["signature_name"]) == (IBAN, "A. B.", "Anna Berger")
    assert "problem" not in texts(form)
    response = anna.send("payment", kept | {"iban": OTHER, "bic": "", "bank_name": ""})
    assert response.status_code == 302
    assert anna.sent()[0]["iban"] == OTHER


def test_what_changed_meanwhile_is_shown_instead(anna: Any) -> None:
    page = ask(anna)
    anna.sandbox.gym.set_values(1001, "payment-data", anna.values("payment") | {"accountHolder": "Berger, Anna"})
    response = anna.confirm("payment", page)
    assert response.status_code == 409
    assert "The data at your studio was changed while this page was open." in texts(response)
    assert not anna.sent()


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize("fault", [("status", {"status": 429, "retry_after": 1}), ("status", {"status": 401})])
def test_while_nothing_arrived_the_code_counts_once_more(anna: Any, fault: Any) -> None:
    page = ask(anna)
    anna.sandbox.faults.add(fault[0], method="POST", path="*payment-data", count=3, **fault[1])
    response = anna.confirm("payment", page)
    assert response.status_code in (502, 503)
    assert "Your code was right" in texts(response)
    assert "code" not in form_values(response)
    anna.sandbox.faults.clear()
    cache.clear()
    response = anna.client.post(anna.url("payment/confirm/"), form_values(response))
    assert response.status_code == 302
    assert anna.pending("payment") is not None


def test_when_the_set_cannot_be_read_the_code_is_not_lost(anna: Any) -> None:
    page = ask(anna)
    anna.sandbox.faults.add("status", method="GET", path="*payment-data", status=500, count=3)
    response = anna.confirm("payment", page)
    assert response.status_code == 503
    assert anna.client.post(anna.url("payment/confirm/"), form_values(response)).status_code == 302
    assert len(anna.sent()) == 1


@pytest.mark.usefixtures("quick_looks")
def test_when_nobody_can_tell_the_code_is_used_up(anna: Any) -> None:
    page = ask(anna)
    anna.sandbox.faults.add("reset-after", method="POST", path="*payment-data")
    anna.sandbox.faults.add("latency", method="GET", path="*payment-data", seconds=0)
    anna.sandbox.faults.add("status", method="GET", path="*payment-data", count=9, status=404)
    response = anna.confirm("payment", page)
    assert "we can't tell whether your change arrived" in texts(response)
    anna.sandbox.faults.clear()
    anna.sandbox.gym.clear_pending(1001, "payment-data")
    assert anna.confirm("payment", page).status_code == 403
    assert len(anna.sent()) == 1


def test_without_an_address_on_file_the_desk_helps(sign_in: SignIn) -> None:
    anna = sign_in(1001)
    anna.sandbox.gym.set_values(1001, "contact-data", {})
    response = anna.submit("payment", anna.open("payment"), **SIGNED)
    assert response.status_code == 409
    assert "Please ask at the desk." in texts(response)
    assert form_values(response)["iban"] == IBAN
    assert not mail.outbox


def test_when_the_address_cannot_be_looked_up_nothing_is_sent_or_lost(anna: Any) -> None:
    values = anna.open("payment")
    anna.sandbox.faults.add("status", path="/v1/customers/1001", status=500, count=3)
    response = anna.submit("payment", values, **SIGNED)
    assert "could not look up your address just now" in texts(response)
    assert form_values(response)["iban"] == IBAN
    assert not mail.outbox


def test_a_mail_server_that_fails_loses_nothing(anna: Any, settings: Any) -> None:
    values = anna.open("payment")
    settings.EMAIL_BACKEND = "tests.test_mail.RefusingServer"
    response = anna.submit("payment", values, **SIGNED)
    assert response.status_code == 503
    assert "We could not send the mail with the code just now." in texts(response)
    assert form_values(response)["iban"] == IBAN
    assert not SignInChallenge.objects.exists()


def test_codes_are_mailed_a_few_times_only(anna: Any) -> None:
    for _ in range(8):
        page = ask(anna)
    response = anna.submit("payment", anna.open("payment"), **SIGNED)
    assert response.status_code == 503
    assert "You have asked for many codes in a short time" in texts(response)
    assert len(mail.outbox) == 8
    assert anna.confirm("payment", page).status_code == 302


def test_a_stolen_session_leaves_codes_to_the_owner(anna: Any) -> None:
    thief = Member(PageClient(), anna.sandbox, 1001, "berlin-mitte")
    for _ in range(12):
        thief.submit("payment", thief.open("payment"), **SIGNED)
    assert len(mail.outbox) == 8
    assert anna.confirm("payment", ask(anna)).status_code == 302
    assert len(anna.sent()) == 1


def test_many_sessions_of_a_member_share_a_limit(anna: Any) -> None:
    for _ in range(4):
        session = Member(PageClient(), anna.sandbox, 1001, "berlin-mitte")
        for _ in range(8):
            session.submit("payment", session.open("payment"), **SIGNED)
    assert len(mail.outbox) == 16


def test_the_trail_tells_who_proved_what_and_no_value(anna: Any) -> None:
    page = ask(anna)
    anna.confirm("payment", page, code=wrong_code())
    anna.confirm("payment", page)
    wait_for_mails()
    entries = AuditEntry.objects.order_by("pk").values_list("action", "proof", "outcome")
    assert list(entries) == [
        ("confirm", "address-on-file", "code-mailed"),
        ("confirm", "address-on-file", "wrong-code"),
        ("confirm", "address-on-file", "proven"),
        ("change", "address-on-file", ""),
        ("change", "address-on-file", "pending"),
    ]
    fields = set(map(tuple, AuditEntry.objects.values_list("fields", flat=True)))
    assert fields == {("bankName", "bic", "iban")}


def test_nothing_that_was_typed_is_stored(anna: Any) -> None:
    ask(anna)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "2051" not in str(cursor.fetchall()).replace(" ", "").replace("•", "")


def test_opening_its_address_leads_back_to_the_set(anna: Any) -> None:
    assert anna.get("payment/confirm/").headers["Location"] == anna.url("payment/")


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize("function", ["give_back", "standing"])
def test_a_database_that_fails_afterwards_changes_nothing_that_is_said(
    anna: Any, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    page = ask(anna)
    anna.sandbox.faults.add("reset-after", method="POST", path="*payment-data")
    anna.sandbox.faults.add("latency", method="GET", path="*payment-data", seconds=0)
    anna.sandbox.faults.add("status", method="GET", path="*payment-data", count=9, status=404)
    use_up = Confirmation.use_up

    def then_broken(confirmation: Confirmation) -> bool:
        used = use_up(confirmation)
        monkeypatch.setattr(f"selfservice.datasets.confirmation.codes.{function}", broken)
        return used

    def broken(*_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(Confirmation, "use_up", then_broken)
    assert "we can't tell whether your change arrived" in texts(anna.confirm("payment", page))


@pytest.mark.usefixtures("quick_looks")
def test_what_may_yet_arrive_is_not_sent_again_by_the_same_code(anna: Any) -> None:
    page = ask(anna)
    anna.sandbox.faults.add("reset-before", method="POST", path="*payment-data")
    response = anna.confirm("payment", page)
    assert "did not confirm your change, and it is not there" in texts(response)
    assert form_values(response)["iban"] == IBAN
    assert anna.confirm("payment", page).status_code == 403
    assert len(anna.sent()) == 1


def test_a_trail_that_fails_costs_no_code(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ask(anna)

    def broken(*_: Any, **__: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr("selfservice.audit.record", broken)
        response = anna.confirm("payment", page)
    assert response.status_code == 503
    assert anna.client.post(anna.url("payment/confirm/"), form_values(response)).status_code == 302
    assert len(anna.sent()) == 1


def test_a_code_that_could_not_be_recorded_has_not_been_tried(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ask(anna)

    def broken(*_: Any, **__: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr("selfservice.datasets.confirmation.record", broken)
        kept = anna.confirm("payment", page)
    assert kept.status_code == 503
    assert not anna.sent()
    assert anna.client.post(anna.url("payment/confirm/"), form_values(kept)).status_code == 302
    assert AuditEntry.objects.filter(action="confirm", outcome="proven").count() == 1
