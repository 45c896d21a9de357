"""Every status × pending × signature: what a data set's page offers, and what it does not."""

import itertools
from typing import Any

import pytest

from tests.pageclient import texts

STATUSES = ["READ", "CHANGES_REQUIRE_VERIFICATION", "CHANGES_WITHOUT_VERIFICATION", "DEACTIVATED"]
CHANGES = {
    "contact": {"phonePrivate": "+49 30 23125999"},
    "address": {"street": "Neue Straße"},
    "master": {"lastName": "Neumann"},
    "payment": {"accountHolder": "Anna Neumann"},
}


@pytest.mark.parametrize(
    ("slug", "status", "pending", "signature"),
    [
        (slug, status, pending, signature)
        for slug, status, pending, signature in itertools.product(CHANGES, STATUSES, [False, True], [None, False, True])
        if slug == "payment" or signature is None
    ],
)
def test_the_status_decides(anna: Any, slug: str, status: str, pending: bool, signature: bool | None) -> None:
    gym = anna.sandbox.gym
    gym.set_status(1001, f"{slug}-data", status)
    if slug == "payment":
        gym.set_require_signature(1001, signature)
    if pending:
        gym.set_pending(1001, f"{slug}-data", CHANGES[slug])
    response = anna.get(f"{slug}/")
    words, html = texts(response), response.content.decode()
    editable = status.startswith("CHANGES")
    assert response.status_code == 200
    assert ('name="basis"' in html) == (editable and not pending)
    assert ("Withdraw my request" in words) == pending
    assert ("Change my request" in words) == (pending and editable)
    assert ('name="signature"' in html) == (slug == "payment" and editable and not pending and signature is True)
    assert ("Only the studio can change this" in words) == (not editable and not pending)
    if editable and not pending:
        at_once = status == "CHANGES_WITHOUT_VERIFICATION"
        assert ("Changes take effect at once" in words) == at_once
        assert ("Save the change" in words) == at_once
        assert ("Send to the studio" in words) == (not at_once)


@pytest.mark.parametrize("slug", CHANGES)
def test_a_waiting_change_shows_current_and_requested(anna: Any, slug: str) -> None:
    anna.sandbox.gym.set_pending(1001, f"{slug}-data", CHANGES[slug])
    (requested,) = CHANGES[slug].values()
    words = anna.read(f"{slug}/")
    assert f"Requested: {requested}" in words
    assert words.count("Requested:") == 1


def test_a_removed_value_is_shown_as_removed(sign_in: Any) -> None:
    words = sign_in(1017).read("contact/")
    assert "Home phone Now: +49 30 23125133 Requested: removed" in words
    assert "Mobile phone Now: not given Requested: +49 171 3920034" in words


def test_a_read_only_set_says_how_to_reach_the_studio(sign_in: Any) -> None:
    words = sign_in(1004).read("address/")
    assert "Kastanienweg" in words
    assert "ask at the desk" in words


def test_unknown_codes_are_shown_as_they_came(sign_in: Any) -> None:
    alex = sign_in(1014)
    assert "DIVERSE" in alex.read("master/")
    values = alex.open("master")
    assert (values["gender"], values["country_of_birth"]) == ("DIVERSE", "XK")
    assert alex.open("address")["country_code"] == "ZZ"


def test_hostile_values_are_only_text(anna: Any) -> None:
    hostile = {
        "street": "<script>alert(1)</script>{{ 7|add:1 }}",
        "zipCode": "1",
        "city": "\u202enilreB" + "x" * 10_000,
        "countryCode": "DE",
    }
    anna.sandbox.gym.set_values(1001, "address-data", hostile)
    html = anna.get("address/").content.decode() + anna.get().content.decode()
    assert "<script>alert" not in html
    assert "{{ 7|add:1 }}" in html


def test_nothing_is_chosen_for_somebody_without_a_value(anna: Any) -> None:
    values = {name: value for name, value in anna.values("master").items() if name not in ("customerTitle", "gender")}
    anna.sandbox.gym.set_values(1001, "master-data", values)
    form = anna.open("master")
    assert form["customer_title"] == ""
    assert "gender" not in form
    response = anna.send("master", form, first_name="Anne")
    assert response.status_code == 200
    assert "choose one" in texts(response)
    assert not anna.sent()
