"""No page and no mail in German says a word of English."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from portal.urls import urlpatterns as portal_urls
from selfservice import errors
from selfservice.datasets import DATA_SETS, service
from selfservice.mail import send_notice
from selfservice.sandbox import Sandbox
from selfservice.studios.studio import Studio
from selfservice.troubles import TROUBLES
from tests.locale.reading import english_in_page, is_english
from tests.member import SignIn
from tests.pageclient import PageClient, texts
from tests.signin.visitor import ANNA, FAMILY, NOBODY, Visitor, newest_code, wrong_code

SLUGS = ["contact", "address", "master", "payment"]
SETS = "*-data"
# What no rule lets pass, in every box that takes text.
WRONG = {
    "contact": {"email": "x", "phone_private_mobile": "+999", "phone_private": "12", "phone_business": "abc"},
    "address": {"street": "", "city": "x" * 300, "zip_code": "1", "country_code": "QQ", "door": "\u202e"},
    "master": {"first_name": "", "gender": "ROBOT", "date_of_birth_day": "31", "date_of_birth_month": "2"},
    "payment": {"iban": "DE12 5001 0517 0648 4898 91", "bic": "NOPE", "bank_name": "x" * 300, "account_holder": ""},
}


def broken(_request: Any) -> HttpResponse:
    raise RuntimeError


urlpatterns = [
    path("berlin-mitte/broken/", broken),
    path("berlin-mitte/refused/", errors.csrf_failure),
    path("berlin-mitte/error/<int:status>/", errors.error_page),
    *portal_urls,
]
handler400, handler403, handler404, handler500 = (
    f"selfservice.errors.{name}" for name in ("bad_request", "forbidden", "not_found", "server_error")
)


def check(response: Any, status: int = 200) -> None:
    assert response.status_code == status
    assert '<html lang="de"' in response.content.decode()
    assert english_in_page(response) == []


def check_mail() -> None:
    newest = mail.outbox[-1]
    lines = [newest.subject, *str(newest.body).splitlines()]
    assert [line for line in lines if is_english(line.strip())] == []


@pytest.mark.parametrize("page", ["", "berlin-mitte/sign-in/", "berlin-mitte/sign-in/code/", "no/such/page/"])
def test_the_check_notices_english(german: PageClient, page: str) -> None:
    assert english_in_page(german.get(f"/{page}", headers={"accept-language": "en"}))


def test_the_front_door(german: PageClient) -> None:
    check(german.get("/"))


def test_signing_in(visitor: Visitor) -> None:
    check(visitor.get("sign-in/"))
    check(visitor.post("sign-in/", {"email": ""}))
    check(visitor.post("sign-in/", {"email": "anna"}))
    check(visitor.ask(ANNA))
    check_mail()
    check(visitor.enter("123"))
    check(visitor.enter(wrong_code()))
    check(visitor.post("sign-in/resend/", follow=True))
    for _ in range(5):
        last = visitor.enter(wrong_code())
    check(last)
    visitor.ask(ANNA)
    assert visitor.enter(newest_code()).status_code == 302
    check(visitor.post("sign-out/", follow=True))


def test_a_code_that_does_not_work_any_more(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    check(visitor.get("sign-in/code/"))
    visitor.ask(ANNA)
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    check(visitor.get("sign-in/code/"))


def test_an_address_of_nobody_or_of_a_family(visitor: Visitor) -> None:
    check(visitor.sign_in(NOBODY))
    visitor.sign_in(FAMILY)
    check(visitor.get("sign-in/member/"))
    check(visitor.post("sign-in/member/", {"customer": "1"}), 403)


def test_signing_in_while_the_studios_system_is_away(visitor: Visitor, sandbox: Sandbox) -> None:
    visitor.ask(ANNA)
    sandbox.faults.add("status", status=401, path="/v1/customers/search", count=9)
    check(visitor.enter(newest_code()), 503)


def test_the_overview(sign_in: SignIn, sandbox: Sandbox) -> None:
    for customer_id in (1001, 1002, 1003, 1004, 1017):
        check(sign_in(customer_id).get())
    sandbox.faults.add("status", status=500, path="*contact-data", count=9)
    sandbox.faults.add("status", status=403, path="*payment-data", count=9)
    check(sign_in(1001).get())


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("customer_id", [1001, 1002, 1003, 1004])
def test_a_data_set_in_every_state(sign_in: SignIn, slug: str, customer_id: int) -> None:
    member = sign_in(customer_id)
    check(member.get(f"{slug}/"))
    if member.pending(slug):
        check(member.get(f"{slug}/?change"))
        check(member.get(f"{slug}/withdraw/"))
        assert member.withdraw(slug).status_code == 302
        check(member.get(f"{slug}/"))


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("customer_id", [1001, 1002])
def test_a_form_with_mistakes(sign_in: SignIn, slug: str, customer_id: int) -> None:
    member = sign_in(customer_id)
    response = member.change(slug, **WRONG[slug])
    check(response)
    assert texts(response).count("Fehler:") >= 3
    check(member.change(slug))


def test_address_forms_of_other_countries(sign_in: SignIn) -> None:
    member = sign_in(1001)
    for country in ("ES", "IT", "TR", "US", "FR"):
        check(member.change("address", country_code=country, refresh="1"))


@pytest.mark.parametrize(("customer_id", "answer"), [(1001, "Deine Anfrage ist gesendet."), (1002, "gilt jetzt.")])
def test_a_change_that_arrives(sign_in: SignIn, customer_id: int, answer: str) -> None:
    member = sign_in(customer_id)
    assert member.change("contact", phone_private="030 23125555").status_code == 302
    response = member.get("contact/")
    check(response)
    assert answer in texts(response)


@pytest.mark.parametrize("status", [400, 401, 409, 429, 500])
def test_a_change_that_does_not_arrive(
    sign_in: SignIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(service, "LOOKS", (0.0,))
    member = sign_in(1001)
    values = member.open("contact")
    sandbox.faults.add("status", status=status, method="POST", path=SETS)
    response = member.send("contact", values, phone_private="030 23125555")
    check(response, response.status_code)
    assert member.pending("contact") is None


def test_what_changed_meanwhile(sign_in: SignIn, sandbox: Sandbox) -> None:
    member = sign_in(1001)
    values = member.open("contact")
    sandbox.gym.set_values(1001, "contact-data", {**member.values("contact"), "phonePrivate": "+49 30 1"})
    check(member.send("contact", values, phone_business="030 23125555"), 409)
    values = member.open("contact")
    sandbox.gym.set_pending(1001, "contact-data", {"phonePrivate": "+49 30 23125999"})
    check(member.send("contact", values, phone_business="030 23125555"), 409)
    sandbox.gym.set_status(1001, "contact-data", "READ")
    check(member.send("contact", values, phone_business="030 23125555"), 403)


@pytest.mark.parametrize("status", sorted(TROUBLES))
@pytest.mark.urls("tests.locale.test_pages")
def test_every_error(german: PageClient, status: int) -> None:
    check(german.get(f"/berlin-mitte/error/{status}/"), status)


@pytest.mark.urls("tests.locale.test_pages")
def test_errors_of_our_own(german: PageClient) -> None:
    check(german.get("/berlin-mitte/broken/"), 500)
    check(german.get("/berlin-mitte/refused/"), 403)


@pytest.mark.parametrize("event", ["requested", "changed", "withdrawn"])
def test_the_mails_about_a_change(sign_in: SignIn, english_studio: Studio, event: str) -> None:
    send_notice(english_studio, ANNA, event, DATA_SETS["payment"].title, "de", at_desk=False)
    assert "Bankverbindung" in mail.outbox[-1].subject
    check_mail()
