"""Requests that no browser sends: headers, methods, paths and bodies made to be read in two ways."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.member import Member
from tests.pageclient import PageClient
from tests.security.routes import all_paths
from tests.security.server import PROXY, Served

SIGN_IN = "/berlin-mitte/sign-in/"
MEGABYTE = 1024 * 1024
HOSTILE = [
    "de\r\nX-Injected: yes",
    "de\x00en",
    "de\x0bx",
    "äöüß€",
    "\udce4\udcf6",
    "de" * 50_000,
    "de," * 30_000,
    "a-" * 50_000,
    "de;q=" + "9" * 10_000,
    "de;q=nan, en;q=inf",
    "*;q=0",
    "../../de",
    "{{ 7*7 }}{% debug %}",
    "<script>alert(1)</script>",
    "%0d%0aX-Injected: yes",
    "' OR 1=1 --",
]
HEADERS = [
    *("accept-language", "user-agent", "referer", "origin", "cookie", "accept", "accept-encoding", "content-type"),
    *("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-requested-with", "if-none-match", "range"),
    *("if-modified-since", "content-encoding", "expect", "upgrade", "x-http-method-override", "priority"),
]


def as_served(value: str) -> str:
    """Return a header as a server hands it over: bytes, each as the character of its number."""
    return value.encode("utf-8", "surrogateescape").decode("latin-1")


@pytest.mark.parametrize("header", HEADERS)
def test_no_header_breaks_a_page_or_comes_back(client: PageClient, studios: Any, db: None, header: str) -> None:
    for value in HOSTILE:
        answer = client.get(SIGN_IN, headers={header: as_served(value)})
        assert answer.status_code in (200, 400)
        assert "X-Injected" not in answer.headers
        assert "<script>alert" not in answer.content.decode()
        assert all("\r" not in line and "\n" not in line for line in answer.headers.values())


@pytest.mark.parametrize("name", ["session", "csrftoken", "language", "sign-in", "messages", "other"])
def test_no_cookie_breaks_a_page(client: PageClient, studios: Any, db: None, name: str) -> None:
    for value in HOSTILE:
        for path in (SIGN_IN, "/berlin-mitte/sign-in/code/", "/berlin-mitte/profile/"):
            answer = client.get(path, headers={"cookie": as_served(f"{name}={value}")})
            assert answer.status_code in (200, 302)
            assert "49" not in answer.headers.get("Content-Language", "")


@pytest.mark.parametrize("value", HOSTILE, ids=lambda text: ascii(text[:30]))
def test_a_real_server_survives_each_header(served: Served, value: str) -> None:
    for header in ("Accept-Language", "Cookie", "X-Forwarded-For", "X-Weird"):
        answer = served.get(SIGN_IN, f"{header}: {value}\r\n")
        assert answer.status in (200, 400, 431)
        assert "x-injected" not in answer.headers
    assert served.get(SIGN_IN).status == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "GETX", "dispatch"])
def test_no_other_method_does_anything(miriam: Member, method: str) -> None:
    for path in all_paths():
        answer = miriam.client.generic(method, path)
        assert answer.status_code in (302, 405), path
        if answer.status_code == 405:
            assert "opened like that" in answer.content.decode()
    assert not miriam.sent("DELETE") + miriam.sent("POST")


@pytest.mark.parametrize("name", ["x-http-method-override", "x-http-method", "x-method-override", "_method"])
def test_the_method_is_what_the_request_line_says(miriam: Member, name: str) -> None:
    miriam.client.get(miriam.url(f"contact/withdraw/?{name}=POST"), headers={name: "POST"})
    miriam.client.post(miriam.url("contact/"), {name: "DELETE"}, headers={name: "DELETE"})
    assert miriam.pending("contact")
    assert not miriam.sent("DELETE")


def test_a_head_leaves_nothing_behind(anna: Member) -> None:
    """An answer to what nobody asked would greet the person on the next page."""
    for path in ("", "contact/", "contact/withdraw/", "payment/withdraw/"):
        anna.client.head(anna.url(path))
    assert "This request was no longer waiting" not in anna.read("contact/")


PATHS = [
    "/berlin-mitte/../madrid-centro/profile/",
    "/berlin-mitte/%2e%2e/profile/",
    "/berlin-mitte/profile/..%2f..%2f",
    "/berlin-mitte/profile/contact%2fwithdraw/",
    "/berlin-mitte/profile/contact%00/",
    "/berlin-mitte/profile/contact;x=1/",
    "/berlin-mitte//profile/",
    "//berlin-mitte/profile/",
    "/./berlin-mitte/profile/",
    "/Berlin-Mitte/profile/",
    "/berlin-mitte%20/profile/",
    "/ber%6cin-mitte/nothing/",
    "/berlin-mitte/profile/contact/../master/",
    "/berlin-mitte/profile/contact/withdraw/withdraw/",
    "/berlin-mitte/profile/%F0%9F%92%A9/",
    "/berlin-mitte/profile/" + "a" * 5000 + "/",
    "/.git/config",
    "/.env",
    "/studios.toml",
    "/portal.sqlite3",
    "/static/../portal/settings.py",
    "/static/%2e%2e/portal/settings.py",
    "/static/..%2f..%2fetc/passwd",
    "/static/css/../../.env",
    "/static/",
    "/static/css/",
    "/admin/",
    "/__debug__/",
    "/_faults",
    "/demo/mails/",
    "/healthz/..",
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
def test_no_other_spelling_of_a_path_opens_anything(served: Served, path: str) -> None:
    answer = served.get(path)
    assert answer.status in (301, 302, 400, 404, 414), answer.body
    assert answer.headers.get("location", "/").startswith(("/", "https://portal.gym.example/"))
    for secret in ("SECRET_KEY", "root:", "sandbox-berlin", "Traceback", "[core]"):
        assert secret not in answer.body


@pytest.mark.parametrize(
    "lines",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Content-Length: 5, 6",
        "Content-Length: -1",
        "Content-Length: 1e9",
    ],
)
def test_a_body_that_can_be_read_in_two_ways_is_refused(served: Served, lines: str) -> None:
    smuggled = "0\r\n\r\nGET /berlin-mitte/profile/ HTTP/1.1\r\nHost: portal.gym.example\r\n\r\n"
    answer = served.send(f"POST {SIGN_IN} HTTP/1.1\r\n{PROXY}{lines}\r\n\r\n{smuggled}".encode())
    assert answer.status in (0, 400, 501)
    assert "smuggled" not in answer.body


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_sixty_megabytes_are_refused_before_they_are_sent(served: Served, kind: str) -> None:
    """Only the first bytes of the body ever leave this side: the answer does not wait for the rest."""
    part = (
        '--x\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n' if "multipart" in kind else "email="
    )
    head = f"POST {SIGN_IN} HTTP/1.1\r\n{PROXY}Content-Type: {kind}\r\nContent-Length: {60 * MEGABYTE}\r\n\r\n"
    answer = served.send((head + part + "a" * 1000).encode())
    assert answer.status == 413
    assert answer.seconds < 3
    assert answer.headers["connection"] == "close"


def test_a_file_is_no_field(client: PageClient, studios: Any, db: None) -> None:
    """No form takes files: a part that looks like one is not read as the value it is named after."""
    body = b'--x\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\na@b.example\r\n--x--\r\n'
    answer = client.generic("POST", SIGN_IN, body, "multipart/form-data; boundary=x")
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]


@pytest.mark.parametrize("count", [101, 5000])
def test_a_form_of_endless_fields_is_refused(client: PageClient, studios: Any, db: None, count: int) -> None:
    body = "&".join(f"f{number}=1" for number in range(count))
    answer = client.generic("POST", SIGN_IN, body, "application/x-www-form-urlencoded")
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize("trick", ["%0a", "%0d%0a", "%E2%80%A8", "%1b[2J", "%00%0a"])
def test_nobody_writes_a_line_into_the_log(served: Served, trick: str) -> None:
    line = "2026-01-01 00:00:00,000 WARNING selfservice.audit: a made-up line"
    for path in (
        f"/berlin-mitte/{trick}{line.replace(' ', '%20')}",
        f"{SIGN_IN}?next={trick}{line.replace(' ', '%20')}",
    ):
        for method in ("GET", "POST", f"X{trick}"):
            served.get(path, f"User-Agent: x{trick}\r\nReferer: {path}\r\nX-Forwarded-For: {trick}\r\n", method)
    lines = served.log.splitlines()
    assert len([line for line in lines if json.loads(line)["message"] == "request answered"]) >= 4
    assert "made-up line" not in served.log
    assert "127.0.0.1" not in served.log.partition("Listening at")[2].partition("\n")[2]
    assert "\x1b" not in served.log


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain; x*=nonsense'en'%41",
        "text/plain; x*=undefined'en'%41",
        "text/plain; x*=idna'en'%ff",
        "multipart/form-data; boundary*=nonsense'en'%41",
        "text/plain; charset*=nonsense'en'x",
        "text/plain; a*=x; a*0=y",
    ],
)
def test_a_content_type_that_cannot_be_read_gets_a_page(served: Served, kind: str) -> None:
    before = len(served.log)
    answer = served.get(f"{SIGN_IN}?next=canary-4711", f"Content-Type: {kind}\r\n")
    assert answer.status in (200, 400)
    assert "content-security-policy" in answer.headers
    assert "canary-4711" not in served.log[before:]


def test_a_part_whose_header_cannot_be_read_is_refused(served: Served) -> None:
    body = '--b\r\nContent-Disposition: form-data; name="email"; a*=x; a*0=y\r\n\r\nx\r\n--b--\r\n'
    head = f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n"
    answer = served.send(f"POST {SIGN_IN} HTTP/1.1\r\n{PROXY}{head}\r\n{body}".encode())
    assert answer.status in (400, 403)
    assert "content-security-policy" in answer.headers


def test_a_hostile_host_writes_nothing_into_the_log(served: Served) -> None:
    before = len(served.log)
    served.send(b"GET / HTTP/1.1\r\nHost: canary-4711.example\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n")
    assert "a request was refused" in served.log[before:]
    assert "canary-4711" not in served.log[before:]
