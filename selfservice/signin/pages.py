"""The pages of the sign-in that more than one view shows."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..fields.email import readable
from .claim import Claim
from .codes import State
from .forms import CodeForm, EmailForm


@dataclass(frozen=True)
class Ending:
    """Why no code can be entered; `may_resend`: another one can be had for the same address."""

    heading: str | Promise
    why: str | Promise
    may_resend: bool = True


ENDINGS = {
    State.EXPIRED: Ending(
        _("This code has run out"), _("A code is valid for 10 minutes. Ask for a new one and enter it here.")
    ),
    State.TOO_MANY_TRIES: Ending(
        _("Too many wrong codes"),
        _("After five wrong tries a code stops working, to protect your data. Ask for a new one and enter it here."),
    ),
    State.USED: Ending(_("This code has been used"), _("Every code works once. To sign in again, ask for a new one.")),
    State.UNKNOWN: Ending(
        _("No code is waiting in this browser"),
        _(
            "A code only works in the browser where you asked for it, and for 10 minutes. "
            "Go back to that browser, or start again in this one."
        ),
        may_resend=False,
    ),
}


def email_page(request: HttpRequest, form: EmailForm, then: str, *, mail_failed: bool = False) -> HttpResponse:
    """Return the page that asks for the address; 503 when the mail could not be sent."""
    context = {"form": form, "next": then, "mail_failed": mail_failed}
    return render(request, "signin/email.html", context, status=503 if mail_failed else 200)


def code_page(request: HttpRequest, claim: Claim, form: CodeForm, *, mail_failed: bool = False) -> HttpResponse:
    """Return the page that asks for the code; 503 when another one could not be sent."""
    context = {"form": form, "address": readable(claim.address), "mail_failed": mail_failed}
    return render(request, "signin/code.html", context, status=503 if mail_failed else 200)


def ended_page(request: HttpRequest, state: State, *, mail_failed: bool = False) -> HttpResponse:
    """Return the page for a code that no entry can make work any more: why, and the way to another one.

    It takes the place of the form, for a box that can't be filled in rightly would only cost time.
    """
    context = {"ending": ENDINGS[state], "mail_failed": mail_failed}
    return render(request, "signin/ended.html", context, status=503 if mail_failed else 200)


def wrong_code(tries_left: int) -> str:
    """Say that a code was wrong, and how often another can be tried."""
    return ngettext(
        "This is not the code from the newest mail. You have %(count)d more try.",
        "This is not the code from the newest mail. You have %(count)d more tries.",
        tries_left,
    ) % {"count": tries_left}
