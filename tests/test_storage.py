"""When the database fails: a clear page, nothing lost that was typed, nothing untrue about what was sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import InterfaceError, OperationalError

from selfservice.logs import JsonLines
from selfservice.models import AuditEntry, BrowserSession, SignInChallenge
from selfservice.sessions import SessionStore
from tests.pageclient import form_values, texts
from tests.signin.visitor import ANNA, Visitor, newest_code

PHONE = {"phone_private": "030 23125555"}
OWN = "The portal has a problem of its own"


@pytest.fixture(params=[OperationalError, InterfaceError])
def broken(request: pytest.FixtureRequest) -> Any:
    def fail(*_: Any, **__: Any) -> None:
        raise request.param("database is locked, says canary-4711")

    return fail


@pytest.fixture
def no_sessions(monkeypatch: pytest.MonkeyPatch, broken: Any) -> Any:
    """Return what makes the table of sessions unreadable while it is open."""

    @contextmanager
    def unreadable() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(SessionStore, "load", broken)
            yield

    return unreadable


def test_a_page_says_whose_problem_it_is(anna: Any, no_sessions: Any) -> None:
    with no_sessions():
        response = anna.get("contact/")
    assert response.status_code == 503
    assert OWN in texts(response)
    assert "Go to the start page" in texts(response)
    assert response.headers["X-Request-Id"] in texts(response)


def test_what_was_typed_is_sent_again_by_a_button(anna: Any, no_sessions: Any) -> None:
    values = anna.open("contact")
    with no_sessions():
        response = anna.send("contact", values, **PHONE)
    assert response.status_code == 503
    kept = form_values(response)
    assert kept["phone_private"] == PHONE["phone_private"]
    assert not anna.sent()
    assert anna.send("contact", kept).status_code == 302
    assert len(anna.sent()) == 1


def test_an_address_that_was_typed_for_a_code_is_kept(
    db: None, studios: Any, monkeypatch: pytest.MonkeyPatch, broken: Any
) -> None:
    visitor = Visitor()
    monkeypatch.setattr(SignInChallenge.objects, "update_or_create", broken)
    response = visitor.post("sign-in/", {"email": ANNA})
    assert response.status_code == 503
    assert form_values(response)["email"] == ANNA


def test_only_a_page_of_ours_is_handed_back(anna: Any, no_sessions: Any) -> None:
    anna.client.handler.enforce_csrf_checks = True
    with no_sessions():
        response = anna.client.post(anna.url("contact/"), {"phone_private": "canary-4711"})
    assert response.status_code == 403
    assert "canary-4711" not in response.content.decode()


@pytest.mark.parametrize(("member", "says"), [(1001, "Your request has been sent."), (1002, "has taken effect.")])
def test_a_change_that_arrived_is_told_although_the_session_cannot_be_saved(
    sign_in: Any, monkeypatch: pytest.MonkeyPatch, broken: Any, member: int, says: str
) -> None:
    somebody = sign_in(member)
    values = somebody.open("contact")
    monkeypatch.setattr(SessionStore, "save", broken)
    response = somebody.submit("contact", values, **PHONE)
    assert response.status_code == 200
    assert says in texts(response)
    assert len(somebody.sent()) == 1


def test_a_page_is_shown_although_its_session_cannot_be_saved(
    anna: Any, monkeypatch: pytest.MonkeyPatch, broken: Any
) -> None:
    session = anna.client.session
    session["member"] = session["member"] | {"seen": session["member"]["seen"] - 60}
    session.save()
    monkeypatch.setattr(SessionStore, "save", broken)
    assert "Lindenallee" in texts(anna.get())


def test_whoever_could_not_be_signed_in_is_told_so(
    db: None, studios: Any, monkeypatch: pytest.MonkeyPatch, broken: Any
) -> None:
    visitor = Visitor()
    visitor.ask(ANNA)
    monkeypatch.setattr(SessionStore, "save", broken)
    response = visitor.enter(newest_code())
    assert response.status_code == 503
    assert OWN in texts(response)
    assert not BrowserSession.objects.filter(customer_id=1001).exists()


def test_nothing_of_it_is_logged(anna: Any, no_sessions: Any, caplog: pytest.LogCaptureFixture) -> None:
    with no_sessions():
        anna.get("contact/")
    written = [JsonLines().format(record) for record in caplog.records]
    assert any("the database failed a page" in line for line in written)
    assert not any("canary-4711" in line for line in written)


def test_a_database_that_fails_is_not_taken_for_a_sign_out(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django itself says the same of both when it saves a session."""
    values = anna.open("contact")

    def fails(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(BrowserSession, "save", fails)
    response = anna.submit("contact", values, **PHONE)
    assert response.status_code == 200
    assert "Your request has been sent." in texts(response)


def test_a_sign_out_that_cannot_be_recorded_is_told_as_one(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("selfservice.signin.views.record", fails)
    response = anna.client.post("/berlin-mitte/sign-out/")
    assert response.status_code == 302
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert anna.get().status_code == 302


@pytest.mark.parametrize("broken_part", ["selfservice.sessions.SessionStore.save", "selfservice.signin.entry.record"])
def test_a_sign_in_that_failed_is_in_no_trail_and_costs_no_code(
    db: None, studios: Any, monkeypatch: pytest.MonkeyPatch, broken_part: str
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise OperationalError

    visitor = Visitor()
    visitor.ask(ANNA)
    with monkeypatch.context() as patch:
        patch.setattr(broken_part, fails)
        assert visitor.enter(newest_code()).status_code == 503
        assert not visitor.is_in()
    assert not AuditEntry.objects.exists()
    assert not BrowserSession.objects.filter(customer_id=1001).exists()
    visitor.post("sign-in/code/", {"code": newest_code()})
    visitor.post("sign-in/member/", {"customer": "1001"})
    assert visitor.is_in()
    assert [entry.outcome for entry in AuditEntry.objects.all()] == ["ok"]


def test_a_session_is_written_once_however_often_it_is_saved(
    db: None, studios: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second time could only fail, when the sign-in is recorded and its code is used up."""
    visitor = Visitor()
    visitor.ask(ANNA)
    code, real = newest_code(), DatabaseStore.save
    calls: list[bool] = []

    def once(store: Any, must_create: bool = False) -> None:
        if len(calls) == 2:
            raise OperationalError
        calls.append(must_create)
        real(store, must_create)

    with monkeypatch.context() as patch:
        patch.setattr(DatabaseStore, "save", once)
        assert visitor.enter(code).status_code == 302
    assert calls == [False, True]  # one leads to the other
    assert visitor.is_in()


@pytest.mark.parametrize("path", ["session/", "desk/presence/"])
def test_what_a_script_asks_with_an_old_key_ends_no_newer_session(anna: Any, path: str) -> None:
    """The answer may reach the browser after the one that gave it the new key."""
    BrowserSession.objects.all().delete()
    answer = anna.client.get(f"/berlin-mitte/{path}")
    assert answer.status_code == 200
    assert "session" not in answer.cookies
