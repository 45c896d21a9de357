"""The submit algorithm, step by step, over real HTTP against the simulated API."""

from typing import Any

import pytest
from django.db import DatabaseError

from selfservice.models import AuditEntry
from tests.datasets.conftest import wait_for_mails, wait_for_notices
from tests.pageclient import form_values, texts

NEW = {"phone_private": "030 23125555"}
CONTACT = "/v1/customers/1001/self-service/contact-data"


def test_a_change_that_is_checked_first_waits_and_says_so(anna: Any) -> None:
    response = anna.change("contact", **NEW)
    assert response.status_code == 302
    assert response.headers["Location"] == anna.url("contact/")
    words = anna.read("contact/")
    assert "Your request has been sent." in words
    assert "Now: not given Requested: +49 30 23125555" in words
    assert "phonePrivate" not in anna.values("contact")
    assert "Your request has been sent." not in anna.read("contact/")


def test_a_change_at_once_is_in_effect_and_says_so(jonas: Any) -> None:
    assert jonas.change("contact", **NEW).status_code == 302
    words = jonas.read()
    assert "Your change has taken effect." in words
    assert "+49 30 23125555" in words
    assert jonas.values("contact")["phonePrivate"] == "+49 30 23125555"


def test_every_data_set_can_be_changed(jonas: Any) -> None:
    assert jonas.change("address", street="Neue Straße").status_code == 302
    assert jonas.change("master", last_name="Neumann").status_code == 302
    assert jonas.change("payment", account_holder="J. Neumann").status_code == 302
    assert jonas.values("address")["street"] == "Neue Straße"
    assert jonas.values("master")["lastName"] == "Neumann"
    assert jonas.values("payment")["accountHolder"] == "J. Neumann"


def test_a_rejected_form_keeps_what_was_typed_and_says_it_beside_the_field(anna: Any) -> None:
    response = anna.change("contact", phone_private="12", email="neu@example.com")
    assert response.status_code == 200
    html = response.content.decode()
    assert "<title>Error: " in html
    assert 'value="12"' in html
    assert 'value="neu@example.com"' in html
    assert 'aria-invalid="true"' in html
    assert "There is a problem with what you entered" in html
    assert not anna.sent()


@pytest.mark.parametrize(
    ("slug", "typed", "message"),
    [
        ("contact", {"email": "not an address"}, "e-mail address"),
        ("contact", {"email": "a@b.example,c@d.example"}, "e-mail address"),
        ("contact", {"phone_business": "call me"}, "digits"),
        ("address", {"street": ""}, "fill this in"),
        ("address", {"zip_code": "1234"}, "postcode"),
        ("address", {"city": "x" * 300}, "255"),
        ("address", {"country_code": "QQ"}, "Choose a country"),
        ("master", {"first_name": "  "}, "fill this in"),
        ("master", {"date_of_birth_day": "31", "date_of_birth_month": "2"}, "does not exist"),
        ("master", {"date_of_birth_year": "2999"}, "future"),
        ("master", {"gender": "ROBOT"}, "choose one"),
        ("master", {"last_name": "Mal\u202eory"}, "character"),
        ("payment", {"iban": "DE12 5001 0517 0648 4898 91"}, "typing mistake"),
        ("payment", {"iban": "XX12"}, "IBAN"),
        ("payment", {"bic": "NOPE"}, "BIC"),
        ("payment", {"account_holder": ""}, "fill this in"),
    ],
)
def test_bad_input_gets_a_message_and_the_rest_is_kept(
    jonas: Any, slug: str, typed: dict[str, str], message: str
) -> None:
    before = jonas.open(slug)
    response = jonas.send(slug, before, **typed)
    assert response.status_code == 200
    assert message.lower() in texts(response).lower()
    kept = form_values(response)
    assert {name: kept[name] for name in before if name not in (*typed, "csrfmiddlewaretoken")} == {
        name: value for name, value in before.items() if name not in (*typed, "csrfmiddlewaretoken")
    }
    assert not jonas.sent()


def test_an_untouched_legacy_value_passes_and_arrives_as_it_came(sign_in: Any) -> None:
    nora = sign_in(1016)
    assert nora.change("contact", email="nora.neu@example.com").status_code == 302
    (body,) = nora.sent()
    assert body["phonePrivate"] == "+49 00000000"
    assert body["phoneBusiness"] == "030/123 45-6 (AB)"
    assert body["email"] == "nora.neu@example.com"


def test_a_status_that_is_read_only_by_now_refuses_and_keeps_what_was_typed(anna: Any) -> None:
    values = anna.open("contact")
    anna.sandbox.gym.set_status(1001, "contact-data", "READ")
    response = anna.send("contact", values, **NEW)
    assert response.status_code == 403
    assert "Your entry was not sent" in texts(response)
    assert "030 23125555" in texts(response)
    assert not anna.sent()


def test_a_change_that_waits_by_now_comes_first_and_keeps_what_was_typed(anna: Any) -> None:
    values = anna.open("contact")
    anna.sandbox.gym.set_pending(1001, "contact-data", {"phoneBusiness": "+49 30 23125111"})
    response = anna.send("contact", values, **NEW)
    assert response.status_code == 409
    words = texts(response)
    assert "Another change is already waiting" in words
    assert "030 23125555" in words
    assert "+49 30 23125111" in words
    assert not anna.sent()


def test_what_changed_meanwhile_is_shown_and_asked_again(anna: Any) -> None:
    values = anna.open("address")
    anna.sandbox.gym.set_values(1001, "address-data", anna.values("address") | {"street": "Vom Studio geändert"})
    response = anna.send("address", values, house_number="99")
    assert response.status_code == 409
    words = texts(response)
    assert "was changed while this page was open" in words
    assert "House number Now: 12a Your entry: 99" in words
    again = form_values(response)
    assert again["street"] == "Vom Studio geändert"
    assert again["house_number"] == "99"
    assert not anna.sent()
    assert anna.send("address", again).status_code == 302
    (body,) = anna.sent()
    assert (body["street"], body["houseNumber"]) == ("Vom Studio geändert", "99")


def test_a_form_without_a_basis_is_asked_again(anna: Any) -> None:
    values = anna.open("contact")
    for basis in ("", "x.y", values["basis"][:-1] + "!", "." * 400):
        assert anna.send("contact", values | {"basis": basis}, **NEW).status_code == 409
    assert not anna.sent()


def test_the_basis_of_another_member_is_worth_nothing(anna: Any, sign_in: Any) -> None:
    foreign = anna.open("contact")["basis"]
    anna.sandbox.gym.set_values(1002, "contact-data", anna.values("contact"))
    jonas = sign_in(1002)
    values = jonas.open("contact")
    assert jonas.send("contact", values | {"basis": foreign}, **NEW).status_code == 409


def test_nothing_changed_sends_nothing(anna: Any) -> None:
    for slug in ("contact", "address", "master"):
        response = anna.change(slug)
        assert response.status_code == 200
        assert "this is what your studio already has" in texts(response)
    assert not anna.sent()
    assert not AuditEntry.objects.exists()


def test_an_iban_with_other_blanks_is_no_change(jonas: Any) -> None:
    response = jonas.change("payment", iban="de89370400440532013000")
    assert "this is what your studio already has" in texts(response)
    assert not jonas.sent()


def test_fields_nobody_knows_and_nobody_showed_travel_back_as_they_came(jonas: Any) -> None:
    odd = {
        "street": " Alte  Gasse ",
        "floorPlan": {"a": [1, None]},
        "streetBlock": "B 7",
        "empty": "",
        "nothing": None,
        "number": 7,
    }
    stored = jonas.values("address") | odd
    jonas.sandbox.gym.set_values(1002, "address-data", stored)
    assert jonas.change("address", city="Potsdam").status_code == 302
    (body,) = jonas.sent()
    kept = {name: value for name, value in stored.items() if name not in ("empty", "nothing", "city")}
    assert {name: body.get(name) for name in kept} == kept
    assert body["city"] == "Potsdam"
    assert set(body) & {"empty", "nothing", "id", "pendingAmendment", "amendmentConfigurationStatus"} == set()


def test_a_field_missing_from_the_form_is_left_alone(jonas: Any) -> None:
    values = jonas.open("contact")
    del values["phone_private"]
    assert jonas.send("contact", values, email="jk@example.com").status_code == 302
    assert jonas.sent()[0]["phonePrivate"] == "+49 30 23125120"


def test_a_cleared_optional_field_is_left_out(jonas: Any) -> None:
    assert jonas.change("contact", phone_private="").status_code == 302
    assert "phonePrivate" not in jonas.sent()[0]
    assert "phonePrivate" not in jonas.values("contact")


def test_nothing_but_fields_can_be_set(jonas: Any) -> None:
    assert (
        jonas.change("contact", **NEW, id="5", customerId="1001", requireSignature="false", fax="1").status_code == 302
    )
    (body,) = jonas.sent()
    assert not {"id", "customerId", "requireSignature", "fax"} & set(body)
    assert [call.path for call in jonas.sandbox.requests if call.method == "POST"] == [
        "/v1/customers/1002/self-service/contact-data"
    ]


def test_a_refusal_stands_beside_its_field(jonas: Any) -> None:
    body = {"errorMessage": "This mobile number is barred.", "reference": "phonePrivateMobile"}
    jonas.sandbox.faults.add("status", method="POST", status=400, body=body)
    response = jonas.change("contact", phone_private_mobile="+49 171 3920099")
    assert response.status_code == 200
    html = response.content.decode()
    assert html.index("This mobile number is barred.", html.index("id_phone_private_mobile_error")) > 0
    assert form_values(response)["phone_private_mobile"] == "+49 171 3920099"


def test_a_refusal_without_a_field_stands_above_the_form(jonas: Any) -> None:
    jonas.sandbox.faults.add("status", method="POST", status=400, body={"errorMessage": "Not today."})
    response = jonas.change("contact", **NEW)
    assert response.status_code == 200
    assert "The studio's system did not accept the change. Nothing was changed. Not today." in texts(response)
    assert form_values(response)["phone_private"] == NEW["phone_private"]


def test_a_conflict_says_what_is_there_now(anna: Any) -> None:
    anna.sandbox.faults.add("status", method="POST", status=409)
    response = anna.change("contact", **NEW)
    assert response.status_code == 409
    assert "Your entry was not sent" in texts(response)
    assert form_values(response)["phone_private"] == NEW["phone_private"]


def test_the_trail_has_attempt_and_outcome_without_values(anna: Any) -> None:
    anna.change("contact", **NEW)
    attempt, outcome = AuditEntry.objects.order_by("pk")
    assert (attempt.action, attempt.actor, attempt.customer_id, attempt.data_set) == (
        "change",
        "member",
        1001,
        "contact",
    )
    assert (attempt.fields, attempt.outcome, outcome.outcome) == (["phonePrivate"], "", "pending")
    assert outcome.attempt == attempt
    assert outcome.amendment_id == anna.pending("contact").id
    assert "23125555" not in str(list(AuditEntry.objects.values()))


def test_without_a_trail_nothing_is_sent(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError

    values = anna.open("contact")
    monkeypatch.setattr("selfservice.audit.record", broken)
    response = anna.send("contact", values, **NEW)
    assert response.status_code == 503
    assert "nothing was sent" in texts(response)
    assert form_values(response)["phone_private"] == NEW["phone_private"]
    assert not anna.sent()


def test_an_outcome_that_cannot_be_written_undoes_nothing(
    anna: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("selfservice.audit.close", broken)
    assert anna.change("contact", **NEW).status_code == 302
    assert "could not be written: pending" in caplog.text


def test_a_mail_confirms_without_values(anna: Any) -> None:
    anna.change("contact", phone_private="030 23125555")
    (message,) = wait_for_mails()
    assert message.to == ["anna.berger@example.com"]
    assert message.subject == "Fit Berlin Mitte: change requested (Contact)"
    assert "23125555" not in message.body


def test_a_mail_that_cannot_be_sent_undoes_nothing(anna: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert anna.change("contact", **NEW).status_code == 302
    wait_for_mails()


def test_a_missing_csrf_token_is_explained(anna: Any) -> None:
    anna.client.handler.enforce_csrf_checks = True
    response = anna.client.post(anna.url("contact/"), NEW)
    assert response.status_code == 403
    assert "We could not make sure that this came from you" in texts(response)
    assert "Fit Berlin Mitte" in texts(response)


def test_a_second_click_is_told_what_the_first_one_did(anna: Any, jonas: Any) -> None:
    values = jonas.open("contact")
    assert jonas.send("contact", values, **NEW).status_code == 302
    jonas.read()
    assert jonas.send("contact", values, **NEW).status_code == 302
    assert "Your change has taken effect." in jonas.read()
    assert len(jonas.sent()) == 1


def test_a_second_click_on_what_waits_is_told_so(anna: Any) -> None:
    values = anna.open("contact")
    for _ in range(2):
        assert anna.send("contact", values, **NEW).status_code == 302
        assert "Your request has been sent." in anna.read("contact/")
    assert len(anna.sent()) == 1
    assert len(wait_for_mails()) == 1


def test_when_the_session_has_ended_it_says_so_and_leads_back(anna: Any) -> None:
    values = anna.open("contact")
    anna.client.cookies.pop("session")
    response = anna.send("contact", values, **NEW)
    assert response.headers["Location"] == "/berlin-mitte/sign-in/?next=%2Fberlin-mitte%2Fprofile%2Fcontact%2F"
    assert "Your sign-in has ended, so nothing was sent." in texts(anna.client.get(response.headers["Location"]))
    assert not anna.sent()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "ANSWER", "PAGE", "SETUP", "__CLASS__"])
def test_other_methods_are_refused(anna: Any, method: str) -> None:
    for path, allowed in (("", "GET, HEAD"), ("contact/", "GET, HEAD, POST"), ("contact/withdraw/", "GET, HEAD, POST")):
        response = anna.client.generic(method, anna.url(path))
        assert response.status_code == 405
        assert response.headers["Allow"] == allowed
    assert anna.client.head(anna.url("contact/")).status_code == 200


def test_without_an_address_it_warns(jonas: Any) -> None:
    assert jonas.change("contact", email="").status_code == 302
    assert "you can't sign in here again" in jonas.read()
    assert "email" not in jonas.sent()[0]


def test_the_notice_goes_to_the_address_before_the_change(jonas: Any) -> None:
    for number in range(3):
        jonas.change("contact", email=f"jonas{number}@example.com")
    addressees = [message.to for message in wait_for_notices()]
    assert addressees == [["jonas.keller@example.com"], *([f"jonas{number}@example.com"] for number in range(2))]


@pytest.mark.parametrize("fault", [("status", {"status": 500, "count": 9}), ("stall", {"seconds": 9, "count": 9})])
def test_without_the_customer_the_notice_goes_to_the_contact_address(
    jonas: Any, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    monkeypatch.setattr("selfservice.datasets.notification.PATIENCE", 0.2)
    jonas.sandbox.faults.add(fault[0], path="/v1/customers/1002", **fault[1])
    assert jonas.change("contact", email="neu@example.com").status_code == 302
    jonas.sandbox.faults.clear()
    (message,) = wait_for_notices()
    assert message.to == ["jonas.keller@example.com"]
