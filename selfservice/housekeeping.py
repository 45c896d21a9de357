"""What a process does once when it has started."""

import logging

from django.db import Error as DatabaseError
from django.db import connection

from .audit import LONGEST_PAGE, close_interrupted

# When every page of a process that is gone would have ended.
SETTLED_SECONDS = LONGEST_PAGE.total_seconds() + 1

logger = logging.getLogger(__name__)


def note_interrupted() -> None:
    """Say in the audit trail which attempts ended with a process before this one; a failure is logged, no more."""
    try:
        close_interrupted()
    except DatabaseError:
        logger.exception("what was interrupted could not be noted in the audit trail")
    finally:
        connection.close()
