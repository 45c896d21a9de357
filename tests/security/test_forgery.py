"""Forged requests: no other site can make a member's browser do anything, whatever address is added one day."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings

from portal.https import over_https
from selfservice.models import AuditEntry, SignInChallenge
from tests.pageclient import PageClient, form_values, texts
from tests.security.routes import all_paths
from tests.signin.visitor import ANNA, Visitor, newest_code

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
# What the forms of the portal are made of, so that a forged one would do something.
FORM = {"email": ANNA, "code": "12345678", "language": "de", "street": "Elsewhere", "phone_private": "030 23125555"}


def strict(member: Any) -> PageClient:
    """Return the member's browser with the check that Django's test client leaves out."""
    client = PageClient(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.cookies = member.client.cookies
    client.get("/berlin-mitte/profile/")
    return client


def traces(member: Any) -> tuple[Any, ...]:
    """Return all that a request could have changed."""
    changing = [call for call in member.sandbox.requests if call.method in UNSAFE]
    key = member.client.cookies[settings.SESSION_COOKIE_NAME].value
    return (len(changing), AuditEntry.objects.count(), SignInChallenge.objects.count(), len(mail.outbox), key)


@pytest.mark.parametrize("method", UNSAFE)
def test_no_address_does_anything_without_the_token(miriam: Any, method: str) -> None:
    client = strict(miriam)
    before = traces(miriam)
    for path in all_paths():
        response = client.generic(method, path, "&".join(f"{k}={v}" for k, v in FORM.items()), FORM_TYPE)
        assert response.status_code == 403, path
        assert "We could not make sure that this came from you" in texts(response)
    assert traces(miriam) == before


FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("method", SAFE)
def test_no_address_changes_anything_for_a_link_or_a_picture(miriam: Any, method: str) -> None:
    """A family's way, a waiting request and a proven code included: reading is all that GET and the like do."""
    before = traces(miriam)
    for path in all_paths():
        for query in ("", "?change", "?amendment_id=1&refresh=1&email=a@b.example&language=de"):
            response = miriam.client.generic(method, f"{path}{query}")
            expected = (404, 405) if "made-up" in path else (200, 302, 405)
            assert response.status_code in expected, path
            assert "language" not in response.cookies
    assert traces(miriam) == before


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "a" * 64, "\x00", "ü" * 64])
def test_a_made_up_token_is_none(miriam: Any, token: str) -> None:
    form = {"csrfmiddlewaretoken": token}
    assert strict(miriam).post("/berlin-mitte/profile/contact/withdraw/", form).status_code == 403
    assert miriam.pending("contact")


def test_the_token_of_another_browser_is_none(miriam: Any) -> None:
    attacker = PageClient(enforce_csrf_checks=True)
    token = form_values(attacker.get("/berlin-mitte/sign-in/"))["csrfmiddlewaretoken"]
    response = strict(miriam).post("/berlin-mitte/profile/contact/withdraw/", {"csrfmiddlewaretoken": token})
    assert response.status_code == 403
    assert miriam.pending("contact")


@pytest.mark.parametrize(
    "origin",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver"},
        {"origin": "https://testserver.evil.example"},
        {"origin": "https://testserver:444"},
        {"referer": "https://evil.example/"},
        {"referer": "https://testserver.evil.example/"},
        {"referer": "http://testserver/"},
        {"referer": ""},
        {},
    ],
    ids=str,
)
def test_the_right_token_from_another_site_is_refused(miriam: Any, origin: dict[str, str]) -> None:
    """As from a stolen token: over TLS the request must also say that it comes from a page of the portal."""
    with override_settings(**over_https(https=True)):
        _rename_session(miriam)
        client = strict_and_secure(miriam)
        page = client.get("/berlin-mitte/profile/contact/withdraw/", secure=True)
        form = form_values(page)
        assert form["csrfmiddlewaretoken"]
        refused = client.post("/berlin-mitte/profile/contact/withdraw/", form, secure=True, headers=origin)
        assert refused.status_code == 403
        assert miriam.pending("contact")
        own = {"origin": "https://testserver"}
        assert client.post("/berlin-mitte/profile/contact/withdraw/", form, secure=True, headers=own).status_code == 302
    assert not miriam.pending("contact")


def _rename_session(member: Any) -> None:
    key = member.client.cookies["session"].value
    member.client.cookies[settings.SESSION_COOKIE_NAME] = key


def strict_and_secure(member: Any) -> PageClient:
    client = PageClient(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.cookies = member.client.cookies
    return client


def test_nobody_is_signed_in_as_the_attacker(visitor: Visitor) -> None:
    """Login CSRF: the attacker's own right code, sent from the attacker's site by the victim's browser."""
    attacker = Visitor()
    attacker.ask(ANNA)
    victim = Visitor(client=PageClient(enforce_csrf_checks=True))
    victim.get("sign-in/")
    for path, form in {"sign-in/code/": {"code": newest_code()}, "sign-in/member/": {"customer": "1001"}}.items():
        assert victim.post(path, form).status_code == 403
    # Even with the attacker's claim in the victim's browser, which SameSite and __Host- are there to prevent.
    victim.client.cookies["sign-in"] = attacker.client.cookies["sign-in"].value
    assert victim.post("sign-in/code/", {"code": newest_code()}).status_code == 403
    assert not victim.is_in()
