"""From the address to the profile, and who learns what on the way."""

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.test import override_settings

from selfservice.models import AuditEntry, SignInChallenge
from selfservice.sandbox import Sandbox
from selfservice.studios import contact
from selfservice.studios.studio import Studio
from tests.fields.test_email import HOSTILE
from tests.signin.visitor import ANNA, ANNA_ID, FAMILY, NOBODY, Page, Visitor, newest_code, words, wrong_code


def searches(sandbox: Sandbox) -> int:
    return sum(request.path == "/v1/customers/search" for request in sandbox.requests)


def test_a_member_signs_in_with_the_code_from_the_mail(visitor: Visitor) -> None:
    assert visitor.get().headers["Location"] == "/berlin-mitte/sign-in/"
    page = visitor.ask(ANNA)
    assert page.redirect_chain == [("/berlin-mitte/sign-in/code/", 302)]
    assert "anna.berger@example.com" in words(page)
    answer = visitor.enter(newest_code())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/berlin-mitte/profile/")
    assert visitor.is_in()
    assert visitor.client.session["member"]["customer"] == ANNA_ID


def test_who_is_signed_in_is_not_asked_again(visitor: Visitor) -> None:
    visitor.sign_in()
    for path in ("", "sign-in/", "sign-in/code/", "sign-in/member/"):
        assert visitor.get(path).headers["Location"] == "/berlin-mitte/profile/"
    assert visitor.post("sign-in/", {"email": NOBODY}).headers["Location"] == "/berlin-mitte/profile/"
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("typed", [ANNA.upper(), f"  {ANNA} ", "Anna.Berger@Example.com"])
def test_capitals_and_blanks_around_an_address_do_not_matter(visitor: Visitor, typed: str) -> None:
    visitor.sign_in(typed)
    assert visitor.client.session["member"]["customer"] == ANNA_ID


@pytest.mark.parametrize(
    "written",
    ["{a}{b}", "{a} {b}", " {a}-{b}\n", "{a}\u00a0{b}", "{a}\u2013{b}", "{a}\u200b{b}\ufeff", "\u2066{a} {b}\u2069"],
    ids=ascii,
)
def test_a_code_may_be_pasted_as_it_stands_in_the_mail(visitor: Visitor, written: str) -> None:
    visitor.ask(ANNA)
    code = newest_code()
    visitor.enter(written.format(a=code[:4], b=code[4:]))
    assert visitor.is_in()


@pytest.mark.parametrize("zero", ["\uff10", "\u0660", "\u0966"], ids=["full-width", "arabic", "devanagari"])
def test_a_code_may_be_typed_in_any_digits(visitor: Visitor, zero: str) -> None:
    visitor.ask(ANNA)
    visitor.enter("".join(chr(ord(zero) + int(digit)) for digit in newest_code()))
    assert visitor.is_in()


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234 567x", "²³456789", "½2345678", "12345678" * 999])
def test_what_is_no_code_costs_no_try(visitor: Visitor, typed: str) -> None:
    visitor.ask(ANNA)
    for _ in range(6):
        page = visitor.enter(typed)
        assert page.status_code == 200
        assert page.context["form"].errors["code"]
    visitor.enter(newest_code())
    assert visitor.is_in()


def test_codes_keep_their_leading_zeros(visitor: Visitor) -> None:
    with patch("selfservice.signin.codes.secrets.randbelow", return_value=42) as randbelow:
        visitor.ask(ANNA)
    randbelow.assert_called_once_with(10**8)
    assert "0000 0042" in mail.outbox[0].body
    visitor.enter("00000042")
    assert visitor.is_in()


def test_the_mail_holds_the_code_and_no_way_to_be_misled(visitor: Visitor) -> None:
    visitor.ask(ANNA, headers={"host": "localhost"})
    message = mail.outbox[0]
    code = f"{newest_code()[:4]} {newest_code()[4:]}"
    assert message.to == [ANNA]
    assert message.from_email == "portal@gym.example"
    assert code in message.subject
    assert "Fit Berlin Mitte" in message.subject
    assert "\n" not in message.subject
    for part in ("http", "://", "www", "localhost", "testserver", "example.com"):
        assert part not in str(message.body)
    assert not message.attachments
    assert not message.cc + message.bcc


def test_the_mail_goes_to_the_ascii_form_of_a_domain(visitor: Visitor) -> None:
    page = visitor.ask("info@müller.example")
    assert mail.outbox[0].to == ["info@xn--mller-kva.example"]
    assert "info@müller.example" in words(page)
    assert 'value="info@müller.example"' in visitor.get("sign-in/").content.decode()


@pytest.mark.parametrize("typed", [text for text in HOSTILE if len(text) < 1000], ids=lambda text: ascii(text[:40]))
def test_a_hostile_address_is_sent_nothing_and_stays_in_its_box(visitor: Visitor, typed: str) -> None:
    page = visitor.ask(typed)
    assert (page.status_code, page.redirect_chain) == (200, [])
    assert page.context["form"].errors["email"]
    assert page.context["form"]["email"].value() == typed
    assert not mail.outbox
    assert not SignInChallenge.objects.exists()


def masked(page: Page, address: str) -> str:
    """A page without what is different on every page: the token, the nonce, and the visitor's own address."""
    text = page.content.decode().replace(address, "ADDRESS")
    return re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]+"', r"\1", text)


def seen_by(address: str) -> list[tuple[int, str]]:
    """Every page of a sign-in that stops before the right code, with a visitor who knows nothing."""
    visitor = Visitor()
    pages = [visitor.ask(address), visitor.post("sign-in/resend/", follow=True)]
    pages += [visitor.enter("00000000") for _ in range(5)]
    return [(page.status_code, masked(page, address)) for page in pages]


def test_pages_tell_nothing_about_an_address(visitor: Visitor, studios: dict[str, Studio], sandbox: Sandbox) -> None:
    contact.refresh(studios["berlin-mitte"])  # else it may arrive between two pages
    with patch("selfservice.signin.asking.codes.new_code", return_value="99999999"):
        member = seen_by(ANNA)
        for address in (FAMILY, "vera.lang@example.com", "felix.ott@example.com", NOBODY, "x@y.example"):
            assert seen_by(address) == member
        over_its_limit = seen_by(ANNA)
        assert seen_by(ANNA) == over_its_limit == member
    assert not searches(sandbox)
    for status, page in member:
        assert status == 200
        assert "Sommer" not in page


def test_known_and_unknown_addresses_set_the_same_cookies(visitor: Visitor) -> None:
    def cookies(address: str) -> dict[str, Any]:
        answer = Visitor().post("sign-in/", {"email": address})
        return {name: {**morsel, "expires": ""} for name, morsel in answer.cookies.items()}

    assert cookies(ANNA) == cookies(NOBODY)


def test_perfectgym_is_asked_only_after_the_right_code(visitor: Visitor, sandbox: Sandbox) -> None:
    visitor.get("sign-in/")
    visitor.ask(ANNA)
    visitor.enter(wrong_code())
    visitor.get("sign-in/member/", follow=True)
    visitor.post("sign-in/member/", {"customer": ANNA_ID}, follow=True)
    assert not searches(sandbox)
    visitor.enter(newest_code())
    assert searches(sandbox) == 1


def test_nothing_personal_is_stored(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    visitor.enter(wrong_code())
    code = newest_code()
    visitor.enter(code)
    assert set(visitor.client.session.keys()) == {"member"}
    assert set(visitor.client.session["member"]) == {"studio", "customer", "since", "seen"}
    stored = str(list(SignInChallenge.objects.values())) + str(list(AuditEntry.objects.values()))
    for secret in ("anna", "berger", "example.com", code):
        assert secret not in stored.lower()


def test_the_trail_says_what_happened_without_the_address(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    visitor.enter(wrong_code())
    visitor.enter(newest_code())
    visitor.post("sign-out/")
    entries = AuditEntry.objects.order_by("pk").values_list("action", "outcome", "actor", "customer_id", "studio")
    assert list(entries) == [
        ("sign-in", "wrong-code", "member", None, "berlin-mitte"),
        ("sign-in", "ok", "member", ANNA_ID, "berlin-mitte"),
        ("sign-out", "ok", "member", ANNA_ID, "berlin-mitte"),
    ]


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1)
def test_a_mail_that_the_server_does_not_take_is_said_so(visitor: Visitor) -> None:
    for _ in range(4):
        page = visitor.ask(ANNA)
        assert page.status_code == 503
        assert "We could not send the mail just now" in words(page)
        assert "is not the reason" not in words(page), "some servers refuse an address"
        assert f'value="{ANNA}"' in page.content.decode()
    assert not SignInChallenge.objects.exists()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        visitor.sign_in()
    assert visitor.is_in()


def test_a_second_mail_that_fails_leaves_the_first_code_alone(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
        page = visitor.post("sign-in/resend/")
    assert page.status_code == 503
    assert "there is no new code" in words(page)
    visitor.enter(newest_code())
    assert visitor.is_in()


def test_a_mail_that_fails_after_the_code_ran_out_offers_no_box(
    visitor: Visitor, pass_time: Callable[..., None]
) -> None:
    visitor.ask(ANNA)
    pass_time(minutes=11)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
        page = visitor.post("sign-in/resend/")
    assert page.status_code == 503
    assert "there is no new code" in words(page)
    assert 'name="code"' not in page.content.decode()


def test_challenges_are_cleared_away_after_a_day(visitor: Visitor, pass_time: Callable[..., None]) -> None:
    visitor.ask(ANNA)
    pass_time(hours=23)
    Visitor().ask(NOBODY)
    assert SignInChallenge.objects.count() == 2
    pass_time(hours=2)
    Visitor().ask(NOBODY)
    assert SignInChallenge.objects.count() == 2
