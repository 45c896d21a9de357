"""Mass assignment: a form sends what it shows, whatever else a browser puts into it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.member import Member

# What would do harm, in the API's names and in those of the portal's own forms.
FOREIGN = {
    "id": "1003",
    "customerId": "1003",
    "customer_id": "1003",
    "amendmentConfigurationStatus": "CHANGES_WITHOUT_VERIFICATION",
    "amendment_configuration_status": "CHANGES_WITHOUT_VERIFICATION",
    "requireSignature": "false",
    "require_signature": "false",
    "pendingAmendment": '{"id": 1}',
    "pending_amendment": '{"id": 1}',
    "status": "MEMBER",
    "accessLocked": "false",
    "access_locked": "false",
    "mandate": '{"reference": "X"}',
    "collection_day": "31",
    "collectionDay": "31",
    "fax_legacy": "+49 30 1",
    "channelConsents": "{}",
    "deliverable": "false",
    "__proto__": "x",
    "constructor": "x",
    "csrfmiddlewaretoken": "x",
    "signature": "x",
    "iban": "DE02120300000000202051",
    "first_name": "Mallory",
    "firstName": "Mallory",
    "street": "Elsewhere",
    "email": "mallory@evil.example",
    "emptied": "id,status,pendingAmendment,__class__",
}
CHANGES = {
    "contact": {"phone_private": "030 23125555"},
    "address": {"street": "Ahornweg"},
    "master": {"last_name": "Keller-Wolf"},
}


@pytest.mark.parametrize("slug", CHANGES)
def test_only_the_fields_of_the_form_reach_perfectgym(jonas: Member, slug: str) -> None:
    form = jonas.open(slug)
    foreign = {name: value for name, value in FOREIGN.items() if name not in form}
    held = jonas.values(slug)
    jonas.send(slug, {**foreign, **form, **CHANGES[slug]})
    (sent,) = jonas.sent()
    own = {"phone_private": "phonePrivate", "street": "street", "last_name": "lastName"}
    changed = {own[name] for name in CHANGES[slug]}
    assert {name for name in sent.keys() | held.keys() if sent.get(name) != held.get(name)} == changed


@pytest.mark.parametrize("slug", CHANGES)
def test_nothing_but_foreign_fields_is_no_change(jonas: Member, slug: str) -> None:
    form = jonas.open(slug)
    jonas.send(slug, {**{name: value for name, value in FOREIGN.items() if name not in form}, **form})
    assert not jonas.sent()


@pytest.mark.parametrize(
    ("slug", "field", "value"),
    [
        ("master", "gender", "ADMIN"),
        ("master", "customer_title", "KING"),
        ("master", "country_of_birth", "ZZ"),
        ("address", "country_code", "XX"),
        ("address", "country_code", "DE'; --"),
    ],
)
def test_a_code_that_was_not_offered_is_refused(jonas: Member, slug: str, field: str, value: str) -> None:
    assert jonas.change(slug, **{field: value}).status_code == 200
    assert not jonas.sent()


def test_a_field_that_comes_twice_counts_once(jonas: Member) -> None:
    form: dict[str, Any] = jonas.open("address")
    jonas.send("address", form | {"street": ["Fichtenweg", "Ahornweg"]})
    assert [body["street"] for body in jonas.sent()] == ["Ahornweg"]


@pytest.mark.parametrize("slug", ["contact", "address", "master", "payment"])
def test_a_set_that_is_only_to_be_read_takes_nothing(sign_in: Any, slug: str) -> None:
    """Neither with made-up fields, nor with what a form sent before the studio closed it, nor as a replacement."""
    paul, jonas = sign_in(1004), sign_in(1002)
    opened = jonas.open(slug)
    jonas.sandbox.gym.set_status(1002, f"{slug}-data", "READ")
    for member in (paul, jonas):
        for extra in ({}, FOREIGN, {"refresh": "1"}, {"replaces": "1"}, {"basis": ""}, {"basis": "." * 30}):
            answer = member.send(slug, opened | CHANGES.get(slug, {"account_holder": "Mallory"}) | extra)
            assert answer.status_code == 403
    assert not jonas.sent()
