"""What every answer carries: no cache, no frame, no reader elsewhere, whichever address gives it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings

from portal.https import over_https
from tests.member import Member
from tests.pageclient import PageClient
from tests.security.observatory import grade
from tests.security.routes import all_paths
from tests.security.server import HOST, PROXY, Served
from tests.signin.visitor import ANNA, Visitor, newest_code

EVERYWHERE = {
    "Cache-Control": "private, no-store",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
# What any site may load, because it holds nothing of anybody: the script for a gym's web site.
SCRIPT = EVERYWHERE | {
    "Cache-Control": "public, max-age=600",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
SCRIPTLESS = {"default-src": "'none'", "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}


def policy_of(answer: Any) -> dict[str, str]:
    """Return the directives of an answer's content security policy."""
    directives = answer.headers["Content-Security-Policy"].split(";")
    return {name: value for name, _, value in (each.strip().partition(" ") for each in directives)}


def check(answer: Any, everywhere: dict[str, str] = EVERYWHERE) -> None:
    """Fail when an answer lacks one of the headers."""
    for name, value in everywhere.items():
        assert answer.headers.get(name) == value, name
    policy = policy_of(answer)
    assert policy.items() >= SCRIPTLESS.items()
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in str(policy)
    assert "*" not in str(policy)
    assert "http" not in str(policy)
    assert set(re.findall(r"([a-z-]+)=\(\)", answer.headers["Permissions-Policy"])) >= {
        "camera",
        "geolocation",
        "payment",
    }
    assert ("Access-Control-Allow-Origin" in answer.headers) == (everywhere is SCRIPT)
    for cookie in answer.cookies.values():
        assert cookie.key.startswith("__Host-")
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")


@pytest.fixture
def tls() -> Any:
    """The settings of production."""
    with override_settings(**over_https(https=True)):
        yield


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
def test_every_answer_of_every_address(anna: Member, tls: None, method: str, signed_in: bool) -> None:
    if signed_in:
        anna.client.cookies[settings.SESSION_COOKIE_NAME] = anna.client.cookies["session"].value
    for path in [
        *all_paths(),
        "/nothing/here/",
        "/berlin-mitte/nothing/",
        "/berlin-mitte/profile/nothing/",
        "/favicon.ico",
    ]:
        answer = anna.client.generic(method, path, secure=True)
        check(answer, SCRIPT if path == "/embed.js" and answer.status_code == 200 else EVERYWHERE)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_too(client: PageClient, db: None, tls: None, path: str) -> None:
    check(client.get(path, secure=True, headers={"host": "10.0.0.7"}))
    assert client.get(path, headers={"host": "10.0.0.7"}).status_code == 200


def test_refusals_and_failures_too(anna: Member, tls: None, studios: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = PageClient(raise_request_exception=False, enforce_csrf_checks=True)
    check(client.get("/berlin-mitte/sign-in/", secure=True, headers={"host": "evil.example"}))
    check(client.get("/berlin-mitte/sign-in/", secure=True, headers={"content-type": "text/plain; charset=zlib"}))
    check(client.post("/berlin-mitte/sign-in/", {"email": "x" * 300_000}, secure=True))
    check(client.post("/berlin-mitte/sign-in/", {"email": ANNA}, secure=True))
    monkeypatch.setattr("selfservice.studios.views.all_studios", lambda: 1 / 0)
    failed = client.get("/", secure=True)
    assert failed.status_code == 500
    check(failed)


def test_the_whole_way_in_and_out_sets_strict_cookies_alone(visitor: Visitor, tls: None) -> None:
    ways: list[tuple[str, dict[str, str]]] = [("sign-in/", {"email": ANNA}), ("sign-in/resend/", {})]
    for path, form in ways:
        check(visitor.post(path, form, secure=True))
    check(visitor.post("sign-in/code/", {"code": newest_code()}, secure=True))
    check(visitor.get("profile/", secure=True))
    check(visitor.client.post("/language/", {"language": "de"}, secure=True))
    out = visitor.post("sign-out/", secure=True)
    check(out)
    assert out.headers["Clear-Site-Data"] == '"cache"'
    assert mail.outbox


def test_nonces_are_never_used_twice(visitor: Visitor) -> None:
    found = [
        re.findall(r"'nonce-([^']+)'", str(policy_of(visitor.at("madrid-centro").get("sign-in/")))) for _ in range(5)
    ]
    assert len({nonce for nonces in found for nonce in nonces}) == 5
    assert min(len(nonce) for nonces in found for nonce in nonces) >= 20


def test_files_are_cached_and_nothing_else_of_them_differs(served: Served) -> None:
    answer = served.get("/static/css/portal.css")
    assert answer.status == 200
    assert "private" not in answer.headers["cache-control"]
    for name in set(EVERYWHERE) - {"Cache-Control"}:
        assert answer.headers[name.lower()] == EVERYWHERE[name]


def test_a_real_server_gets_the_best_grade(served: Served) -> None:
    """What MDN's HTTP Observatory would say: asked without TLS first, then as a browser comes back."""
    plain = f"GET /berlin-mitte/sign-in/ HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"
    first = served.send(plain.encode())
    assert (first.status, first.headers["location"]) == (301, f"https://{HOST}/berlin-mitte/sign-in/")
    page = served.get("/berlin-mitte/sign-in/")
    assert page.status == 200
    assert len(page.cookies) == 1
    score = grade(page.headers, page.cookies, page.body, redirected_to=first.headers["location"])
    assert score.grade == "A+"
    assert score.points >= 130


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        ("content-security-policy", None, -40),
        ("content-security-policy", "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'", -30),
        ("strict-transport-security", None, -20),
        ("x-content-type-options", None, -5),
        ("referrer-policy", "unsafe-url", -10),
        ("cross-origin-resource-policy", None, -10),
    ],
)
def test_the_grade_notices_what_is_missing(served: Served, name: str, value: str | None, points: int) -> None:
    page = served.get("/berlin-mitte/sign-in/")
    before = grade(page.headers, page.cookies, page.body, redirected_to=f"https://{HOST}/")
    headers = (
        page.headers | {name: value} if value else {key: text for key, text in page.headers.items() if key != name}
    )
    after = grade(headers, page.cookies, page.body, redirected_to=f"https://{HOST}/")
    assert after.raw - before.raw == points


def test_the_proxy_is_the_only_way_to_be_secure(served: Served) -> None:
    assert "X-Forwarded-Proto: https" in PROXY
    lines = ["GET / HTTP/1.1", f"Host: {HOST}", "X-Forwarded-Proto: http, https", "Connection: close"]
    assert served.send("\r\n".join([*lines, "", ""]).encode()).status == 301
