"""When the portal's own database fails: a clear page, nothing lost that was typed, nothing untrue of what was sent."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .errors import drop_messages, kept_page
from .troubles import OWN_RECORDS

logger = logging.getLogger(__name__)


class StorageMiddleware:
    """Turns a failure of the database into a page that carries what was sent, ready to be sent again.

    Whatever a view still needs the database for, it needs before anything is sent to PerfectGym.
    """

    def __init__(self, get_response: Any) -> None:  # noqa: ANN401  # one function or another, all the same to us
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response: HttpResponse = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer instead of a view that met a database that fails; leave every other exception alone."""
        if not isinstance(exception, DatabaseError):
            return None
        logger.error("the database failed a page", exc_info=exception)
        return storage_page(request)


class SurvivingSessionMiddleware(SessionMiddleware):
    """Django's sessions, with an answer for the case that one can't be saved after the page has been made."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the session; when that fails, show at once what would have been said on the next page."""
        try:
            saved: HttpResponse = super().process_response(request, response)
        except DatabaseError as error:
            logger.error("a session could not be saved", exc_info=error)  # noqa: TRY400  # one line, not two
        else:
            if getattr(request, "asked_by_script", False) and request.session.is_empty():
                # It may have been asked before the browser got the key of a newer session: that one must stay.
                saved.cookies.pop(settings.SESSION_COOKIE_NAME, None)
            return saved
        if not 300 <= response.status_code < 400:
            return response
        told = _unsaid(request)
        return told_page(request, told, response.headers["Location"]) if told else storage_page(request)


def storage_page(request: HttpRequest) -> HttpResponse:
    """Say that the portal's own records can't be reached; what was posted stands in the page, to be sent again."""
    drop_messages(request)
    return kept_page(request, OWN_RECORDS)


def told_page(request: HttpRequest, told: Iterable[Any], url: str) -> HttpResponse:
    """Say what has happened on a page of its own, for the next page will not know it any more."""
    drop_messages(request)
    return render(request, "errors/told.html", {"messages": told, "url": url})


def _unsaid(request: HttpRequest) -> list[Any]:
    """Return the messages that wait in the session for the next page."""
    storage = SessionStorage(request)
    return list(storage.deserialize_messages(request.session.get(storage.session_key)) or [])
