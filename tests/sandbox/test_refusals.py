"""Everything the contract refuses, and how it says so."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from selfservice.sandbox import Sandbox
from selfservice.sandbox.refusals import choose_language
from tests.sandbox.client import CONTACT, MADRID, Ask, call

PAYMENT = "/v1/customers/1001/self-service/payment-data"
ADDRESS = {"street": "Ring", "zipCode": "10115", "city": "Berlin", "countryCode": "DE"}
MASTER = {
    "firstName": "A",
    "lastName": "B",
    "gender": "MALE",
    "dateOfBirth": "1990-01-31",
    "customerTitle": "NONE",
    "countryOfBirth": "DE",
}
BANK = {"accountHolder": "A B", "bankName": "Bank", "iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX"}
VALID: dict[str, dict[str, Any]] = {"address-data": ADDRESS, "master-data": MASTER, "payment-data": BANK}


def svg(inside: str = "", attributes: str = "") -> str:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("data_set", "field", "value", "code"),
    [
        *(("address-data", name, None, "error.required") for name in ADDRESS),
        *(("master-data", name, None, "error.required") for name in MASTER if name != "countryOfBirth"),
        *(("payment-data", name, None, "error.required") for name in BANK),
        ("address-data", "street", "", "error.required"),
        ("address-data", "street", "  ", "error.required"),
        ("address-data", "houseNumber", 12, "error.type"),
        ("address-data", "zipCode", 10115, "error.type"),
        ("address-data", "city", ["Berlin"], "error.type"),
        ("address-data", "countryCode", "XX", "error.country"),
        ("address-data", "countryCode", "de", "error.country"),
        ("address-data", "countryCode", "DEU", "error.country"),
        ("master-data", "countryOfBirth", "", "error.country"),
        ("master-data", "countryOfBirth", "XK", "error.country"),
        ("master-data", "gender", "DIVERSE", "error.enum"),
        ("master-data", "customerTitle", "dr", "error.enum"),
        ("master-data", "dateOfBirth", "31.01.1990", "error.date"),
        ("master-data", "dateOfBirth", "1990-02-30", "error.date"),
        ("master-data", "dateOfBirth", "19900131", "error.date"),
        ("payment-data", "iban", "DE89 3704 0044 0532 0130 01", "error.iban"),
        ("payment-data", "iban", "DE89", "error.iban"),
        ("payment-data", "iban", "hello", "error.iban"),
        ("payment-data", "iban", "DE89 3704 0044 0532 0130 0٠", "error.iban"),
    ],
)
def test_a_bad_field_is_named(sandbox: Sandbox, data_set: str, field: str, value: object, code: str) -> None:
    sandbox.gym.set_require_signature(1001, required=False)
    path = f"/v1/customers/1001/self-service/{data_set}"

    refused = call(sandbox, "POST", path, {**VALID[data_set], field: value})

    assert (refused.status, refused.json["errorCode"], refused.json["reference"]) == (400, code, field)
    assert sandbox.gym.pending(1001, data_set) is None
    assert call(sandbox, "POST", path, VALID[data_set]).status == 200


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "text",
        {},
        {"base64SvgSignature": ""},
        {"base64SvgSignature": 7},
        {"base64SvgSignature": "not base64!"},
        {"base64SvgSignature": base64.b64encode(b"<p/>").decode()},
        {"base64SvgSignature": base64.b64encode(b"<svg>").decode()},
        {"base64SvgSignature": base64.b64encode(b"\x89PNG").decode()},
        {"base64SvgSignature": svg("<script>alert(1)</script>")},
        {"base64SvgSignature": svg('<a xmlns:s="http://www.w3.org/2000/svg"><s:script/></a>')},
        {"base64SvgSignature": svg(attributes='onload="alert(1)"')},
        {"base64SvgSignature": svg('<a href=" java&#10;script:alert(1)"/>')},
        {"base64SvgSignature": base64.b64encode(b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>').decode()},
    ],
)
def test_a_missing_or_harmful_signature_is_refused(ask: Ask, signature: object) -> None:
    refused = ask("POST", PAYMENT, {**BANK, **({} if signature is None else {"signature": signature})})

    assert (refused.status, refused.json["reference"]) == (400, "signature.base64SvgSignature")


def test_a_plain_drawing_is_accepted(ask: Ask) -> None:
    drawing = svg('<path d="M0 0L9 9" stroke="#000"/>')

    assert ask("POST", PAYMENT, {**BANK, "signature": {"base64SvgSignature": drawing}}).status == 200


def test_unknown_values_the_gym_itself_holds_may_go_back_unchanged(ask: Ask) -> None:
    address = "/v1/customers/1014/self-service/address-data"
    master = "/v1/customers/1014/self-service/master-data"

    assert ask("POST", address, {**ADDRESS, "countryCode": "ZZ"}).status == 200
    assert ask("POST", master, {**MASTER, "gender": "DIVERSE", "countryOfBirth": "XK"}).status == 200
    assert ask("POST", master, {**MASTER, "gender": "OTHER"}).status == 400


def test_a_stored_iban_that_is_wrong_is_refused_like_a_new_one(ask: Ask, sandbox: Sandbox) -> None:
    stored = sandbox.gym.values(1016, "payment-data")

    refused = ask("POST", "/v1/customers/1016/self-service/payment-data", stored)

    assert (refused.status, refused.json["reference"]) == (400, "iban")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b'{"a":NaN}', b"[" * 100_000, b'{"a":' * 40 + b"1" + b"}" * 40, b'{"email":"\\ud800"}', b"7"],
)
def test_an_unreadable_body_is_refused(ask: Ask, body: bytes) -> None:
    assert ask("POST", CONTACT, body).status == 400


def test_a_body_that_is_not_called_json_is_refused(ask: Ask) -> None:
    assert ask("POST", CONTACT, b"email=a", headers={"Content-Type": "application/x-www-form-urlencoded"}).status == 415


def test_an_oversized_body_is_refused_unread(ask: Ask) -> None:
    refused = ask("POST", CONTACT, headers={"Content-Length": "2000000"})

    assert refused.status == 413
    assert refused.json["errorCode"] == "error.too-large"


@pytest.mark.parametrize(
    "headers", [{"Content-Length": "x"}, {"Content-Length": "-1"}, {"Transfer-Encoding": "chunked"}]
)
def test_a_body_of_unknown_length_is_refused(ask: Ask, headers: dict[str, str]) -> None:
    assert ask("POST", CONTACT, headers=headers).status == 400


@pytest.mark.parametrize("key", [None, "", "wrong", "SANDBOX-BERLIN"])
def test_a_missing_or_wrong_key_is_refused(ask: Ask, key: str | None) -> None:
    refused = ask("GET", CONTACT, key=key)

    assert refused.status == 401
    assert refused.json["errorCode"] == "error.key"


@pytest.mark.parametrize("path", ["/v1", "/v1/customers/1001", "/v1/nothing/here", "/anything"])
def test_head_checks_the_key_and_nothing_else(ask: Ask, path: str) -> None:
    accepted, refused = ask("HEAD", path), ask("HEAD", path, key="wrong")

    assert (accepted.status, accepted.body) == (200, b"")
    assert (refused.status, refused.body) == (401, b"")


@pytest.mark.parametrize(
    ("key", "method", "path", "status"),
    [
        ("sandbox-berlin-noscope", "POST", "/v1/customers/search", 403),
        ("sandbox-berlin-noscope", "GET", "/v1/customers/by?customerNumber=1-1001", 403),
        ("sandbox-berlin-noscope", "GET", "/v1/customers/1001", 403),
        ("sandbox-berlin-noscope", "GET", CONTACT, 200),
        ("sandbox-berlin-noscope", "GET", "/v1/studios/information", 200),
        ("sandbox-berlin-readonly", "POST", CONTACT, 403),
        ("sandbox-berlin-readonly", "DELETE", "/v1/customers/1001/self-service/amendment/1", 403),
        ("sandbox-berlin-readonly", "GET", CONTACT, 200),
    ],
)
def test_a_key_opens_only_what_its_scopes_say(ask: Ask, key: str, method: str, path: str, status: int) -> None:
    answer = ask(method, path, {"email": "a@example.com"} if method == "POST" else None, key=key)

    assert answer.status == status
    if status == 403:
        assert answer.json["errorCode"] == "error.scope"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/customers/999999/self-service/contact-data", 404),
        ("GET", "/v1/customers/9999999999999999999/self-service/contact-data", 404),
        ("GET", "/v1/customers/abc/self-service/contact-data", 404),
        ("GET", "/v1/customers/1001/self-service/shoe-size", 404),
        ("GET", "/v1/customers/1001/", 404),
        ("DELETE", "/v1/customers/1001/self-service/amendment/1", 404),
        ("GET", "/v2/customers/1001", 404),
        ("PUT", CONTACT, 405),
        ("PATCH", CONTACT, 405),
        ("DELETE", CONTACT, 405),
        ("OPTIONS", CONTACT, 405),
        ("GET", "/v1/customers/1001/self-service/amendment/1", 405),
    ],
)
def test_what_is_not_there(ask: Ask, method: str, path: str, status: int) -> None:
    answer = ask(method, path)

    assert answer.status == status
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_member_of_another_studio_does_not_exist(ask: Ask) -> None:
    assert ask("GET", CONTACT, key=MADRID).status == 404
    assert ask("POST", CONTACT, {"email": "a@example.com"}, key=MADRID).status == 404
    assert ask("GET", "/v1/customers/1001", key=MADRID).status == 404


@pytest.mark.parametrize("status", ["READ", "DEACTIVATED"])
def test_no_request_where_the_studio_allows_none(ask: Ask, sandbox: Sandbox, status: str) -> None:
    sandbox.gym.set_status(1001, "contact-data", status)

    refused = ask("POST", CONTACT, {"email": "a@example.com"})

    assert (refused.status, refused.json["errorCode"]) == (403, "error.read-only")


def test_a_second_request_while_one_waits_is_a_conflict(ask: Ask) -> None:
    assert ask("POST", CONTACT, {"email": "a@example.com"}).status == 200
    assert ask("POST", CONTACT, {"email": "b@example.com"}).status == 409
    assert ask("GET", CONTACT).json["pendingAmendment"]["email"] == "a@example.com"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "IBAN ist nicht gültig"),
        ("de-CH,en;q=0.5", "IBAN ist nicht gültig"),
        ("en-GB", "IBAN is not valid"),
        ("es", "IBAN no es válido"),
        ("xx", "IBAN is not valid"),
    ],
)
def test_errors_speak_the_language_asked_for(ask: Ask, language: str, words: str) -> None:
    error = ask("POST", PAYMENT, {**BANK, "iban": "x"}, headers={"Accept-Language": language}).json

    assert words in error["errorMessage"]
    assert len(error["traceId"]) == 32


@pytest.mark.parametrize(
    ("header", "language"),
    [(None, "es"), ("", "es"), ("fr", "en"), ("en;q=0.2, de;q=0.9", "de"), ("de;q=0", "en"), ("de;q=x", "en")],
)
def test_the_language_without_a_wish_is_the_studios(header: str | None, language: str) -> None:
    assert choose_language(header, "es") == language
