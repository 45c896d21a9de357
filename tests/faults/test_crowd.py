"""How much there is room for, and what a page that there is no room for says."""

import runpy
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from selfservice import crowd
from selfservice.datasets import notification, service
from selfservice.datasets.contact import CONTACT
from selfservice.perfectgym import pace, transport
from selfservice.perfectgym.errors import NotFound
from tests.member import Member
from tests.pageclient import PageClient, form_values, texts

CONFIGURATION = Path(__file__).parents[2] / "portal" / "gunicorn.py"
SAYS = "So many people are here at the moment that we could not begin with this page. Nothing was changed."


def test_the_numbers_fit_together() -> None:
    threads = runpy.run_path(str(CONFIGURATION))["threads"]
    assert threads - crowd.PAGES >= 16  # for probes and files
    assert 4 * threads == transport.THREADS
    assert notification.ASKERS >= crowd.PAGES
    assert crowd.PAGES_OF_A_STUDIO >= 64
    assert 2 * crowd.PAGES_OF_A_STUDIO < crowd.PAGES
    assert 3 * crowd.CHANGES_OF_A_MEMBER < crowd.PAGES_OF_A_STUDIO
    assert crowd.PAGES_OF_A_STUDIO - crowd.PAGES_OF_A_MEMBER >= 16


@pytest.mark.parametrize("bound", ["PAGES", "PAGES_OF_A_STUDIO"])
def test_without_room_a_page_says_so_and_nothing_is_asked_upstream(
    anna: Any, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    values = anna.open("contact")
    anna.sandbox.forget_requests()
    monkeypatch.setattr(crowd, bound, 0)
    opened, sent = anna.get("contact/"), anna.submit("contact", values, phone_private="030 23125555")
    for response in (opened, sent):
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert SAYS in texts(response)
    assert f'href="{anna.url("contact/")}"' in opened.content.decode()
    assert form_values(sent)["phone_private"] == "030 23125555"
    assert not [call for call in anna.sandbox.requests if "customers" in call.path]


def test_one_member_fills_no_studio(anna: Any) -> None:
    """Somebody sends a form again and again: each waits for its turn, and holds no more than the member's share."""
    values = anna.open("contact")
    anna.sandbox.forget_requests()
    with ExitStack() as others:
        for _ in range(crowd.CHANGES_OF_A_MEMBER):
            others.enter_context(crowd.share("berlin-mitte", 1001, changes=True))
        refused = anna.submit("contact", values, phone_private="030 23125555")
        assert refused.status_code == 503
        assert SAYS in texts(refused)
        assert form_values(refused)["phone_private"] == "030 23125555"
        with crowd.share("berlin-mitte", 1002, changes=True), crowd.share("madrid-centro", 1001, changes=True):
            pass
        assert anna.get("nothing/").status_code == 404
        for _ in range(crowd.PAGES_OF_A_MEMBER - crowd.CHANGES_OF_A_MEMBER):
            others.enter_context(crowd.share("berlin-mitte", 1001, changes=False))
        assert SAYS in texts(anna.get("contact/"))
    assert not [call for call in anna.sandbox.requests if "customers" in call.path]
    assert anna.submit("contact", form_values(refused)).status_code == 302
    assert not crowd._of_members


def test_a_page_that_is_done_makes_room(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "PAGES_OF_A_STUDIO", 1)
    assert [anna.get().status_code for _ in range(3)] == [200] * 3


def test_a_page_that_fails_makes_room(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "PAGES_OF_A_STUDIO", 1)
    anna.client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("selfservice.datasets.service.load_all", lambda *_: 1 / 0)
        assert [anna.get().status_code for _ in range(3)] == [500] * 3
    assert anna.get().status_code == 200


def test_probes_and_files_need_no_room(page: Any, studios: object, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(crowd, "PAGES", 0)
    for path in ("/healthz", "/readyz", "/static/css/portal.css"):
        assert page.head(path).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_pages_are_worked_on_one_after_the_other(
    studios: object, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "TURN_SECONDS", 10)
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 10)
    at_work, most = 0, 0

    def busy(*_: Any) -> list[Any]:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        time.sleep(0.1)
        at_work -= 1
        return [(CONTACT, NotFound())]

    monkeypatch.setattr(service, "load_all", busy)
    members = [Member(PageClient(), sandbox, who, "berlin-mitte") for who in (1001, 1002, 1003)]

    def visit(member: Member) -> None:
        try:
            member.get()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(visit, members))
    assert most == 1
