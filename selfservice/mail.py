"""Every message the portal sends: plain text, in the person's language, without links and without values."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError  # noqa: A004  # the futures' own, by its name
from functools import cache
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from .studios.studio import Studio
from .text import Text

WAIT_SECONDS = 3.0

logger = logging.getLogger(__name__)


class MailNotSent(Exception):
    """The mail server did not take the message in time."""


def send_code(studio: Studio, address: str, code: str, language: str) -> None:
    """Mail a sign-in code such as `1234 5678`; raise MailNotSent when the mail server does not take it."""
    _send("code", studio, address, language, {"code": code})


def send_notice(studio: Studio, address: str, event: str, subject: Text, language: str) -> None:
    """Tell a person that something was "requested", "changed" or "withdrawn" in their name; raise MailNotSent.

    `subject` is what people call the data set; no value of it is in the mail.
    """
    _send(f"notice_{event}", studio, address, language, {"subject": subject})


def _send(template: str, studio: Studio, address: str, language: str, context: dict[str, Any]) -> None:
    with translation.override(language):
        text = render_to_string(f"emails/{template}.txt", {"studio": studio, **context})
    subject, _, body = text.strip().partition("\n")
    message = EmailMessage(subject.strip(), body.strip() + "\n", to=[address])
    future: Future[int] = _postman().submit(message.send)
    try:
        future.result(timeout=WAIT_SECONDS)
    except TimeoutError:
        if not future.cancel():
            # The server has it in hand: it may well arrive, only later than a page can wait.
            logger.info("a mail (%s) takes longer than %d s", template, WAIT_SECONDS)
            return
        raise MailNotSent from None
    except (OSError, ValueError) as error:
        # Neither the address nor the text: only that a mail of this kind did not leave.
        logger.warning("a mail (%s) could not be sent: %s", template, type(error).__name__)
        raise MailNotSent from None


@cache
def _postman() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="mail")
