"""A member's session: whose it is, how long it lasts, how it ends."""

from collections.abc import Callable
from importlib import import_module
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests.pageclient import PageClient
from tests.signin.visitor import ANNA, FAMILY, Visitor, newest_code, words


def kept_session(key: str) -> dict[str, Any]:
    """What the server has stored under this key."""
    return dict(import_module(settings.SESSION_ENGINE).SessionStore(key).load())


def test_signing_in_changes_every_key(visitor: Visitor) -> None:
    planted = visitor.client.session
    planted["planted"] = "by somebody else"
    planted.save()
    visitor.client.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    visitor.get("sign-in/")
    token = visitor.client.cookies[settings.CSRF_COOKIE_NAME].value
    visitor.sign_in()
    assert visitor.client.session.session_key != planted.session_key
    assert visitor.client.cookies[settings.CSRF_COOKIE_NAME].value != token
    assert set(visitor.client.session.keys()) == {"member"}
    assert kept_session(str(planted.session_key)) == {}


@override_settings(MEMBER_IDLE_MINUTES=15)
def test_a_session_ends_after_a_quarter_of_an_hour_without_a_page(
    visitor: Visitor, pass_time: Callable[..., None]
) -> None:
    visitor.sign_in()
    for _ in range(4):
        pass_time(minutes=14)
        assert visitor.is_in()
    key = str(visitor.client.session.session_key)
    pass_time(minutes=15)
    assert not visitor.is_in()
    assert kept_session(key) == {}


@override_settings(MEMBER_IDLE_MINUTES=1)
def test_the_idle_time_is_a_setting(visitor: Visitor, pass_time: Callable[..., None]) -> None:
    visitor.sign_in()
    pass_time(seconds=61)
    assert not visitor.is_in()


def test_a_session_ends_after_eight_hours_however_busy(visitor: Visitor, pass_time: Callable[..., None]) -> None:
    visitor.sign_in()
    for _ in range(47):
        pass_time(minutes=10)
        assert visitor.is_in()
    pass_time(minutes=10)
    assert not visitor.is_in()


def test_a_busy_page_writes_its_session_once_in_a_while(visitor: Visitor, pass_time: Callable[..., None]) -> None:
    def writes() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert visitor.is_in()
        return sum(not query["sql"].startswith("SELECT") for query in queries)

    visitor.sign_in()
    assert [writes(), writes()] == [0, 0]
    pass_time(seconds=16)
    assert writes() > 0
    assert writes() == 0


def test_a_session_of_one_studio_is_nothing_at_another(visitor: Visitor) -> None:
    visitor.sign_in()
    madrid = visitor.at("madrid-centro")
    assert not madrid.is_in()
    assert visitor.is_in()
    madrid.post("sign-out/")
    assert visitor.is_in()
    madrid.sign_in("carla.reyes@example.com")
    assert madrid.is_in()
    assert not visitor.is_in()


def test_signing_out_ends_the_session(visitor: Visitor) -> None:
    visitor.sign_in()
    key = str(visitor.client.session.session_key)
    answer = visitor.post("sign-out/")
    assert answer.headers["Location"] == "/berlin-mitte/sign-in/"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert "You are signed out." in words(visitor.get("sign-in/"))
    assert "You are signed out." not in words(visitor.get("sign-in/"))
    assert not visitor.is_in()
    visitor.client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not visitor.is_in()


def test_signing_out_forgets_a_sign_in_half_done(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    visitor.post("sign-out/")
    assert not visitor.client.cookies["sign-in"].value
    assert "No code is waiting" in words(visitor.enter(newest_code()))


def test_a_link_signs_nobody_out(visitor: Visitor) -> None:
    visitor.sign_in()
    answer = visitor.get("sign-out/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert visitor.is_in()


@pytest.mark.parametrize("path", ["sign-in/", "sign-in/code/", "sign-in/member/", "sign-in/resend/", "sign-out/"])
def test_other_sites_can_send_none_of_the_forms(visitor: Visitor, path: str) -> None:
    strict = Visitor(client=PageClient(enforce_csrf_checks=True, headers={"accept-language": "en"}))
    strict.get("sign-in/")
    assert strict.post(path, {"email": ANNA, "code": "12345678"}).status_code == 403


def test_the_forms_of_the_portal_itself_pass_the_check(visitor: Visitor) -> None:
    strict = Visitor(client=PageClient(enforce_csrf_checks=True))

    def token() -> dict[str, str]:
        return {"csrfmiddlewaretoken": strict.client.cookies[settings.CSRF_COOKIE_NAME].value}

    strict.get("sign-in/")
    strict.post("sign-in/", {"email": ANNA} | token())
    strict.get("sign-in/code/")
    strict.post("sign-in/code/", {"code": newest_code()} | token())
    assert strict.is_in()
    strict.post("sign-out/", token())
    assert not strict.is_in()


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: Visitor, secure: bool) -> None:
    with override_settings(SESSION_COOKIE_SECURE=secure, SIGN_IN_COOKIE_NAME="__Host-sign-in" if secure else "sign-in"):
        asked = visitor.post("sign-in/", {"email": ANNA}).cookies
        entered = visitor.enter(newest_code()).cookies
    (name,) = [name for name in asked if name.endswith("sign-in")]
    kept, dropped = asked[name], entered[name]
    assert (kept["max-age"], dropped["max-age"]) == (900, 0)
    assert dropped.value == ""
    for cookie in (kept, dropped):
        assert (cookie["path"], cookie["domain"], cookie["samesite"], cookie["httponly"]) == ("/", "", "Lax", True)
        assert bool(cookie["secure"]) is secure


@pytest.mark.parametrize("way", [lambda path: f"?next={quote(path)}", lambda path: ""], ids=["link", "form"])
def test_after_signing_in_the_wanted_page_opens(visitor: Visitor, way: Callable[[str], str]) -> None:
    wanted = "/berlin-mitte/profile/address/"
    data = {"email": ANNA} if way(wanted) else {"email": ANNA, "next": wanted}
    assert f'name="next" value="{wanted}"' in visitor.get(f"sign-in/?next={wanted}").content.decode()
    visitor.post(f"sign-in/{way(wanted)}", data)
    visitor.post("sign-in/resend/")
    assert visitor.enter(newest_code()).headers["Location"] == wanted


def test_a_family_also_arrives_at_the_wanted_page(visitor: Visitor) -> None:
    visitor.ask(FAMILY, next="/berlin-mitte/profile/payment/")
    visitor.enter(newest_code())
    answer = visitor.post("sign-in/member/", {"customer": "1012"})
    assert answer.headers["Location"] == "/berlin-mitte/profile/payment/"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/berlin-mitte/profile/",
        "//evil.example/berlin-mitte/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:/berlin-mitte/profile/",
        "javascript:alert(1)",
        "evil",
        "/",
        "/madrid-centro/profile/",
        "/berlin-mitte/../madrid-centro/profile/",
        "/berlin-mitte/%2e%2e/madrid-centro/profile/",
        "/berlin-mitte//evil.example",
        "/berlin-mitte@evil.example/",
        "/berlin-mitte.evil.example/",
        "/berlin-mitte/nothing/here/",
        "/berlin-mitte/sign-out/",
        "/berlin-mitte/sign-in/",
        "/berlin-mitte/profile/\r\nSet-Cookie: a=b",
        "/berlin-mitte/profile/\x00",
        "/berlin-mitte/profile/?next=//evil.example",
        " /berlin-mitte/profile/",
        "/berlin-mitte/profile/" + "a" * 5000 + "/",
    ],
    ids=lambda path: ascii(path[:50]),
)
def test_nobody_is_led_elsewhere(visitor: Visitor, path: str) -> None:
    visitor.ask(ANNA, next=path)
    assert visitor.enter(newest_code()).headers["Location"] == "/berlin-mitte/profile/"
    assert visitor.get(f"sign-in/?next={quote(path)}").headers["Location"] == "/berlin-mitte/profile/"
