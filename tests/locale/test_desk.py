"""No page of the desk and no mail about it says a word of English to whoever asks for German."""

from base64 import b32decode
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from selfservice.datasets import DATA_SETS
from selfservice.desk import accounts
from selfservice.desk.activity import DEEDS, OUTCOMES, PROOFS
from selfservice.mail import send_confirmation, send_notice
from selfservice.sandbox import Sandbox
from selfservice.studios.studio import Studio
from selfservice.troubles import ENDED
from tests.desk.adminclient import AdminClient
from tests.desk.desk import PASSWORD, code_of_key, make_account
from tests.desk.helping import Helping
from tests.locale.reading import english_in_page, is_english
from tests.locale.test_pages import WRONG, check, check_mail
from tests.pageclient import PageClient, form_values, texts
from tests.signin.visitor import ANNA as ANNAS_ADDRESS

ANNA, JONAS, MIRIAM, EMIL = 1001, 1002, 1003, 1019
VERA, FELIX = 1020, 1021  # who is no member any more, and who is none yet
IBAN = "DE02 1203 0000 0000 2020 51"
NAME = {"signature_name": "Anna Berger"}
SIGN = "payment/sign/"


@pytest.fixture
def nobody(german: PageClient, sandbox: Sandbox) -> Helping:
    """Maria's browser before she signs in."""
    return Helping(german, make_account("maria@fit.example", manager=True)[0], sandbox)


@pytest.fixture
def desk(nobody: Helping) -> Helping:
    """Maria on duty; she is a manager too."""
    nobody.start()
    return nobody


@pytest.fixture
def admin(desk: Helping) -> Helping:
    """Maria among the accounts."""
    desk.client = AdminClient(headers={"accept-language": "de"})
    desk.start()
    return desk


def begin(desk: Helping, by: str) -> Any:
    """Send a new bank account to be signed elsewhere."""
    return desk.post(f"members/{ANNA}/{SIGN}", desk.form(ANNA, "payment") | {"iban": IBAN, "by": by})


def go_on(desk: Helping, page: Any, **more: Any) -> Any:
    return desk.post(f"members/{ANNA}/{SIGN}", form_values(page) | more)


def check_admin(response: Any) -> None:
    """Check one of Django's pages, which call their box to search by an English word whatever the language."""
    assert response.status_code == 200
    assert set(english_in_page(response)) <= {"Search"}


@pytest.mark.parametrize("path", ["", "activity/", f"members/{MIRIAM}/", f"members/{MIRIAM}/contact/"])
def test_the_check_notices_english_at_the_desk(desk: Helping, path: str) -> None:
    assert english_in_page(desk.get(path, headers={"accept-language": "en"}))


@pytest.mark.parametrize("page", ["/berlin-mitte/desk/sign-in/", "/admin/login/"])
def test_signing_in(nobody: Helping, page: str) -> None:
    wrong = {"email": nobody.name, "password": "wrong", "code": "000000"}
    check(nobody.client.get(page))
    check(nobody.client.post(page, {}))
    check(nobody.client.post(page, wrong))
    for _ in range(10):
        last = nobody.client.post(page, wrong)
    check(last, 429)


def test_signing_out(desk: Helping) -> None:
    check(desk.post("sign-out/", follow=True))


def filled_in(page: Any) -> dict[str, str]:
    """What the page for a new account sends when everything is right."""
    code = code_of_key(b32decode(page.context["secret"].replace(" ", "")).hex())
    return {"key": form_values(page)["key"], "password": PASSWORD, "password_again": PASSWORD, "code": code}


def test_setting_up_an_account(german: PageClient) -> None:
    _account, token = accounts.add("new@fit.example", ["berlin-mitte"], manager=False, actor="operator")
    page = f"/berlin-mitte/desk/set-up/{token}/"
    opened = german.get(page)
    check(opened)
    right = filled_in(opened)
    for mistake in (
        {"password": "", "password_again": "", "code": ""},
        {"password": "123", "password_again": "123"},
        {"password": "new@fit.example"},
        {"password_again": "another"},
        {"code": "000000"},
    ):
        check(german.post(page, right | mistake))
    for _ in range(10):
        last = german.post(page, right | {"code": "000000"})
    check(last, 429)


def test_an_account_that_is_ready(german: PageClient) -> None:
    _account, token = accounts.add("new@fit.example", ["berlin-mitte"], manager=False, actor="operator")
    page = f"/berlin-mitte/desk/set-up/{token}/"
    check(german.post(page, filled_in(german.get(page))))
    check(german.get(page), 404)


def test_a_locked_desk(desk: Helping) -> None:
    desk.lock()
    check(desk.get("unlock/"))
    check(desk.post(f"members/{ANNA}/contact/", follow=True))
    check(desk.post("unlock/", {}))
    for _ in range(10):
        last = desk.unlock(code="000000")
        check(last)
    assert "Viertelstunde" in texts(last)


def test_a_studio_that_is_not_theirs(desk: Helping) -> None:
    check(desk.client.get("/madrid-centro/desk/"), 403)


@pytest.mark.parametrize("typed", ["", "x", "31.2.1990", "anna@", "Nobody", "berger", "vera", "e"])
def test_searching(desk: Helping, typed: str) -> None:
    check(desk.get())
    check(desk.search(typed))


def test_searching_when_many_are_found(desk: Helping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfservice.desk.search.MOST", 1)
    check(desk.search("sommer"))
    desk.sandbox.faults.add("huge", method="POST", path="*search", count=9)
    check(desk.search("an"))


def test_members_that_cannot_be_shown(desk: Helping) -> None:
    check(desk.helping(9999), 404)
    desk.sandbox.faults.add("status", status=403, path="/v1/customers/*", count=9)
    check(desk.search("berger"), 503)
    check(desk.helping(ANNA), 503)


@pytest.mark.parametrize("customer_id", [ANNA, JONAS, MIRIAM, EMIL, VERA, FELIX])
@pytest.mark.parametrize("path", ["", *(f"{slug}/" for slug in WRONG), *(f"{slug}/withdraw/" for slug in WRONG)])
def test_the_pages_of_a_member(desk: Helping, customer_id: int, path: str) -> None:
    check(desk.client.get(desk.member_url(customer_id, path), follow=True))


@pytest.mark.parametrize("slug", list(WRONG))
def test_forms_with_mistakes(desk: Helping, slug: str) -> None:
    check(desk.change(JONAS, slug, **WRONG[slug]))
    check(desk.change(JONAS, slug))


def test_a_change_that_arrives_and_being_done(desk: Helping) -> None:
    assert desk.change(ANNA, "address", street="Ahornweg").status_code == 302
    check(desk.helping(ANNA, "address/"))
    overview = desk.helping(ANNA)
    check(overview)
    assert "am Empfang geändert" in texts(overview)
    desk.post(f"members/{ANNA}/done/")
    check(desk.helping(ANNA))


def test_a_membership_that_has_ended(desk: Helping) -> None:
    refused = desk.post(f"members/{VERA}/address/", {"street": "Ahornweg"})
    check(refused, 403)
    with override("de"):
        assert str(ENDED.heading) in texts(refused)


def test_proving_who_it_is(desk: Helping) -> None:
    page = desk.change(JONAS, "payment", iban=IBAN)
    check(page)
    check(desk.vouch(JONAS, "payment", page, ""))
    desk.keep(proven=timezone.now() - timedelta(hours=1))
    page = desk.change(JONAS, "payment", iban=IBAN)
    check(page)
    for _ in range(10):
        last = desk.vouch(JONAS, "payment", page, "passport", **{"identity-code": "000000"})
        check(last)
    assert "Viertelstunde" in texts(last)


def test_a_code_for_the_member(desk: Helping) -> None:
    page = desk.press(JONAS, "payment", desk.change(JONAS, "payment", iban=IBAN), resend="1")
    check(page)
    check_mail()
    check(desk.press(JONAS, "payment", page, code="00000000"))
    check(desk.change(EMIL, "contact", email="emil.krause@example.org"))


def test_signing_on_the_tablet(desk: Helping) -> None:
    page = begin(desk, "tablet")
    check(page)
    check(go_on(desk, page))
    check(go_on(desk, page, decline="1"))
    thanks = go_on(desk, page, **NAME)
    check(thanks)
    check(go_on(desk, thanks, unlock="1", code="000000"))
    check(go_on(desk, thanks, unlock="1", code=desk.code()))


def test_not_signing(desk: Helping) -> None:
    back = go_on(desk, begin(desk, "tablet"), decline="1")
    form = go_on(desk, back, unlock="1", code=desk.code())
    check(form)
    assert "noch nicht unterschrieben" in texts(form)


def test_signing_on_a_phone(desk: Helping, german: PageClient) -> None:
    waiting = begin(desk, "phone")
    check(waiting)
    check(go_on(desk, waiting, collect="1"))
    link = waiting.context["phone_url"]
    phone = PageClient(headers={"accept-language": "de"})
    check(phone.get(link))
    check(phone.post(link, {}))
    check(phone.post(link, NAME))
    check(phone.get(link), 404)
    check(go_on(desk, waiting, collect="1"))


def test_activity(desk: Helping) -> None:
    desk.vouch(JONAS, "payment", desk.change(JONAS, "payment", iban=IBAN), "passport")
    check(desk.get("activity/"))
    check(desk.get("activity/?until=1999-01-01&set=contact"))


@pytest.mark.parametrize("words", [DEEDS, OUTCOMES, PROOFS], ids=["deeds", "outcomes", "proofs"])
def test_whatever_activity_can_tell(words: dict[str, Any]) -> None:
    with override("de"):
        assert [text for text in map(str, words.values()) if is_english(text)] == []


@pytest.mark.parametrize("kind", ["bank", "email_new", "email_old"])
def test_mails_with_a_code(english_studio: Studio, kind: str) -> None:
    send_confirmation(english_studio, ANNAS_ADDRESS, kind, "1234 5678", "DE02 •••• 2051", "de", at_desk=True)
    check_mail()


@pytest.mark.parametrize("event", ["requested", "changed", "withdrawn", "email_requested", "email_changed"])
def test_mails_about_what_was_done(sandbox: Sandbox, english_studio: Studio, event: str) -> None:
    send_notice(english_studio, ANNAS_ADDRESS, event, DATA_SETS["contact"].title, "de", at_desk=True)
    check_mail()


@pytest.mark.parametrize("path", ["", "auth/user/", "auth/user/add/"])
def test_what_admin_adds_to_djangos_pages(admin: Helping, path: str) -> None:
    check_admin(admin.client.get(f"/admin/{path}"))


def test_what_admin_answers(admin: Helping) -> None:
    colleague, _codes = make_account("tom@fit.example")
    data = {"action": "make_links", "_selected_action": [admin.account.pk, colleague.pk], "index": "0"}
    response = admin.client.post("/admin/auth/user/", data, follow=True)
    check_admin(response)
    shown = texts(response)
    assert "tom@fit.example" in shown
    assert "maria@fit.example. " in shown  # a manager's own account stays as it is
