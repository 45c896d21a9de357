"""Mails: what is said to have been sent was handed over, and what is said to have failed never arrives later."""

import smtplib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from selfservice import mail

waiting = threading.Event()
sent: list[Any] = []


class SlowServer(BaseEmailBackend):
    """Takes a message in hand and keeps it until it is let go."""

    def send_messages(self, messages: Any) -> int:
        waiting.wait(5)
        sent.extend(messages)
        return 1


class RefusingServer(BaseEmailBackend):
    """Takes nothing."""

    def send_messages(self, _messages: Any) -> int:
        raise ConnectionRefusedError


class BrokenServer(BaseEmailBackend):
    """Fails in any way, quoting what it should not."""

    failure: Callable[[str], Exception] = OSError

    def send_messages(self, messages: Any) -> int:
        raise type(self).failure(f"550 {messages[0].to} {messages[0].body}")


@pytest.fixture
def one_postman(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    """One thread that sends, and a page that waits a moment only."""
    settings.EMAIL_BACKEND = "tests.test_mail.SlowServer"
    monkeypatch.setattr(mail, "WAIT_SECONDS", 0.1)
    waiting.clear()
    sent.clear()
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(mail, "_postman", lambda: pool)
        yield pool
        waiting.set()


def test_a_mail_in_the_servers_hands_is_not_called_failed(one_postman: Any, studios: Any) -> None:
    mail.send_code(studios["berlin-mitte"], "anna.berger@example.com", "1234 5678", "en")
    waiting.set()
    one_postman.shutdown()
    assert [message.to for message in sent] == [["anna.berger@example.com"]]


def test_a_mail_that_nobody_took_never_arrives_later(one_postman: Any, studios: Any) -> None:
    one_postman.submit(waiting.wait, 5)
    with pytest.raises(mail.MailNotSent):
        mail.send_code(studios["berlin-mitte"], "anna.berger@example.com", "1234 5678", "en")
    waiting.set()
    one_postman.shutdown()
    assert sent == []


def test_a_server_that_refuses_is_said_so_without_the_address(
    studios: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "tests.test_mail.RefusingServer"
    with pytest.raises(mail.MailNotSent):
        mail.send_code(studios["berlin-mitte"], "anna.berger@example.com", "1234 5678", "en")
    assert "ConnectionRefusedError" in caplog.text
    assert "anna" not in caplog.text
    assert "1234" not in caplog.text


def refused(text: str) -> Exception:
    """What smtplib raises for a recipient that the server does not know."""
    return smtplib.SMTPRecipientsRefused({text: (550, text.encode())})


@pytest.mark.parametrize("failure", [TimeoutError, OSError, ValueError, LookupError, RuntimeError, refused])
def test_whatever_a_mail_server_raises_the_mail_is_called_failed(
    studios: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, failure: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.test_mail.BrokenServer"
    monkeypatch.setattr(BrokenServer, "failure", failure)
    with pytest.raises(mail.MailNotSent) as told:
        mail.send_code(studios["berlin-mitte"], "anna.berger@example.com", "1234 5678", "en")
    assert told.value.__cause__ is told.value.__context__ is None
    assert type(failure("")).__name__ in caplog.text
    assert "anna" not in caplog.text
    assert "1234" not in caplog.text
