"""The page on which the studio accepts or rejects what members asked for."""

from __future__ import annotations

import html
import re

import html5lib
import pytest

from selfservice.sandbox import Sandbox
from selfservice.sandbox.demo import DEMO_SIGNATURE
from tests.sandbox.client import CONTACT, Ask, Reply

PAGE = "/_studio/"


def card(page: Reply, heading: str) -> str:
    """The article of the page whose heading contains `heading`."""
    articles: list[str] = re.findall(r"<article>.*?</article>", page.body.decode(), re.DOTALL)
    return next(each for each in articles if f"<h2>{heading}" in each)


def test_every_waiting_amendment_is_on_the_page(ask: Ask, sandbox: Sandbox) -> None:
    page = ask("GET", PAGE, key=None)

    html5lib.HTMLParser(strict=True).parse(page.body.decode())
    assert page.status == 200
    assert page.body.count(b"<article>") == len(sandbox.gym.waiting()) > 10
    payment = card(page, "Miriam Vogt: Bank account")
    assert "Fit Berlin Mitte" in payment
    assert "DE02 1203 0000 0000 2020 51" in payment
    assert "DE88 1009 0000 1234 5678 92" in payment
    assert f'src="data:image/svg+xml;base64,{DEMO_SIGNATURE}"' in payment
    assert ">IBAN<" in payment
    assert "Zip code" in card(page, "Miriam Vogt: Address")


def test_the_newest_request_comes_first(ask: Ask) -> None:
    ask("POST", CONTACT, {"email": "new@example.com"})

    assert ask("GET", PAGE).body.decode().partition("<h2>")[2].startswith("Anna Berger: Contact")


def test_only_changed_values_are_shown(ask: Ask) -> None:
    contact = card(ask("GET", PAGE), "Oskar Busch: Contact")

    assert "<td>+49 30 23125133</td><td>–</td>" in contact
    assert "<td>–</td><td>+49 171 3920034</td>" in contact
    assert "oskar.busch@example.com" not in contact


@pytest.mark.parametrize(
    ("action", "said", "email"),
    [("accept", "Accepted.", "new@example.com"), ("reject", "Rejected.", "anna.berger@example.com")],
)
def test_the_studio_decides(ask: Ask, action: str, said: str, email: str) -> None:
    amendment_id = ask("POST", CONTACT, {"email": "new@example.com"}).json["id"]
    assert f'action="/_studio/{amendment_id}/{action}"' in card(ask("GET", PAGE), "Anna Berger: Contact")

    decided = ask("POST", f"/_studio/{amendment_id}/{action}", b"", key=None)

    assert decided.status == 303
    page = ask("GET", decided.headers["Location"])
    assert said in page.body.decode()
    assert b"Anna Berger: Contact" not in page.body
    answer = ask("GET", CONTACT).json
    assert answer["email"] == email
    assert "pendingAmendment" not in answer
    again = ask("POST", f"/_studio/{amendment_id}/{action}", b"")
    assert "no longer waits" in ask("GET", again.headers["Location"]).body.decode()


def test_a_request_without_a_change_says_so(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.gym.set_pending(1001, "contact-data", {})

    assert "No value changes." in card(ask("GET", PAGE), "Anna Berger: Contact")


def test_an_empty_page_says_so(ask: Ask, sandbox: Sandbox) -> None:
    for waiting in sandbox.gym.waiting():
        sandbox.gym.reject(waiting.amendment.id)

    assert "Nothing waits." in ask("GET", PAGE).body.decode()


def test_every_value_is_escaped(ask: Ask, sandbox: Sandbox) -> None:
    evil = "\"'><script>alert(1)</script>&"
    sandbox.gym.set_values(1001, "master-data", {"firstName": evil, "lastName": evil})
    changes = {"email": evil, evil: [evil]}
    sandbox.gym.set_pending(1001, "contact-data", changes, signature=evil)

    page = ask("GET", PAGE).body.decode()

    assert "<script" not in page
    assert html.escape(evil) in page
    html5lib.HTMLParser(strict=True).parse(page)


def test_an_invented_notice_is_not_shown(ask: Ask) -> None:
    assert b'notice"' not in ask("GET", PAGE + "?done=<b>hello").body


def test_the_page_forbids_everything_it_does_not_need(ask: Ask) -> None:
    page = ask("GET", PAGE)

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/_studio/", "/_faults", "/_requests"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "[::1"}, 403),
        ({"Host": "localhost:9"}, 200),
        ({"Host": "[::1]:9"}, 200),
        ({"Host": "localhost:9", "Origin": "http://localhost:9"}, 200),
        ({"Host": "localhost:9", "Origin": "http://localhost:8"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_this_machine_may_look(ask: Ask, path: str, headers: dict[str, str], status: int) -> None:
    assert ask("GET", path, headers=headers).status == status


def test_a_foreign_page_can_not_decide(ask: Ask, sandbox: Sandbox) -> None:
    amendment_id = sandbox.gym.set_pending(1001, "contact-data", {})

    refused = ask("POST", f"/_studio/{amendment_id}/accept", b"", headers={"Origin": "https://evil.example"})

    assert refused.status == 403
    assert sandbox.gym.pending(1001, "contact-data") is not None


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_studio", 303),
        ("GET", "/_studio/1/accept", 405),
        ("POST", "/_studio/1/burn", 404),
        ("GET", "/_studio/x", 404),
        ("GET", "/_studios", 404),
    ],
)
def test_other_addresses(ask: Ask, method: str, path: str, status: int) -> None:
    assert ask(method, path).status == status
