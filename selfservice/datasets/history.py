"""What the audit trail has to tell on a person's own pages."""

import logging
from datetime import datetime

from django.db import Error as DatabaseError

from .. import audit
from ..models import AuditEntry
from .access import Access

logger = logging.getLogger(__name__)


def interrupted(access: Access) -> list[AuditEntry]:
    """Return what this customer began and nobody saw the end of, each once; [] when the trail can't be read now."""
    try:
        return audit.to_be_told(access.studio.slug, access.customer_id, at_desk=access.helper is not None)
    except DatabaseError:
        logger.exception("what was interrupted could not be looked up")
        return []


def last_change_at_desk(access: Access) -> datetime | None:
    """Return when something was last changed at the desk for this customer; None when never, or when nobody can say."""
    try:
        return audit.last_change_at_desk(access.studio.slug, access.customer_id)
    except DatabaseError:
        logger.exception("the last change at the desk could not be looked up")
        return None
