"""What has to be so before a page of the desk is shown, and where it leads when it is not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ..datasets.access import NoAccess
from ..signin.destination import page_below
from ..studios.studio import Studio
from . import accounts, session
from .session import AnotherStudio, NotOnDuty, Staff, State

View = Callable[..., HttpResponse]

# What nobody has to be led back to: it shows nothing, or takes only what a page of ours sends.
NO_PAGES = (
    "desk-sign-in", "desk-set-up", "desk-unlock", "desk-lock", "desk-presence", "desk-sign-out", "desk-open",
    "desk-done",
)  # fmt: skip


def admit(request: HttpRequest, studio: Studio, *, states: tuple[State, ...] = (State.OPEN,)) -> Staff:
    """Return who is on duty; raises NoAccess, which leads to the sign-in or to unlocking, or says why not."""
    try:
        staff = session.on_duty(request, studio, states=states)
    except NotOnDuty as reason:
        raise NoAccess(_first(request, studio, reason.state)) from None
    except AnotherStudio:
        raise NoAccess(_not_here(request)) from None
    request.desk = staff  # type: ignore[attr-defined]  # for the templates
    return staff


def at_desk(view: View) -> View:
    """Call the view with the Staff on duty in place of the studio, or answer with where that can be had."""

    @wraps(view)
    def admitted(request: HttpRequest, studio: Studio, **kwargs: Any) -> HttpResponse:
        try:
            staff = admit(request, studio)
        except NoAccess as missing:
            return missing.response
        return view(request, staff, **kwargs)

    return admitted


def known_page(studio: Studio, path: str) -> str:
    """Return `path` if it is a page of this studio's desk that can be opened, else ""."""
    page = page_below(f"/{studio.slug}/desk/", path)
    return path if page and page.url_name not in NO_PAGES else ""


def _first(request: HttpRequest, studio: Studio, state: State | None) -> HttpResponse:
    """Lead to what has to happen first, and from there back; nothing that was sent is carried along."""
    if request.method == "POST":
        messages.warning(request, _("The desk was locked, so nothing was sent. Please do it again."))
    page = "desk-unlock" if state else "desk-sign-in"
    back = urlencode({"next": request.path})
    return redirect(f"{reverse(page, kwargs={'studio': studio.slug})}?{back}")


def _not_here(request: HttpRequest) -> HttpResponse:
    own = accounts.studios_of(request.user) if isinstance(request.user, User) else []
    return render(request, "desk/not_here.html", {"own": own}, status=403)
