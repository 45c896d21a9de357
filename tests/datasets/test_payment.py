"""Bank data: what follows from the IBAN, and the signature that reaches the API."""

import base64
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.pageclient import form_values, texts

KNOWN = {"iban": "DE02 1203 0000 0000 2020 51"}
STROKES = json.dumps(
    {
        "width": 300,
        "height": 120,
        "strokes": [[[20 + 8 * i, 40 + (i % 5) * 9] for i in range(30)], [[30, 90], [200, 95]]],
    }
)


def test_a_drawn_signature_arrives_as_base64_of_our_own_svg(anna: Any) -> None:
    assert anna.change("payment", **KNOWN, signature=STROKES).status_code == 302
    (body,) = anna.sent()
    root = ET.fromstring(base64.b64decode(body["signature"]["base64SvgSignature"], validate=True))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(root.findall(".//{*}path")) == 2
    assert anna.pending("payment").signature == body["signature"]["base64SvgSignature"]


def test_a_typed_name_does_the_same(anna: Any) -> None:
    assert anna.change("payment", **KNOWN, signature_name="Anna Berger").status_code == 302
    svg = base64.b64decode(anna.sent()[0]["signature"]["base64SvgSignature"], validate=True)
    assert ET.fromstring(svg).findall(".//{*}path")
    assert b"Berger" not in svg


def test_without_a_signature_nothing_is_sent_and_nothing_lost(anna: Any) -> None:
    response = anna.change("payment", **KNOWN, account_holder="A. Berger")
    assert response.status_code == 200
    assert "Please sign in the box or type your name." in texts(response)
    kept = form_values(response)
    assert (kept["iban"], kept["account_holder"]) == (KNOWN["iban"], "A. Berger")
    assert not anna.sent()


def test_leaving_the_signature_out_of_the_form_does_not_help(anna: Any) -> None:
    values = anna.open("payment") | KNOWN
    values = {name: value for name, value in values.items() if not name.startswith("signature")}
    assert anna.send("payment", values).status_code == 200
    assert not anna.sent()


def test_what_was_drawn_survives_an_error_elsewhere(anna: Any) -> None:
    response = anna.change("payment", iban="DE00", signature=STROKES, signature_name="Anna Berger")
    kept = form_values(response)
    assert json.loads(kept["signature"]) == json.loads(STROKES)
    assert kept["signature_name"] == "Anna Berger"


def test_a_signature_alone_changes_nothing(anna: Any) -> None:
    response = anna.change("payment", signature=STROKES)
    assert "this is what your studio already has" in texts(response)
    assert not anna.sent()


def test_no_signature_goes_where_none_is_wanted(jonas: Any) -> None:
    assert jonas.change("payment", **KNOWN, signature=STROKES, signature_name="Jonas").status_code == 302
    assert "signature" not in jonas.sent()[0]


def test_bank_and_bic_follow_a_new_iban(jonas: Any) -> None:
    assert jonas.change("payment", **KNOWN).status_code == 302
    (body,) = jonas.sent()
    assert (body["iban"], body["bic"]) == (KNOWN["iban"], "BYLADEM1001")
    assert "Kreditbank" in body["bankName"]


@pytest.mark.parametrize("empty", [("bic",), ("bank_name",), ("bic", "bank_name")])
def test_what_was_left_empty_is_filled_in(jonas: Any, empty: tuple[str, ...]) -> None:
    assert jonas.change("payment", **KNOWN, **dict.fromkeys(empty, "")).status_code == 302
    (body,) = jonas.sent()
    assert body["bic"]
    assert body["bankName"]


def test_what_was_typed_is_kept_and_a_mismatch_only_warns(jonas: Any) -> None:
    response = jonas.change("payment", **KNOWN, bic="DEUTDEFFXXX", bank_name="My bank")
    assert response.status_code == 302
    (body,) = jonas.sent()
    assert (body["bic"], body["bankName"]) == ("DEUTDEFFXXX", "My bank")
    words = jonas.read("payment/")
    assert "The BIC does not seem to belong to this IBAN" in words
    assert "Your change has taken effect." in words


def test_an_unknown_bank_asks_for_what_it_cannot_know(jonas: Any) -> None:
    unknown = "DE13 1111 1111 0000 0000 00"
    response = jonas.change("payment", iban=unknown, bic="", bank_name="")
    words = texts(response)
    assert response.status_code == 200
    assert "Type the BIC that stands on your statement." in words
    assert "Type its name." in words
    values = form_values(response) | {"bic": "MARKDEF1100", "bank_name": "Some bank"}
    assert jonas.send("payment", values).status_code == 302


def test_the_button_fills_in_without_sending(anna: Any) -> None:
    values = anna.open("payment") | KNOWN | {"account_holder": "A. B.", "signature": STROKES}
    response = anna.send("payment", values, refresh="1")
    assert response.status_code == 200
    kept = form_values(response)
    assert (kept["bic"], kept["account_holder"]) == ("BYLADEM1001", "A. B.")
    assert json.loads(kept["signature"]) == json.loads(STROKES)
    assert "problem" not in texts(response)
    assert not anna.sent()


def test_a_stored_iban_that_breaks_the_rules_can_stand_until_the_api_refuses_it(sign_in: Any) -> None:
    nora = sign_in(1016)
    response = nora.change("payment", account_holder="Nora Sommer")
    assert response.status_code == 200
    assert 'id="id_iban_error"' in response.content.decode()
    assert form_values(response)["account_holder"] == "Nora Sommer"
    assert nora.change("payment", account_holder="Nora Sommer", **KNOWN).status_code == 302


def test_the_iban_is_whole_only_in_the_form(anna: Any) -> None:
    assert anna.open("payment")["iban"] == "DE12 5001 0517 0648 4898 90"
    anna.change("payment", **KNOWN, signature_name="Anna Berger")
    for page in (anna.get(), anna.get("payment/"), anna.get("payment/withdraw/")):
        assert "0517" not in page.content.decode()
        assert "0000 2020" not in page.content.decode()


@pytest.mark.parametrize(
    "hostile",
    [
        "<svg onload=alert(1)>",
        "[]",
        "null",
        "{}",
        '{"width":1}',
        "x" * 200_000,
        '{"width":300,"height":120,"strokes":[[["a",1]]]}',
    ],
)
def test_a_hostile_signature_is_refused_and_never_repeated(anna: Any, hostile: str) -> None:
    response = anna.change("payment", **KNOWN, signature=hostile)
    assert response.status_code == 200
    assert "onload" not in response.content.decode()
    assert form_values(response)["signature"] == ""
    assert not anna.sent()


UNKNOWN = ["DE13 1111 1111 0000 0000 00", "MT84MALT011000012345MTLCAST001S"]


@pytest.mark.parametrize("iban", UNKNOWN)
def test_the_old_bank_never_goes_with_a_new_account(jonas: Any, iban: str) -> None:
    response = jonas.change("payment", iban=iban)
    assert response.status_code == 200
    values = form_values(response)
    assert "We do not know this bank." in texts(response)
    assert "COBADEFFXXX" not in values.values()
    assert not jonas.sent()
    # Somebody who knows that it is the same bank after all can say so.
    assert jonas.send("payment", values, bic="COBADEFFXXX", bank_name="Commerzbank").status_code == 302
    assert jonas.sent()[0]["bic"] == "COBADEFFXXX"


def test_the_button_says_so_when_the_bank_is_not_known(jonas: Any) -> None:
    response = jonas.change("payment", iban=UNKNOWN[0], refresh="1")
    assert "We do not know the bank of this IBAN." in texts(response)
    values = form_values(response)
    assert (values["bic"], values["bank_name"]) == ("", "")
    assert jonas.send("payment", values).status_code == 200
    assert not jonas.sent()


def test_the_same_account_written_otherwise_keeps_its_bank(jonas: Any) -> None:
    held = jonas.values("payment") | {"bic": "DEUTDEFFXXX", "bankName": "My bank"}
    jonas.sandbox.gym.set_values(1002, "payment-data", held)
    response = jonas.change("payment", iban="DE89370400440532013000")
    assert "this is what your studio already has" in texts(response)
    assert not jonas.sent()
