"""The mail server is slow, away or refuses: no page waits longer than three seconds, no change is undone."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests

from tests.faults.conftest import Serve
from tests.faults.serving import Api
from tests.faults.visiting import Visitor, held
from tests.pageclient import form_values, texts

ANNA, NUMBER = 1001, "+49 30 23125555"
LONGEST_SECONDS = 3.0
GRACE_SECONDS = 0.7
# A server that has the mail in hand may still deliver it: then the next page asks for the code. A silent one is given
# up at the very moment at which the page stops waiting for it.
STATUSES = {"silent": (302, 503), "slow": (302,), "refusing": (503,), "rejecting": (503,), "away": (503,)}


class MailServer:
    """Speaks SMTP as `manner` says; whoever connects to a silent one hears nothing.

    Of a slow one every line comes within the time that a connection may be quiet, and all together far too late.
    """

    PAUSE_SECONDS = 1.2

    def __init__(self, manner: str) -> None:
        self.manner, self.listener = manner, socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self.listener.getsockname()[1]}"
        self.kept: list[socket.socket] = []
        self.ended = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.kept.append(connection)
            if self.ended.is_set():  # it came while the server was closed
                connection.close()
            elif self.manner != "silent":
                threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        """Greet, then answer line by line."""
        with suppress(OSError), connection, connection.makefile("rb") as lines:
            self.say(connection, b"554 no service here" if self.manner == "refusing" else b"220 here")
            for line in lines:
                rejected = self.manner == "rejecting" and line.upper().startswith(b"RCPT")
                self.say(connection, b"550 nobody of that name" if rejected else b"250 yes")

    def say(self, connection: socket.socket, line: bytes) -> None:
        if self.manner == "slow" and self.ended.wait(self.PAUSE_SECONDS):
            return
        connection.sendall(line + b"\r\n")

    def close(self) -> None:
        self.ended.set()
        self.listener.close()
        for connection in self.kept:
            connection.close()


@pytest.fixture(params=list(STATUSES))
def mail_server(request: pytest.FixtureRequest) -> Iterator[MailServer]:
    server = MailServer(request.param)
    if request.param == "away":
        server.listener.close()
    yield server
    server.close()


def test_a_code_that_cannot_be_mailed_is_said_in_time_and_the_address_kept(
    serve: Serve, mail_server: MailServer
) -> None:
    portal = serve(EMAIL_URL=mail_server.url)
    url = f"http://127.0.0.1:{portal.port}/berlin-mitte/sign-in/"
    with requests.Session() as browser:
        form = form_values(browser.get(url)) | {"email": "anna.berger@example.com"}
        started = time.monotonic()
        answer = browser.post(url, form, allow_redirects=False)
        assert time.monotonic() - started < LONGEST_SECONDS + GRACE_SECONDS
        assert answer.status_code in STATUSES[mail_server.manner]
        if answer.status_code == 503:
            assert "We could not send the mail just now" in texts(answer)
            assert form_values(answer)["email"] == "anna.berger@example.com"


def test_a_change_neither_waits_for_its_mail_nor_is_undone_by_it(
    api: Api, serve: Serve, mail_server: MailServer
) -> None:
    anna = Visitor(serve(EMAIL_URL=mail_server.url), ANNA)
    values = form_values(anna.get("contact/")) | {"phone_private": NUMBER}
    started = time.monotonic()
    answer = anna.send("contact", values)
    assert time.monotonic() - started < 1
    assert answer is not None
    assert answer.status_code == 302
    assert held(api, ANNA, "phonePrivate")[0] == NUMBER
    assert "Your request has been sent." in anna.read("contact/")
