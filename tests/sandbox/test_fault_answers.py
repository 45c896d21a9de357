"""Faults that spoil the answer, as a client sees them."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import math
from typing import Any

import pytest

from selfservice.sandbox import Sandbox
from tests.sandbox.client import AT_ONCE, CONTACT, Ask


def test_status_with_defaults(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("status")

    failed = ask("GET", CONTACT)

    assert failed.status == 503
    assert set(failed.json) == {"errorMessage", "errorCode", "traceId"}
    assert "Retry-After" not in failed.headers
    assert ask("GET", CONTACT).status == 200


def test_status_that_has_no_name(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("status", status=599)

    assert ask("GET", CONTACT).status == 599


@pytest.mark.parametrize("retry_after", [7, "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_status_with_retry_after(ask: Ask, sandbox: Sandbox, retry_after: int | str) -> None:
    sandbox.faults.add("status", status=429, retry_after=retry_after)

    failed = ask("GET", CONTACT)

    assert (failed.status, failed.headers["Retry-After"]) == (429, str(retry_after))


@pytest.mark.parametrize(("body", "sent"), [({"errorMessage": "No", "reference": "a.b"}, None), ("plain", b"plain")])
def test_status_with_a_body(ask: Ask, sandbox: Sandbox, body: object, sent: bytes | None) -> None:
    sandbox.faults.add("status", status=400, body=body)

    failed = ask("GET", CONTACT)

    assert failed.status == 400
    assert failed.body == sent if sent else failed.json == body


def test_huge_header(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("huge-header")

    with pytest.raises(http.client.LineTooLong):
        ask("GET", CONTACT)


def test_gzip_bomb(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("gzip-bomb")

    bomb = ask("GET", CONTACT)

    assert bomb.headers["Content-Encoding"] == "gzip"
    assert 100_000 < len(bomb.body) < 300_000
    # Not unpacked whole: the last four bytes are the length it would have.
    assert int.from_bytes(bomb.body[-4:], "little") > 100_000_000
    with gzip.GzipFile(fileobj=io.BytesIO(bomb.body)) as unpacked:
        assert unpacked.read(10) == b" " * 10


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("empty", b""),
        ("null", b"null"),
        ("array", b"[]"),
        ("string", b'"ok"'),
        ("not-json", b"upstream connect error or disconnect"),
        ("deep-nesting", b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    ],
)
def test_a_body_that_is_no_data_set(ask: Ask, sandbox: Sandbox, name: str, body: bytes) -> None:
    sandbox.faults.add(name)

    answer = ask("GET", CONTACT)

    assert (answer.status, answer.body) == (200, body)


def test_html(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("html")

    answer = ask("GET", CONTACT)

    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html")
    assert answer.body.startswith(b"<!doctype html>")


def test_wrong_types(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("wrong-types", count=2)

    answer = ask("GET", CONTACT).json
    found = ask("POST", "/v1/customers/search", {"lastName": "Sommer"}).json

    assert {type(value) for value in answer.values()} == {int, list, dict, bool}
    assert {type(customer["id"]) for customer in found} == {int}
    assert not any(isinstance(value, str) for customer in found for value in customer.values())


def test_missing_fields(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("missing-fields")
    sandbox.faults.add("missing-fields", fields=["email"])

    assert ask("GET", CONTACT).json == {}
    answer = ask("GET", CONTACT).json
    assert "email" not in answer
    assert answer["amendmentConfigurationStatus"] == "CHANGES_REQUIRE_VERIFICATION"


def test_unknown_enum(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("unknown-enum")

    answer = ask("GET", "/v1/customers/1003/self-service/master-data").json

    names = ("amendmentConfigurationStatus", "gender", "customerTitle")
    assert {answer[name] for name in names} == {"SOMETHING_NEW"}
    assert answer["pendingAmendment"]["gender"] == "SOMETHING_NEW"
    assert answer["firstName"] == "Miriam"


def test_latin1(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("latin1")

    with pytest.raises(UnicodeDecodeError):
        ask("GET", CONTACT).body.decode("utf-8")


def test_nan(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("nan")

    answer = ask("GET", CONTACT)

    assert b"NaN" in answer.body
    assert math.isinf(answer.json["limit"])


def test_duplicate_keys(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("duplicate-keys")

    pairs: list[tuple[str, Any]] = json.loads(ask("GET", CONTACT).body, object_pairs_hook=list)

    assert ("email", "anna.berger@example.com") in pairs
    assert ("email", "DUPLICATE") in pairs


def test_wrong_content_type(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("wrong-content-type")

    answer = ask("GET", CONTACT)

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.json["email"] == "anna.berger@example.com"


def test_redirect(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("redirect", location="http://elsewhere.example/v1")

    answer = ask("GET", CONTACT)

    assert (answer.status, answer.headers["Location"]) == (302, "http://elsewhere.example/v1")


def test_set_cookie(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add("set-cookie")

    answer = ask("POST", AT_ONCE, {"email": "new@example.com"})

    assert answer.headers["Set-Cookie"].startswith("UPSTREAM=")
    assert sandbox.gym.member(1002).email == "new@example.com"
