"""Pages for what goes wrong: what happened, what it means, what to do next."""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .perfectgym.errors import Garbled, GymError, KeyRejected, ScopeMissing
from .text import Text

# Nobody waits longer on a word of a machine, in seconds.
LONGEST_WAIT = 3600

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trouble:
    """The words of one error page."""

    status: int
    heading: Text
    what: Text
    next_step: Text


TROUBLES = {
    trouble.status: trouble
    for trouble in (
        Trouble(
            400,
            _("We could not read that request"),
            _("Something in what your browser sent was not as we expected it. Nothing was changed."),
            _("Go back, reload the page and try again, or begin at the start page."),
        ),
        Trouble(
            403,
            _("You can't open this page"),
            _("This page is not open to you, or your sign-in has ended. Nothing was changed."),
            _("Begin again at the start page."),
        ),
        Trouble(
            404,
            _("There is no such page"),
            _("The address may be mistyped, or the page has moved."),
            _("Begin again at the start page."),
        ),
        Trouble(
            405,
            _("This address can't be opened like that"),
            _("It only takes what a button on one of our pages sends. Nothing was changed."),
            _("Begin again at the start page."),
        ),
        Trouble(
            413,
            _("That was too much at once"),
            _("What your browser sent is larger than anything our pages ask for. Nothing was changed."),
            _("Go back, shorten what you entered and try again."),
        ),
        Trouble(
            429,
            _("Too many requests at once"),
            _("The studio's system asks us to wait for a moment. Nothing was changed."),
            _("Wait a minute, then try again."),
        ),
        Trouble(
            500,
            _("Something went wrong on our side"),
            _("An error in the portal stopped this page. It was recorded, and it is not your fault."),
            _(
                "Look at your data before you repeat a change: it may have arrived. "
                "If the error stays, tell your studio."
            ),
        ),
        Trouble(
            502,
            _("The studio's system gave an answer we can't read"),
            _("It answered, but not in a way that we can show you."),
            _("Try again in a few minutes. If it stays like this, tell your studio."),
        ),
        Trouble(
            503,
            _("The studio's system is not available right now"),
            _("It does not take requests at the moment."),
            _("Try again in a few minutes."),
        ),
        Trouble(
            504,
            _("The studio's system takes too long to answer"),
            _("We waited as long as makes sense."),
            _("Try again in a few minutes."),
        ),
    )
}
CSRF = Trouble(
    403,
    _("We could not make sure that this came from you"),
    _(
        "The page was open for too long, you signed in or out in another tab, or your browser keeps no cookies for us. "
        "To protect you, nothing was changed."
    ),
    _("Go back, reload the page and try again. If it stays like this, allow cookies for this site."),
)
INTERRUPTED = Trouble(
    400,
    _("You were signed out meanwhile"),
    _("You signed out in another tab while this page was working. What you sent may have arrived."),
    _("Sign in again and look at your data before you repeat a change."),
)
NOT_SET_UP = Trouble(
    503,
    _("The portal is not set up correctly"),
    _("The studio's system does not let the portal in. You did nothing wrong."),
    _("Please tell your studio: only they can put it right."),
)


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
    again: list[Mapping[str, Text]] = [{"label": _("Try again"), "url": request.path}]
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


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """Return the page for an HTTP status of 4xx or 5xx."""
    return trouble_page(request, TROUBLES[status])


def not_allowed(request: HttpRequest, methods: Sequence[str]) -> HttpResponse:
    """Return the page for a method that an address does not take; `methods` are those it takes."""
    response = error_page(request, 405)
    response.headers["Allow"] = ", ".join(methods)
    return response


def trouble_page(request: HttpRequest, trouble: Trouble, actions: Sequence[Mapping[str, Text]] = ()) -> HttpResponse:
    """Return a page with these words, in the studio's look; an action is a `label` and the `url` it leads to."""
    context = {"trouble": trouble, "actions": [*actions, _start_page(request)]}
    return render(request, "errors/page.html", context, status=trouble.status)


def _start_page(request: HttpRequest) -> Mapping[str, Text]:
    studio = getattr(request, "studio", None)
    url = reverse("home", kwargs={"studio": studio.slug}) if studio else reverse("index")
    return {"label": _("Go to the start page"), "url": url}


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
        return HttpResponseServerError(get_template("500.html").render())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form that lacks the proof that it came from our own page."""
    return trouble_page(request, CSRF)
