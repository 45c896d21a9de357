"""The pages of the sign-in: address, code, person; and the way out."""

import logging
from dataclasses import asdict

from django.contrib import messages
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..audit import MEMBER, Action, record
from ..errors import not_allowed
from ..fields.email import readable
from ..mail import MailNotSent
from ..studios.studio import Studio
from . import codes, session
from .asking import ask_for_code
from .claim import Claim, forget_claim, keep_claim, read_claim
from .codes import State
from .destination import destination, known_page
from .entry import choice_page, enter
from .forms import CodeForm, EmailForm
from .pages import code_page, email_page, ended_page, wrong_code

logger = logging.getLogger(__name__)


@require_safe
def home(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Lead to the profile, or to the sign-in first."""
    if session.signed_in(request, studio):
        return redirect(destination(studio))
    return redirect("sign-in", studio=studio.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Ask for the address, and mail a code to whatever address is given."""
    then = known_page(studio, request.POST.get("next", "") or request.GET.get("next", ""))
    if session.signed_in(request, studio):
        return redirect(destination(studio, then))
    before = read_claim(request, studio)
    if request.method != "POST":
        typed = {"email": readable(before.address)} if before else None
        return email_page(request, EmailForm(initial=typed), then)
    form = EmailForm(request.POST)
    if not form.is_valid():
        return email_page(request, form, then)
    try:
        claim = ask_for_code(request, studio, Claim("", form.cleaned_data["email"], then), before)
    except MailNotSent:
        return email_page(request, form, then, mail_failed=True)
    return _to_code_page(studio, claim)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Ask for the code; the right one leads on to the person."""
    if session.signed_in(request, studio):
        return redirect(destination(studio))
    claim = read_claim(request, studio)
    state = codes.standing(studio.slug, claim.nonce).state if claim else State.UNKNOWN
    if claim is not None and state is State.PROVEN:
        return redirect("sign-in-member", studio=studio.slug)
    if claim is None or state is not State.OPEN:
        return ended_page(request, state)
    form = CodeForm(request.POST if request.method == "POST" else None)
    return _try(request, studio, claim, form) if form.is_valid() else code_page(request, claim, form)


@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Mail another code to the same address; the one before stops working."""
    claim = read_claim(request, studio)
    if claim is None or session.signed_in(request, studio):
        return redirect("sign-in-code", studio=studio.slug)
    state = codes.standing(studio.slug, claim.nonce).state
    # Only the button asks for a code; a reload or a change of language merely comes past here.
    if request.method != "POST" or state is State.PROVEN:
        return redirect("sign-in-code", studio=studio.slug)
    try:
        renewed = ask_for_code(request, studio, claim, before=claim)
    except MailNotSent:
        if state is State.OPEN:
            return code_page(request, claim, CodeForm(), mail_failed=True)
        return ended_page(request, state, mail_failed=True)
    messages.info(request, _("Please use the code from the newest mail. Older codes don't work any more."))
    return _to_code_page(studio, renewed)


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Let a family choose the person; POST without a person looks the proven address up again."""
    if session.signed_in(request, studio):
        return redirect(destination(studio))
    claim = read_claim(request, studio)
    state = codes.standing(studio.slug, claim.nonce).state if claim else State.UNKNOWN
    if claim is None or state is not State.PROVEN:
        return redirect("sign-in-code", studio=studio.slug)
    if request.method != "POST":
        return choice_page(request, studio, claim)
    return enter(request, studio, claim, request.POST.get("customer", ""))


@require_http_methods(["GET", "HEAD", "POST"])
def session_left(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Tell a page's script how long the sign-in still holds; POST prolongs it."""
    request.asked_by_script = True  # type: ignore[attr-defined]  # for the middleware of sessions
    if request.method == "POST":
        session.signed_in(request, studio)
    left = session.time_left(request, studio)
    return JsonResponse(asdict(left) if left else {"mark": "", "seconds": 0, "can_stay": False})


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest, studio: Studio) -> HttpResponse:
    """End the session of this studio."""
    if request.method != "POST":
        return not_allowed(request, ["POST"])
    if person := session.signed_in(request, studio):
        session.sign_out(request)
        _note_sign_out(studio, person.customer_id)
    messages.success(request, _("You are signed out."))
    response = redirect("sign-in", studio=studio.slug)
    forget_claim(response)
    response.headers["Clear-Site-Data"] = '"cache"'  # nothing of the member's pages stays behind on a shared tablet
    return response


def _note_sign_out(studio: Studio, customer_id: int) -> None:
    """Record it. Whoever is out is out, and has to be told so: a trail that can't be written now is logged."""
    try:
        record(Action.SIGN_OUT, studio=studio.slug, actor=MEMBER, customer_id=customer_id, outcome="ok")
    except DatabaseError:
        logger.exception("a sign-out could not be recorded")


def _to_code_page(studio: Studio, claim: Claim) -> HttpResponse:
    response = redirect("sign-in-code", studio=studio.slug)
    keep_claim(response, studio, claim)
    return response


def _try(request: HttpRequest, studio: Studio, claim: Claim, form: CodeForm) -> HttpResponse:
    standing = codes.attempt(studio.slug, claim.nonce, form.cleaned_data["code"])
    if standing.state is State.PROVEN:
        return enter(request, studio, claim)
    if standing.mailed:
        record(Action.SIGN_IN, studio=studio.slug, actor=MEMBER, customer_id=None, outcome="wrong-code")
    if standing.state is not State.OPEN:
        return ended_page(request, standing.state)
    form.add_error("code", wrong_code(standing.tries_left))
    return code_page(request, claim, form)
