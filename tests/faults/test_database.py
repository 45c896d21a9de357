"""The database is locked, full or away: a clear page with what was typed, or a page that does without; never a 500."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from django.db import OperationalError, connection
from django.utils.crypto import get_random_string

from selfservice import audit
from selfservice.models import BrowserSession
from tests.faults.conftest import Serve
from tests.faults.serving import Api, Portal
from tests.faults.visiting import Visitor, held
from tests.member import Member
from tests.pageclient import PageClient, form_values, texts

ANNA, NUMBER = 1001, "+49 30 23125555"
OWN = "The portal has a problem of its own"


@contextmanager
def locked(portal: Portal) -> Iterator[None]:
    """Let another program write to the database all the while."""
    database = sqlite3.connect(portal.database, timeout=10, isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        database.execute("ROLLBACK")
        database.close()


@contextmanager
def away(portal: Portal) -> Iterator[None]:
    """Take the database away; what is found in its place is empty."""
    names = [portal.database.with_name(portal.database.name + end) for end in ("", "-wal", "-shm")]
    taken = [(name, name.with_suffix(".away" + name.suffix)) for name in names if name.exists()]
    for name, elsewhere in taken:
        name.rename(elsewhere)
    try:
        yield
    finally:
        for name in names:
            name.unlink(missing_ok=True)
        for name, elsewhere in taken:
            elsewhere.rename(name)


def test_while_it_is_locked_members_read_and_nothing_typed_is_lost(api: Api, serve: Serve) -> None:
    anna = Visitor(serve(), ANNA)
    values = form_values(anna.get("contact/")) | {"phone_private": NUMBER}
    with locked(anna.portal):
        started = time.monotonic()
        assert "Lindenallee" in anna.read()
        assert time.monotonic() - started < 1
        answer = anna.send("contact", values)
    assert answer is not None
    assert answer.status_code == 503
    assert "nothing was sent" in texts(answer)
    assert held(api, ANNA, "phonePrivate")[0] is None
    again = anna.send("contact", form_values(answer))
    assert again is not None
    assert again.status_code == 302
    assert held(api, ANNA, "phonePrivate")[0] == NUMBER


def test_while_it_is_locked_an_address_that_was_typed_is_kept(serve: Serve) -> None:
    portal = serve()
    url = f"http://127.0.0.1:{portal.port}/berlin-mitte/sign-in/"
    with requests.Session() as browser:
        form = form_values(browser.get(url)) | {"email": "anna.berger@example.com"}
        with locked(portal):
            answer = browser.post(url, form, allow_redirects=False)
        assert answer.status_code == 503
        assert OWN in texts(answer)
        kept = form_values(answer)
        assert kept["email"] == "anna.berger@example.com"
        assert browser.post(url, kept, allow_redirects=False).status_code == 302


def test_while_it_is_away_pages_say_so_and_nothing_typed_is_lost(api: Api, serve: Serve) -> None:
    anna = Visitor(serve(), ANNA)
    values = form_values(anna.get("contact/")) | {"phone_private": NUMBER}
    with away(anna.portal):
        page, answer = anna.get(), anna.send("contact", values)
        assert page.status_code == 503
        assert OWN in texts(page)
        assert "Fit Berlin Mitte" in texts(page)
        assert requests.get(f"http://127.0.0.1:{anna.portal.port}/healthz", timeout=5).status_code == 200
    assert answer is not None
    assert answer.status_code == 503
    assert held(api, ANNA, "phonePrivate")[0] is None
    again = anna.send("contact", form_values(answer))
    assert again is not None
    assert again.status_code == 302
    assert "Traceback" not in anna.portal.log()


@pytest.fixture
def full_disk(transactional_db: None) -> Any:
    """Return what fills the database up to its last page while it is open."""

    @contextmanager
    def full() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            (pages,) = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            for write in (_a_session, _a_session, _an_entry):
                _until_full(write)
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA max_page_count = 1000000")

    return full


def _until_full(write: Callable[[], object]) -> None:
    for _ in range(5000):
        try:
            write()
        except OperationalError:
            return
    raise AssertionError("the database never was full")


def _a_session() -> object:
    return BrowserSession.objects.create(
        session_key=get_random_string(32), session_data="x" * 500, expire_date="2099-01-01T00:00Z"
    )


def _an_entry() -> object:
    return audit.record(audit.Action.SIGN_OUT, studio="berlin-mitte", actor="member", customer_id=1)


@pytest.mark.django_db(transaction=True)
def test_when_the_disk_is_full_nothing_is_sent_and_nothing_typed_is_lost(
    full_disk: Any, studios: object, sandbox: Any
) -> None:
    anna = Member(PageClient(enforce_csrf_checks=False), sandbox, ANNA, "berlin-mitte")
    values = anna.open("contact")
    with full_disk():
        assert "Lindenallee" in anna.read()
        response = anna.submit("contact", values, phone_private=NUMBER)
        assert response.status_code == 503
        assert form_values(response)["phone_private"] == NUMBER
        assert not anna.sent()
    assert anna.submit("contact", form_values(response)).status_code == 302
