"""Pages for what goes wrong: what happened, what it means, what to do next."""

import logging
import math
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .logs import request_id
from .perfectgym.errors import Garbled, GymError, KeyRejected, ScopeMissing
from .text import Text
from .troubles import CSRF, INTERRUPTED, NOT_SET_UP, TOO_OFTEN, TROUBLES, Trouble

# Nobody waits longer on a word of a machine, in seconds.
LONGEST_WAIT = 3600
TRY_AGAIN = _("Try again")
NOT_KEPT = ("csrfmiddlewaretoken", "password", "password_again", "identity-code")

logger = logging.getLogger(__name__)


def trouble_of(error: GymError) -> Trouble:
    """Return the words for a page that can't be shown because of the studio's system."""
    return NOT_SET_UP if isinstance(error, KeyRejected | ScopeMissing) else TROUBLES[status_of(error)]


def status_of(error: GymError) -> int:
    """Return the HTTP status of a page that can't be shown because of the studio's system."""
    if isinstance(error, Garbled):
        return 502
    return 504 if error.reason in ("deadline", "timeout") else 503


def gym_error_page(request: HttpRequest, error: GymError) -> HttpResponse:
    """Return the page for a failure of the studio's system, with a way to try the same page again."""
    again: list[Mapping[str, Text]] = [{"label": TRY_AGAIN, "url": request.path}]
    response = trouble_page(request, trouble_of(error), again if request.method == "GET" else [])
    return with_retry_after(response, error)


def with_retry_after(response: HttpResponse, error: GymError | None) -> HttpResponse:
    """Pass on when the studio's system wants to be asked again."""
    if error and (wait := seconds_to_wait(error)):
        response.headers["Retry-After"] = str(wait)
    return response


def seconds_to_wait(error: GymError) -> int:
    """Return when to ask again, 0 when nobody said; within an hour, whatever the studio's system says."""
    return min(math.ceil(error.retry_after or 0), LONGEST_WAIT)


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """Return the page for somebody who asks for pages faster than people do, and say when to go on."""
    response = kept_page(request, TOO_OFTEN)
    response.headers["Retry-After"] = str(seconds)
    return response


def kept_page(request: HttpRequest, trouble: Trouble, actions: Sequence[Mapping[str, Text]] = ()) -> HttpResponse:
    """Return a page with these words that carries what was posted, ready to be sent again by a button.

    Passwords are not carried: such a page may be left standing on a tablet that many share.
    """
    posted = request.POST.lists() if request.method == "POST" else ()
    not_kept = (*NOT_KEPT, "code") if _is_desk(request) else NOT_KEPT
    kept = [(name, value) for name, values in posted for value in values if name not in not_kept]
    idle_minutes = settings.DESK_IDLE_MINUTES if _is_desk(request) else settings.MEMBER_IDLE_MINUTES
    away = {"start_url": _start_url(request), "kept_seconds": idle_minutes * 60}
    return trouble_page(request, trouble, actions, template="errors/kept.html", kept=kept, **away)


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """Return the page for an HTTP status of 4xx or 5xx."""
    return trouble_page(request, TROUBLES[status])


def not_allowed(request: HttpRequest, methods: Sequence[str]) -> HttpResponse:
    """Return the page for a method that an address does not take; `methods` are those it takes."""
    response = error_page(request, 405)
    response.headers["Allow"] = ", ".join(methods)
    return response


def trouble_page(
    request: HttpRequest,
    trouble: Trouble,
    actions: Sequence[Mapping[str, Text]] = (),
    template: str = "errors/page.html",
    **context: object,
) -> HttpResponse:
    """Return a page with these words, in the studio's look; an action is a `label` and the `url` it leads to."""
    context |= {"trouble": trouble, "actions": [*actions, _start_page(request)], "request_id": request_id()}
    return render(request, template, context | {"messages": _news(request)}, status=trouble.status)


def _news(request: HttpRequest) -> list[Message]:
    """Return what waits to be said, nothing where it can't be read: a page that tells of a problem must not fail."""
    try:
        return list(get_messages(request))
    except DatabaseError:
        drop_messages(request)
        return []


def drop_messages(request: HttpRequest) -> None:
    """Let nobody look for messages in a session that can't be read or written."""
    if hasattr(request, "_messages"):
        del request._messages  # noqa: SLF001  # where Django keeps them


def _start_page(request: HttpRequest) -> Mapping[str, Text]:
    return {"label": _("Go to the start page"), "url": _start_url(request)}


def _start_url(request: HttpRequest) -> str:
    studio = getattr(request, "studio", None)
    home = "desk-search" if _is_desk(request) else "home"
    return reverse(home, kwargs={"studio": studio.slug}) if studio else reverse("index")


def _is_desk(request: HttpRequest) -> bool:
    """Say whether it is a page for staff, on a tablet that others use too."""
    return request.path_info.startswith("/admin/") or "/desk/" in request.path_info


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that can't be read, or whose session ended while it was being answered."""
    return trouble_page(request, INTERRUPTED if isinstance(exception, SessionInterrupted) else TROUBLES[400])


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer a request for something that is not open to this person."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer a request for a page that does not exist."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when the portal itself failed: in the studio's look, or bare when even that fails."""
    try:
        return error_page(request, 500)
    except Exception:
        logger.exception("the error page could not be rendered")
        return HttpResponseServerError(get_template("500.html").render({"request_id": request_id()}))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that lacks the proof that it came from our own page."""
    logger.warning("a form was refused: %s", reason.partition(" - ")[0])
    return trouble_page(request, CSRF)
