"""Every message the portal sends: plain text, in the person's language, without links and without values."""

import logging
import re
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from .perfectgym.pace import waiting
from .studios.contact import contact_of
from .studios.studio import Studio
from .text import Text

WAIT_SECONDS = 3.0
# What upstream calls a telephone number is read by people: nothing else may come into a mail by it.
TELEPHONE = re.compile(r"[0-9+()/. -]{3,40}")

logger = logging.getLogger(__name__)


class MailNotSent(Exception):
    """The mail server did not take the message in time."""


def send_code(studio: Studio, address: str, code: str, language: str) -> None:
    """Mail a sign-in code such as `1234 5678`; raise MailNotSent when the mail server does not take it."""
    _send("code", studio, address, language, {"code": code})


def send_confirmation(  # noqa: PLR0913, PLR0917  # the parts of one mail
    studio: Studio, address: str, kind: str, code: str, detail: str, language: str, *, at_desk: bool
) -> None:
    """Mail a code that confirms one change of a `kind` such as "bank"; raise MailNotSent.

    `detail` is what the mail says of that change, so that nobody confirms another one: a masked account.
    """
    _send(f"confirm_{kind}", studio, address, language, {"code": code, "detail": detail, "at_desk": at_desk})


def send_notice(  # noqa: PLR0913  # the parts of one mail
    studio: Studio, address: str, event: str, subject: Text, language: str, *, at_desk: bool
) -> None:
    """Tell a person that something was "requested", "changed" or "withdrawn" in their name; raise MailNotSent.

    `subject` is what people call the data set; no value of it is in the mail. `at_desk`: the studio's staff did it.
    """
    contact = contact_of(studio)
    given = contact.telephone if contact else ""
    telephone = given if TELEPHONE.fullmatch(given) else ""
    _send(
        f"notice_{event}", studio, address, language, {"subject": subject, "telephone": telephone, "at_desk": at_desk}
    )


def _send(template: str, studio: Studio, address: str, language: str, context: dict[str, Any]) -> None:
    with translation.override(language):
        text = render_to_string(f"emails/{template}.txt", {"studio": studio, **context})
    subject, _, body = text.strip().partition("\n")
    message = EmailMessage(subject.strip(), body.strip() + "\n", to=[address])
    future: Future[int] = _postman().submit(message.send)
    with waiting():
        wait([future], timeout=WAIT_SECONDS)
    if future.cancel():
        logger.warning("a mail (%s) could not be sent: nobody had time for it", template)
        raise MailNotSent
    if not future.done():
        # The server has it in hand: it may well arrive, only later than a page can wait.
        logger.info("a mail (%s) takes longer than %d s", template, WAIT_SECONDS)
        return
    if error := future.exception():
        # Neither the address nor the text, which the exception of a mail server quotes: only what kind it is.
        logger.warning("a mail (%s) could not be sent: %s", template, type(error).__name__)
        raise MailNotSent


@cache
def _postman() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="mail")
