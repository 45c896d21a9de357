"""Answers in every shape: what is unknown is tolerated, what is unreadable is said to be so."""

import pickle
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfservice.perfectgym.errors import Garbled
from selfservice.perfectgym.models import (
    Amendment,
    AmendmentConfigurationStatus,
    Customer,
    SelfServiceData,
    StudioInformation,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("parse", [SelfServiceData.parse, Amendment.parse, Customer.parse, StudioInformation.parse])
@pytest.mark.parametrize("body", [None, [], [{}], "text", 1, True])
def test_only_an_object_can_be_read(parse: Callable[[object], object], body: object) -> None:
    with pytest.raises(Garbled):
        parse(body)


@pytest.mark.parametrize("status", list(AmendmentConfigurationStatus))
def test_knows_every_status(status: AmendmentConfigurationStatus) -> None:
    data = SelfServiceData.parse({"amendmentConfigurationStatus": status.value})
    assert data.status is status
    assert data.editable == (status is not AmendmentConfigurationStatus.READ)


@pytest.mark.parametrize("status", ["DEACTIVATED", "read", "", None, 1, ["READ"], {"READ": 1}])
def test_an_unknown_status_is_none_and_not_editable(status: object) -> None:
    for raw in ({"amendmentConfigurationStatus": status}, {}):
        data = SelfServiceData.parse(raw)
        assert data.status is None
        assert not data.editable


@pytest.mark.parametrize("raw", [{}, {"pendingAmendment": None}, {"pendingAmendment": {}}])
def test_nothing_pending(raw: dict[str, Any]) -> None:
    assert SelfServiceData.parse(raw).pending is None


@pytest.mark.parametrize("pending", [[], [{"id": 1}], "x", 0, False, True, 7])
def test_a_pending_amendment_of_the_wrong_type_is_garbled(pending: object) -> None:
    with pytest.raises(Garbled):
        SelfServiceData.parse({"pendingAmendment": pending})


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (0, 0),
        (7, 7),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (-1, None),
        (True, None),
        ("7", None),
        (7.0, None),
        ([], None),
    ],
)
def test_an_amendment_id_is_a_real_number(given: object, read: int | None) -> None:
    pending = SelfServiceData.parse({"pendingAmendment": {"id": given, "city": "Bonn"}}).pending
    assert pending is not None
    assert pending.id == read
    assert pending.values == {"city": "Bonn"}


def test_values_are_everything_but_the_facts_about_the_set() -> None:
    raw = {"id": 1, "iban": "DE", "requireSignature": True, "pendingAmendment": None, "new": {"deep": [1]}, "x": None}
    data = SelfServiceData.parse(raw | {"amendmentConfigurationStatus": "READ"})
    assert data.values == {"iban": "DE", "new": {"deep": [1]}, "x": None}
    data.values["iban"] = "changed"
    assert data.raw["iban"] == "DE"
    assert data.requires_signature


@pytest.mark.parametrize("value", [False, None, "true", 1, {}])
def test_only_a_real_true_requires_a_signature(value: object) -> None:
    assert not SelfServiceData.parse({"requireSignature": value}).requires_signature


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (" a ", " a "), (7, "7"), (1.5, "1.5"), (None, ""), (True, ""), ([], ""), ({"a": 1}, ""), ("", "")],
)
def test_text_is_for_display(value: object, text: str) -> None:
    data = SelfServiceData.parse({"field": value})
    assert data.text("field") == text
    assert data.raw["field"] == value
    assert data.text("missing") == ""


@pytest.mark.parametrize("born", ["", "1990", "19900201", "1990-W05-4", "1990-02-30", "1990-02-01T00:00", 5, None])
def test_no_date_of_birth(born: object) -> None:
    assert Customer.parse({"id": 1, "dateOfBirth": born}).date_of_birth is None


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ({"languageCode": "de", "countryCode": "CH"}, "de-CH"),
        ({"languageCode": "DE", "countryCode": "at"}, "de-AT"),
        ({"languageCode": "en"}, "en"),
        ({"languageCode": "en", "countryCode": 5}, "en"),
        ({"languageCode": "../x"}, None),
        ({"languageCode": 5}, None),
        ({}, None),
        ("de", None),
        (None, None),
    ],
)
def test_preferred_language(given: object, tag: str | None) -> None:
    assert Customer.parse({"id": 1, "preferredLanguage": given}).preferred_language == tag


def test_a_customer() -> None:
    raw = {
        "id": 9,
        "firstName": "Ann",
        "lastName": "Lee",
        "email": ["x"],
        "status": "MEMBER",
        "dateOfBirth": "1990-02-01",
    }
    customer = Customer.parse(raw)
    assert (customer.first_name, customer.last_name, customer.email) == ("Ann", "Lee", "")
    assert (customer.status, customer.customer_number, customer.date_of_birth) == ("MEMBER", "", date(1990, 2, 1))


@pytest.mark.parametrize("body", [{}, {"id": "1"}, {"id": True}])
def test_a_customer_without_an_id_is_garbled(body: object) -> None:
    with pytest.raises(Garbled):
        Customer.parse(body)


@pytest.mark.parametrize("body", [[{}], [None, "x"], [{"id": "1"}]])
def test_nobody_who_is_usable_is_not_nobody(body: object) -> None:
    with pytest.raises(Garbled):
        Customer.parse_list(body)


def test_a_search_passes_over_who_is_not_usable() -> None:
    assert [one.id for one in Customer.parse_list([{}, {"id": 7}, None])] == [7]
    assert Customer.parse_list([]) == []


@pytest.mark.parametrize("body", [{}, None, "x"])
def test_a_search_answer_is_a_list(body: object) -> None:
    with pytest.raises(Garbled):
        Customer.parse_list(body)


@pytest.mark.parametrize("url", ["https://fit.example", "http://fit.example:8080/logo.png?v=1"])
def test_web_addresses(url: str) -> None:
    studio = StudioInformation.parse({"website": url, "logoUrl": url})
    assert (studio.website, studio.logo_url) == (url, url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//fit.example",
        "fit.example",
        "https://",
        "https:///path",
        "https://u:p@fit.example",
        'https://fit.example/"><script>',
        "https://fit.example/a b",
        "java\nscript:alert(1)",
        "https://fit.example/\u202e",
        "https://[fit.example",
        " https://fit.example",
        None,
        5,
        ["https://fit.example"],
    ],
)
def test_no_web_addresses(url: object) -> None:
    studio = StudioInformation.parse({"website": url, "logoUrl": url})
    assert (studio.website, studio.logo_url) == ("", "")


def test_a_studio_can_be_kept_in_a_cache() -> None:
    studio = StudioInformation.parse({"name": "Fit", "email": "a@b.example", "telephone": 49, "countryCode": "DE"})
    assert pickle.loads(pickle.dumps(studio)) == studio
    assert (studio.name, studio.email, studio.telephone, studio.country_code) == ("Fit", "a@b.example", "49", "DE")


def test_repr_holds_no_personal_data() -> None:
    raw = {"id": 9, "email": "secret@b.example", "pendingAmendment": {"id": 1, "email": "secret@c.example"}}
    for one in (SelfServiceData.parse(raw), Customer.parse(raw), Amendment.parse(raw), StudioInformation.parse(raw)):
        assert "secret" not in repr(one)


@given(JSON)
def test_whatever_comes_is_read_or_garbled(body: object) -> None:
    for parse in (SelfServiceData.parse, Amendment.parse, Customer.parse, Customer.parse_list, StudioInformation.parse):
        try:
            parse(body)
        except Garbled:
            continue


@given(st.dictionaries(st.sampled_from(["preferredLanguage", "dateOfBirth", "email", "website", "logoUrl"]), JSON))
def test_whatever_a_value_is_its_property_can_be_read(raw: dict[str, Any]) -> None:
    customer, studio = Customer.parse(raw | {"id": 1}), StudioInformation.parse(raw)
    assert isinstance(customer.email + studio.website + studio.logo_url + (customer.preferred_language or ""), str)
    assert customer.date_of_birth is None or isinstance(customer.date_of_birth, date)
