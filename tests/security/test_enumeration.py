"""Who is a member? Nobody without the mailbox can tell: not by words, work, or time."""

from __future__ import annotations

import re
import statistics
import time
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from selfservice.sandbox import Sandbox
from selfservice.studios.contact import refresh
from selfservice.studios.studio import Studio
from tests.signin.visitor import ANNA, FAMILY, NOBODY, Visitor

FORMER = "alex.brandt@example.com"
ADDRESSES = [ANNA, FAMILY, FORMER, NOBODY]


@pytest.fixture(autouse=True)
def _known_studio(studios: dict[str, Studio]) -> None:
    """The studio's own contact, which pages fetch in the background once in an hour, is there already."""
    refresh(studios["berlin-mitte"])


def work_of(address: str) -> tuple[Any, ...]:
    """Return what asking for a code does: pages, cookies, statements, mails; without what differs for everybody."""
    mail.outbox.clear()
    visitor = Visitor()
    with CaptureQueriesContext(connection) as queries:
        answers = [visitor.post("sign-in/", {"email": address}), visitor.get("sign-in/code/")]
        answers += [visitor.enter("00000000"), visitor.post("sign-in/resend/", follow=True)]
    statements = [re.sub(r"'[^']*'|\b\d+\b|s\d+_x\d+", "?", query["sql"]) for query in queries]
    pages = [_masked(answer, address) for answer in answers]
    mails = [(_masked_text(str(message.subject)), _masked_text(str(message.body))) for message in mail.outbox]
    cookies = [(name, len(cookie.value)) for name, cookie in visitor.client.cookies.items() if name != "sign-in"]
    return pages, statements, mails, cookies


def _masked(answer: Any, address: str) -> tuple[int, str]:
    text = answer.content.decode().replace(address, "ADDRESS")
    return answer.status_code, re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]+"', r"\1", text)


def _masked_text(text: str) -> str:
    return re.sub(r"\d{4} \d{4}", "CODE", text)


@pytest.mark.parametrize("address", ADDRESSES[1:])
def test_members_and_strangers_make_the_same_work(visitor: Visitor, sandbox: Sandbox, address: str) -> None:
    assert work_of(address) == work_of(ANNA)
    assert not [call for call in sandbox.requests if "customers" in call.path]


@pytest.mark.parametrize("address", ADDRESSES[1:])
def test_over_the_limit_they_are_alike_too(visitor: Visitor, address: str) -> None:
    for one in (ANNA, address):
        for _ in range(3):
            Visitor().ask(one)
    assert work_of(address) == work_of(ANNA)
    assert not mail.outbox


def test_the_page_takes_the_same_time(visitor: Visitor) -> None:
    """No sharp clock is needed: asking PerfectGym, which would tell them apart, takes a hundred times as long."""
    taken: dict[str, list[float]] = {ANNA: [], NOBODY: []}
    for number in range(12):
        for address in (ANNA, NOBODY) if number % 2 else (NOBODY, ANNA):
            began = time.perf_counter()
            visitor.post("sign-in/", {"email": address}, REMOTE_ADDR=f"192.0.2.{number}")
            taken[address].append(time.perf_counter() - began)
    assert abs(statistics.median(taken[ANNA]) - statistics.median(taken[NOBODY])) < 0.02


def test_a_wrong_code_tells_nothing_either(visitor: Visitor, sandbox: Sandbox) -> None:
    for address in ADDRESSES:
        visitor.ask(address)
        page = visitor.enter("00000000")
        assert "You have 4 more tries" in page.content.decode()
    assert not [call for call in sandbox.requests if "customers" in call.path]
