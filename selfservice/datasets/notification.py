"""The mail that tells a person what was asked for in their name."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from .. import mail
from ..perfectgym.client import PAGE_SECONDS, Deadline
from ..perfectgym.errors import GymError
from .access import Access
from .base import DataSet

logger = logging.getLogger(__name__)


class ChangeMail:
    """A mail to the address on file, which is asked for before the change because the change may be of the address.

    No page waits for it, and what goes wrong with it undoes nothing.
    """

    def __init__(self, access: Access, data_set: DataSet) -> None:
        self._access = access
        self._data_set = data_set
        self._customer = workers().submit(
            access.studio.gym.customer,
            access.customer_id,
            language=access.language,
            deadline=Deadline.after(PAGE_SECONDS),
        )

    def send(self, event: str) -> None:
        """Send the mail for an event: "requested", "changed" or "withdrawn"."""
        workers().submit(self._deliver, event)

    def _deliver(self, event: str) -> None:
        try:
            address = self._customer.result().email
            mail.send_notice(self._access.studio, address, event, self._data_set.title, self._access.language)
        except (GymError, mail.MailNotSent) as error:
            logger.warning("the mail about a change (%s) was not sent: %s", event, type(error).__name__)


@cache
def workers() -> ThreadPoolExecutor:
    """Return the threads in which the mails are made and sent; they outlive the page that asked for one."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="change-mail")
