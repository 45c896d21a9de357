"""How people reach a studio, as PerfectGym knows it; kept for an hour because it is no personal data."""

import logging
from contextlib import suppress
from threading import Thread

from django.core.cache import cache

from ..perfectgym.client import Deadline
from ..perfectgym.errors import GymError
from ..perfectgym.models import StudioInformation
from .studio import Studio

FRESH_SECONDS = 60 * 60
RETRY_SECONDS = 60
FETCH_SECONDS = 5.0

logger = logging.getLogger(__name__)


def contact_of(studio: Studio) -> StudioInformation | None:
    """Return what is known by now; ask the API in the background when it is not, so that no page waits for it."""
    try:
        known: StudioInformation | None = cache.get(_key(studio))
        # `add` is atomic: one request in a minute asks, whatever the number of visitors.
        if known is None and cache.add(f"{_key(studio)}:asked", 1, RETRY_SECONDS):
            Thread(target=refresh, args=(studio,), daemon=True).start()
    except Exception:  # noqa: BLE001  # each cache fails in its own way, and no page may fail with it
        logger.warning("the cache does not answer: pages do without the contact of %s", studio.slug)
        return None
    return known


def refresh(studio: Studio) -> None:
    """Ask the API now and keep its answer; a failure is logged and asked again later."""
    try:
        information = studio.gym.studio_information(language=studio.language, deadline=Deadline.after(FETCH_SECONDS))
    except GymError as error:
        logger.info("studio information of %s is not available: %s", studio.slug, error)
    else:
        with suppress(Exception):  # whatever a cache raises, it is asked again in a minute
            cache.set(_key(studio), information, FRESH_SECONDS)


def _key(studio: Studio) -> str:
    return f"studio-information:{studio.slug}"
