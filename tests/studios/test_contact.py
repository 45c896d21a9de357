"""How people reach the studio: asked for in the background, kept for a while, and never a reason to fail."""

import time
from typing import Any

import pytest
from django.core.cache import cache

from selfservice.sandbox import Sandbox
from selfservice.studios import contact
from tests.pageclient import PageClient, texts


def asked(sandbox: Sandbox) -> int:
    return [call.path for call in sandbox.requests].count("/v1/studios/information")


def test_the_first_page_does_not_wait_and_a_later_one_knows(
    page: PageClient, studios: Any, sandbox: Sandbox, db: None
) -> None:
    sandbox.faults.add("latency", path="*information", seconds=0.3)
    started = time.monotonic()
    assert "is happy to help" not in texts(page.get("/berlin-mitte/sign-in/"))
    assert time.monotonic() - started < 0.3
    deadline = time.monotonic() + 5
    while contact.contact_of(studios["berlin-mitte"]) is None and time.monotonic() < deadline:
        time.sleep(0.02)
    words = texts(page.get("/berlin-mitte/sign-in/"))
    assert "Questions? Fit Berlin Mitte is happy to help. +49 30 23125000" in words
    assert asked(sandbox) == 1


def test_a_failure_is_not_asked_again_at_once(studios: Any, sandbox: Sandbox) -> None:
    sandbox.faults.add("status", path="*information", status=403, count=9)
    contact.refresh(studios["berlin-mitte"])
    before = asked(sandbox)
    for _ in range(3):
        contact.contact_of(studios["berlin-mitte"])
    time.sleep(0.1)
    assert asked(sandbox) <= before + 1


@pytest.mark.parametrize("broken", ["get", "add", "set"])
def test_a_cache_that_is_away_spoils_no_page(
    page: PageClient, studios: Any, db: None, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, broken, away)
    contact.refresh(studios["berlin-mitte"])
    assert page.get("/berlin-mitte/sign-in/").status_code == 200
