"""A host of the attacker's choice never reaches a page, a redirect or a mail."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import override_settings

from tests.pageclient import PageClient
from tests.security.routes import all_paths
from tests.security.server import Served
from tests.signin.visitor import ANNA, Visitor

EVIL = "evil.example"
FORWARDED = {
    "x-forwarded-host": EVIL,
    "x-forwarded-server": EVIL,
    "x-host": EVIL,
    "x-original-url": f"https://{EVIL}/",
    "x-rewrite-url": f"/{EVIL}",
    "forwarded": f"for=1.2.3.4;host={EVIL};proto=https",
    "x-forwarded-port": "1337",
    "x-forwarded-prefix": f"/{EVIL}",
    "x-http-host-override": EVIL,
}


@pytest.mark.parametrize(
    "host", [EVIL, f"testserver.{EVIL}", f"testserver@{EVIL}", "testserver:80@x", "", "testserver\x00"]
)
def test_no_page_is_served_under_another_name(client: PageClient, studios: Any, db: None, host: str) -> None:
    for path in all_paths():
        response = client.get(path, headers={"host": host})
        if response.status_code == 302:  # a path alone, which the browser completes with the host that it asked
            assert response.headers["Location"].startswith("/berlin-mitte/") or response.headers["Location"] == "/"
        assert EVIL not in response.content.decode()
        posted = client.post(path, {"email": ANNA, "language": "de"}, headers={"host": host})
        assert EVIL not in posted.headers.get("Location", "")
    assert all(EVIL not in f"{message.subject}{message.body}" for message in mail.outbox)


def test_other_ways_to_name_a_host_are_not_heard(visitor: Visitor) -> None:
    with override_settings(TRUSTED_PROXIES=1):
        answers = [visitor.client.get(path, headers=FORWARDED) for path in all_paths()]
        answers.append(visitor.post("sign-in/", {"email": ANNA}, headers=FORWARDED))
    for answer in answers:
        assert EVIL not in answer.content.decode() + str(answer.headers)
    assert EVIL not in str(mail.outbox[-1].message())


def test_a_real_server_refuses_another_host(served: Served) -> None:
    for host in (EVIL, "portal.gym.example:1@x", "portal.gym.example.evil.example"):
        lines = [
            "GET /berlin-mitte/sign-in/ HTTP/1.1",
            f"Host: {host}",
            "X-Forwarded-Proto: https",
            "Connection: close",
        ]
        answer = served.send("\r\n".join([*lines, "", ""]).encode())
        assert answer.status == 400
        assert EVIL not in answer.body
    twice = served.send(
        f"GET / HTTP/1.1\r\nHost: portal.gym.example\r\nHost: {EVIL}\r\nConnection: close\r\n\r\n".encode()
    )
    assert twice.status == 400
    absolute = served.get(f"https://{EVIL}/berlin-mitte/sign-in/")
    assert EVIL not in absolute.body + str(absolute.headers)
