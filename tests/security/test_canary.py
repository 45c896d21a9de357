"""A marked value in every field and every answer: afterwards it stands nowhere but at PerfectGym and on the page."""

from __future__ import annotations

import logging
import logging.config
import pickle
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import models

from selfservice import counters
from selfservice.datasets import service, viewing
from selfservice.perfectgym import client as perfectgym
from selfservice.perfectgym.client import Deadline
from selfservice.studios.studio import Studio
from tests.datasets.conftest import wait_for_mails
from tests.member import Member
from tests.signin.visitor import Visitor, newest_code

CANARY = "Zq7Canary"
# What looks like a phone number, an account and an address, so that it passes the checks of its field.
MARKED = {
    "email": f"{CANARY}@example.com",
    "phone": "+49 171 7654321",
    "iban": "DE02 1203 0000 0000 2020 51",
    "bic": "BYLADEM1001",
    "date": "1977-07-17",
}
TYPED = {
    "contact": {"phone_private": "+49 171 7654321", "phone_business": CANARY},
    "address": {"street": CANARY, "city": CANARY, "additional_address_information": f"{CANARY} <b>"},
    "master": {"first_name": CANARY, "last_name": CANARY, "date_of_birth_day": "17", "gender": CANARY},
    "payment": {"account_holder": CANARY, "iban": MARKED["iban"], "bic": CANARY, "signature_name": CANARY},
}
SECRETS = [CANARY, CANARY.lower(), "7654321", "2020 51", "202051", "sandbox-berlin", settings.SECRET_KEY]
FAULTS: list[dict[str, Any]] = [
    {"fault": "latency", "seconds": 0},
    {"fault": "status", "status": 500, "body": {"errorMessage": CANARY, "errorCode": CANARY, "traceId": "t-1"}},
    {"fault": "status", "status": 400, "body": {"errorMessage": f"no {CANARY}", "reference": "street"}},
    {"fault": "status", "status": 409, "body": {"errorMessage": CANARY}},
    {"fault": "status", "status": 418, "body": CANARY},
    {"fault": "reset-after"},
    {"fault": "reset-before"},
    {"fault": "stall", "seconds": 2},
    {"fault": "wrong-types"},
    {"fault": "html"},
    {"fault": "redirect", "location": f"https://{CANARY}.example/{CANARY}"},
    {"fault": "set-cookie"},
]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Return what an operator who wants to know everything would read: every logger, in the configured format."""
    for name in ("", "django", "selfservice", "gunicorn"):
        caplog.set_level(logging.DEBUG, logger=name)
    logs: dict[str, Any] = deepcopy(settings.LOGGING)  # configuring takes the dictionary apart
    configured = logging.config.DictConfigurator(logs)
    names = {handler["formatter"] for handler in logs["handlers"].values() if "formatter" in handler}
    formatters = [configured.configure_formatter(logs["formatters"][name]) for name in sorted(names)]
    assert formatters
    return lambda: "\n".join(each.format(record) for each in formatters for record in caplog.records)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that wait half a second for PerfectGym."""
    monkeypatch.setattr(viewing, "PAGE_SECONDS", 0.5)
    monkeypatch.setattr(service, "LOOKS", (0.0, 0.01))


def stored() -> str:
    """Return all that is kept anywhere: every table, sessions unpacked, the cache, the counters."""
    tables = [str(list(model._default_manager.values())) for model in _models()]
    kept = [pickle.loads(value) for value in cache._cache.values()]  # type: ignore[attr-defined]
    named = str(list(cache._cache))  # type: ignore[attr-defined]
    return "\n".join([*tables, *_sessions(), str(kept), named, str(vars(counters.in_memory().storage))])


def _models() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def _sessions() -> list[str]:
    rows = [row for model in _models() if hasattr(model, "get_decoded") for row in model._default_manager.all()]
    return [str(row.get_decoded()) for row in rows]


def clean(text: str) -> None:
    """Fail when anything marked is in a text."""
    assert not [secret for secret in SECRETS if secret in text]


def spoil(member: Member) -> None:
    """Mark every value that PerfectGym holds, and everything that waits."""
    for slug in TYPED:
        held = {name: _marked(name) for name in member.values(slug)}
        member.sandbox.gym.set_values(member.customer_id, f"{slug}-data", held)


def _marked(name: str) -> str:
    kinds = {"email": "email", "iban": "iban", "bic": "bic", "dateOfBirth": "date", "countryCode": "country"}
    kind = "phone" if name.startswith("phone") else kinds.get(name, "")
    return {"country": "DE", "": CANARY, **MARKED}[kind]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['fault']} {fault.get('status', '')}".strip())
@pytest.mark.parametrize("slug", TYPED)
def test_a_value_leaves_no_trace(
    jonas: Member, lines: Callable[[], str], short_pages: None, slug: str, fault: dict[str, Any]
) -> None:
    spoil(jonas)
    form = jonas.open(slug)
    jonas.get(f"{slug}/withdraw/")
    for method in ("POST", "GET"):
        jonas.sandbox.faults.add(**fault, method=method, path="*-data")
        jonas.send(slug, form | TYPED[slug])
        jonas.send(slug, form | {"street": CANARY, "phone_private": MARKED["phone"], "last_name": CANARY})
        jonas.get()
    jonas.sandbox.faults.clear()
    wait_for_mails()
    clean(lines())
    clean(stored())


@pytest.mark.parametrize("slug", TYPED)
def test_an_error_of_the_portal_itself_shows_nothing(
    jonas: Member, lines: Callable[[], str], monkeypatch: pytest.MonkeyPatch, slug: str
) -> None:
    spoil(jonas)
    form = jonas.open(slug)
    jonas.client.raise_request_exception = False
    for place in ("datasets.service.load", "datasets.views.Submission", "datasets.base.DataSetForm.is_valid"):
        with monkeypatch.context() as patch:
            patch.setattr(f"selfservice.{place}", broken)
            response = jonas.send(slug, form | TYPED[slug])
            assert response.status_code == 500
            assert CANARY not in response.content.decode()
            jonas.get(f"{slug}/")
    assert "RuntimeError" in lines()
    clean(lines())
    clean(stored())


def broken(*_: Any, **__: Any) -> Any:
    """Fail as a mistake of ours would."""
    raise RuntimeError("a mistake")


def test_signing_in_leaves_no_trace_of_the_address(visitor: Visitor, sandbox: Any, lines: Callable[[], str]) -> None:
    held = sandbox.gym.values(1001, "contact-data")
    sandbox.gym.set_values(1001, "contact-data", held | {"email": MARKED["email"]})
    visitor.ask(MARKED["email"])
    code = newest_code()
    visitor.enter("00000000")
    sandbox.faults.add("status", status=503, path="*/search", count=9, body={"errorMessage": CANARY})
    visitor.enter(code)
    sandbox.faults.clear()
    visitor.post("sign-in/member/")
    assert visitor.is_in()
    visitor.get("profile/")
    visitor.post("sign-out/")
    for text in (lines(), stored()):
        clean(text)
        assert code not in text
        assert f"{code[:4]} {code[4:]}" not in text


def test_a_mail_server_that_quotes_is_not_quoted(
    visitor: Visitor, lines: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> int:
        raise LookupError(f"550 5.1.1 <{MARKED['email']}>: no such user")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert visitor.ask(MARKED["email"]).status_code == 503
    assert "LookupError" in lines()
    clean(lines())
    clean(stored())


def test_a_studio_in_a_message_shows_no_key(studios: dict[str, Studio]) -> None:
    for studio in studios.values():
        clean(f"{studio} {studio!r} {studio.gym} {studio.gym!r} {studios}")


def test_every_address_of_the_log_is_a_template(jonas: Member, lines: Callable[[], str]) -> None:
    jonas.change("contact", phone_private="030 23125555")
    deadline = Deadline.after(1)
    jonas.sandbox.faults.add("redirect", location="/v1/customers/1002")
    with pytest.raises(Exception, match="redirect"):
        perfectgym.GymClient(jonas.sandbox.base_url, "sandbox-berlin", cache).customer(
            1002, language="de", deadline=deadline
        )
    assert "/customers/{customerId}" in lines()
    assert "/customers/1002" not in lines()
