"""The mail that tells a person what was asked for in their name."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError  # noqa: A004  # the futures' own, by its name
from functools import cache

from django.core.exceptions import ValidationError

from .. import mail
from ..fields.email import clean_address
from ..perfectgym.client import PAGE_SECONDS, Deadline
from ..perfectgym.errors import GymError
from ..perfectgym.models import Customer
from .access import Access
from .base import DataSet

# How long a change waits for the address on file, in seconds; it is asked for while the data set is read.
PATIENCE = 1.0

logger = logging.getLogger(__name__)


class ChangeMail:
    """A mail to the address on file: the one that was there before the change, which may be a change of the address.

    Make it before the data set is read, settle it before anything is sent; what goes wrong with it undoes nothing.
    """

    def __init__(self, access: Access, data_set: DataSet) -> None:
        self._access = access
        self._data_set = data_set
        self._address = ""
        self._customer: Future[Customer] = workers().submit(
            access.studio.gym.customer,
            access.customer_id,
            language=access.language,
            deadline=Deadline.after(PAGE_SECONDS),
        )

    def settle(self, otherwise: str = "") -> None:
        """Take the address that is on file now, or the one given when it can't be had."""
        try:
            self._address = self._customer.result(timeout=PATIENCE).email or otherwise
        except (GymError, TimeoutError):
            self._address = otherwise

    def send(self, event: str) -> None:
        """Send the mail for an event, "requested", "changed" or "withdrawn"; no page waits for it."""
        workers().submit(self._deliver, event)

    def _deliver(self, event: str) -> None:
        try:
            address = clean_address(self._address)
            mail.send_notice(self._access.studio, address, event, self._data_set.title, self._access.language)
        except (ValidationError, mail.MailNotSent) as error:
            logger.warning("the mail about a change (%s) was not sent: %s", event, type(error).__name__)


@cache
def workers() -> ThreadPoolExecutor:
    """Return the threads in which the mails are made and sent; they outlive the page that asked for one."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="change-mail")
