"""The mail that tells a person what was asked for in their name."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError  # noqa: A004  # the futures' own, by its name
from contextvars import copy_context
from functools import cache

from django.core.exceptions import ValidationError

from .. import mail
from ..crowd import PAGES
from ..fields.email import clean_address
from ..perfectgym.client import PAGE_SECONDS, Deadline
from ..perfectgym.errors import GymError
from ..perfectgym.models import Customer
from ..perfectgym.pace import waiting
from ..studios.middleware import known_language
from .access import Access
from .base import DataSet

# How long a change waits for the address on file, in seconds; it is asked for while the data set is read.
PATIENCE = 1.0
# One for each page that may be in the making: a studio that does not answer must leave some for the others.
ASKERS = PAGES

logger = logging.getLogger(__name__)


class ChangeMail:
    """A mail to the address on file: the one that was there before the change, which may be a change of the address.

    Make it before the data set is read, settle it before anything is sent; what goes wrong with it undoes nothing.
    `address` is cleaned, "" when there is none that can be mailed to; `is_known` says whether PerfectGym told.
    """

    def __init__(self, access: Access, data_set: DataSet) -> None:
        self._access = access
        self._data_set = data_set
        self.address, self.is_known, self._language = "", False, ""
        self._customer: Future[Customer] = askers().submit(
            access.studio.gym.customer,
            access.customer_id,
            language=access.language,
            deadline=Deadline.after(PAGE_SECONDS),
        )

    def settle(self, otherwise: str = "", patience: float | None = None) -> None:
        """Take the address that is on file now, or the one given when it can't be had."""
        try:
            with waiting():
                customer = self._customer.result(timeout=PATIENCE if patience is None else patience)
        except (GymError, TimeoutError):
            self._take(otherwise)
        else:
            self.is_known = True
            self._language = known_language(customer.preferred_language or "")
            self._take(customer.email or otherwise)

    def send(self, event: str, about: str = "") -> None:
        """Send the mail for an event, "requested", "changed" or "withdrawn"; no page waits for it.

        `about` is what a form says of itself (DataSetForm.about).
        """
        workers().submit(copy_context().run, self._deliver, f"{about}{event}")

    def _take(self, address: str) -> None:
        try:
            self.address = clean_address(address)
        except ValidationError:
            self.address = ""

    def _deliver(self, event: str) -> None:
        if not self.address:
            logger.warning("the mail about a change (%s) was not sent: there is no address on file to mail to", event)
            return
        # What the person chose here; else what the studio knows; a browser's wish comes last.
        access = self._access
        language = access.picked_language or self._language or access.mail_language or access.language
        try:
            at_desk = self._access.helper is not None
            mail.send_notice(self._access.studio, self.address, event, self._data_set.title, language, at_desk=at_desk)
        except mail.MailNotSent:
            logger.warning("the mail about a change (%s) was not sent", event)


@cache
def askers() -> ThreadPoolExecutor:
    """Return the threads that wait for addresses on file; made as they are needed."""
    return ThreadPoolExecutor(max_workers=ASKERS, thread_name_prefix="address-on-file")


@cache
def workers() -> ThreadPoolExecutor:
    """Return the threads in which the mails are made and sent; they outlive the page that asked for one."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="change-mail")
