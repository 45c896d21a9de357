"""Keys that an attacker knows beforehand, or has after they ended, open nothing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory

from portal.handler import Utf8Request
from selfservice.models import BrowserSession
from tests.pageclient import PageClient
from tests.signin.visitor import ANNA, Visitor, newest_code

SESSION = settings.SESSION_COOKIE_NAME


def test_a_planted_key_is_worth_nothing_afterwards(visitor: Visitor) -> None:
    """The attacker has a session of their own at the portal and makes the victim's browser use it."""
    planted = import_module(settings.SESSION_ENGINE).SessionStore()
    planted["note"] = "of the attacker"
    planted.create()
    visitor.client.cookies[SESSION] = planted.session_key
    visitor.sign_in()
    assert visitor.is_in()
    assert visitor.client.cookies[SESSION].value != planted.session_key
    attacker = Visitor()
    attacker.client.cookies[SESSION] = planted.session_key
    assert not attacker.is_in()
    assert "note" not in visitor.client.session


@pytest.mark.parametrize("key", ["a" * 32, "attacker", "x" * 200, ""])
def test_a_made_up_key_is_never_taken(visitor: Visitor, key: str) -> None:
    visitor.ask(ANNA)
    visitor.client.cookies[SESSION] = key
    visitor.enter(newest_code())
    assert visitor.is_in()
    assert visitor.client.cookies[SESSION].value != key
    attacker = Visitor()
    attacker.client.cookies[SESSION] = key
    assert not attacker.is_in()


def test_a_key_can_not_travel_in_an_address(visitor: Visitor) -> None:
    visitor.sign_in()
    key = visitor.client.cookies[SESSION].value
    for name in (SESSION, "sessionid", "__Host-session", "session_key", "token"):
        stranger = Visitor()
        assert stranger.get(f"?{name}={key}").headers["Location"] == "/berlin-mitte/sign-in/"
        assert not stranger.is_in()


def test_an_old_key_stays_worthless(visitor: Visitor) -> None:
    visitor.sign_in()
    old = visitor.client.cookies[SESSION].value
    visitor.post("sign-out/")
    thief = Visitor()
    thief.client.cookies[SESSION] = old
    assert not thief.is_in()
    visitor.sign_in()
    assert not thief.is_in()


def test_keys_are_long_and_never_alike(visitor: Visitor) -> None:
    keys = set()
    for number in range(3):
        browser = Visitor(client=PageClient(headers={"accept-language": "en"}))
        browser.post("sign-in/", {"email": ANNA}, REMOTE_ADDR=f"192.0.2.{number}")
        browser.enter(newest_code())
        keys.add(browser.client.cookies[SESSION].value)
    assert len(keys) == 3
    assert min(map(len, keys)) >= 32


def test_a_row_of_the_database_opens_no_session(anna: Any) -> None:
    """Whoever reads the database, or a copy of it, is nobody by that."""
    row = BrowserSession.objects.get(customer_id=1001)
    assert anna.client.session.session_key not in (row.session_key, row.session_data)
    reader = PageClient()
    reader.cookies[SESSION] = row.session_key
    assert reader.get("/berlin-mitte/profile/contact/").status_code == 302


@pytest.mark.parametrize("blank", ["\u2000", "\u00a0", "\u3000", "\x85", "\x1f", "\x0b"])
def test_a_name_that_only_looks_like_ours_is_no_cookie_of_ours(blank: str) -> None:
    """A neighbouring host may set it: to a browser it does not begin with the prefix that nobody else may use."""
    sent = f"a=1; {blank}__Host-session=planted; b=2".encode().decode("latin-1")
    request = Utf8Request(RequestFactory().get("/", headers={"cookie": sent}).environ)
    assert request.COOKIES == {"a": "1", "b": "2"}
