"""The nine self-service operations as the contract describes them."""

from __future__ import annotations

from typing import Any

import pytest

from selfservice.sandbox import Sandbox
from tests.sandbox.client import MADRID, Ask

SETS = ["contact-data", "address-data", "master-data", "payment-data"]
SERVER_OWNED = ("amendmentConfigurationStatus", "pendingAmendment", "requireSignature", "id")


def path(customer_id: int, data_set: str) -> str:
    return f"/v1/customers/{customer_id}/self-service/{data_set}"


def body_of(values: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {name: value for name, value in {**values, **changes}.items() if name not in SERVER_OWNED}


@pytest.mark.parametrize("data_set", SETS)
def test_get_answers_values_status_and_properties_nobody_documented(ask: Ask, data_set: str) -> None:
    answer = ask("GET", path(1001, data_set)).json

    assert answer["amendmentConfigurationStatus"] == "CHANGES_REQUIRE_VERIFICATION"
    assert "pendingAmendment" not in answer
    assert any(isinstance(value, (dict, list)) for value in answer.values())


@pytest.mark.parametrize("data_set", SETS)
def test_a_request_waits_and_leaves_the_current_values(ask: Ask, signature: dict[str, str], data_set: str) -> None:
    before = ask("GET", path(1001, data_set)).json
    changed = "accountHolder" if data_set == "payment-data" else "firstName" if data_set == "master-data" else "city"
    body = body_of(before, **{changed: "Changed"}, signature=signature)

    amendment = ask("POST", path(1001, data_set), body)

    assert amendment.status == 200
    assert amendment.json["id"] > 2**53
    assert amendment.json[changed] == "Changed"
    after = ask("GET", path(1001, data_set)).json
    assert after.pop("pendingAmendment") == amendment.json
    assert after == before


@pytest.mark.parametrize("data_set", SETS)
def test_a_request_without_verification_is_current_at_once(ask: Ask, data_set: str) -> None:
    before = ask("GET", path(1002, data_set)).json
    changed = {"contact-data": "email", "address-data": "street", "master-data": "lastName"}.get(data_set, "bankName")

    amendment = ask("POST", path(1002, data_set), body_of(before, **{changed: "Changed"})).json

    after = ask("GET", path(1002, data_set)).json
    assert after == {**before, changed: "Changed"}
    assert amendment["id"] > 2**53


def test_the_whole_set_is_replaced_also_what_nobody_knows(ask: Ask) -> None:
    ask("POST", path(1002, "contact-data"), {"email": "new@example.com", "later": {"deep": [1, None, 2**60]}})

    answer = ask("GET", path(1002, "contact-data")).json

    assert answer == {
        "email": "new@example.com",
        "later": {"deep": [1, None, 2**60]},
        "amendmentConfigurationStatus": "CHANGES_WITHOUT_VERIFICATION",
    }


def test_what_only_the_server_sets_can_not_be_requested(ask: Ask) -> None:
    body = {"email": "a@example.com", "id": 1, "amendmentConfigurationStatus": "READ", "pendingAmendment": {"id": 4}}

    ask("POST", path(1002, "contact-data"), body)

    answer = ask("GET", path(1002, "contact-data")).json
    assert answer == {"email": "a@example.com", "amendmentConfigurationStatus": "CHANGES_WITHOUT_VERIFICATION"}


def test_null_leaves_an_optional_value_out(ask: Ask) -> None:
    ask("POST", path(1002, "contact-data"), {"email": "a@example.com", "phonePrivate": None})

    assert "phonePrivate" not in ask("GET", path(1002, "contact-data")).json


def test_payment_keeps_the_signature_for_the_studio_but_never_answers_it(
    ask: Ask, sandbox: Sandbox, signature: dict[str, str]
) -> None:
    current = ask("GET", path(1001, "payment-data")).json

    amendment = ask("POST", path(1001, "payment-data"), body_of(current, bankName="N", signature=signature)).json

    assert amendment["requireSignature"] is True
    assert "signature" not in amendment
    assert "signature" not in ask("GET", path(1001, "payment-data")).json["pendingAmendment"]
    pending = sandbox.gym.pending(1001, "payment-data")
    assert pending is not None
    assert pending.signature == signature["base64SvgSignature"]


def test_require_signature_may_be_missing(ask: Ask) -> None:
    assert "requireSignature" not in ask("GET", path(1019, "payment-data")).json


@pytest.mark.parametrize("customer_id", [1003, 1013])
def test_withdraw_drops_the_amendment_also_beside_read(ask: Ask, customer_id: int) -> None:
    amendment_id = ask("GET", path(customer_id, "master-data")).json["pendingAmendment"]["id"]

    withdrawn = ask("DELETE", path(customer_id, f"amendment/{amendment_id}"))

    assert (withdrawn.status, withdrawn.body) == (200, b"")
    assert "pendingAmendment" not in ask("GET", path(customer_id, "master-data")).json
    assert ask("DELETE", path(customer_id, f"amendment/{amendment_id}")).status == 404


def test_only_the_customers_own_amendment_can_be_withdrawn(ask: Ask, sandbox: Sandbox) -> None:
    amendment_id = ask("GET", path(1003, "contact-data")).json["pendingAmendment"]["id"]

    assert ask("DELETE", path(1001, f"amendment/{amendment_id}")).status == 404
    assert ask("DELETE", path(1003, f"amendment/{amendment_id}"), key=MADRID).status == 404
    assert sandbox.gym.pending(1003, "contact-data") is not None


def test_after_withdrawing_another_request_is_possible(ask: Ask) -> None:
    assert ask("POST", path(1003, "contact-data"), {"email": "x@example.com"}).status == 409
    amendment_id = ask("GET", path(1003, "contact-data")).json["pendingAmendment"]["id"]
    ask("DELETE", path(1003, f"amendment/{amendment_id}"))

    assert ask("POST", path(1003, "contact-data"), {"email": "x@example.com"}).json["id"] != amendment_id
