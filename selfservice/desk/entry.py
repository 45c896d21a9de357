"""The ways into the desk and out: signing in, setting up an account, locking and unlocking, signing out."""

import logging

from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password  # changes no stored hash, which would end the session
from django.contrib.auth.models import User
from django.db import Error as DatabaseError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_otp.models import Device

from ..audit import Action, record
from ..errors import not_allowed
from ..signin.known import remember
from ..studios.studio import Studio
from . import accounts, factors, limits, session
from .access import known_page
from .forms import SetUpForm, SignInForm, UnlockForm
from .session import State

logger = logging.getLogger(__name__)


def proven(request: HttpRequest, email: str, password: str, code: str) -> tuple[User, Device] | None:
    """Return the account and the device of its code when both are right; it takes as long when they are not."""
    account = authenticate(request, username=email.strip().lower(), password=password)
    device = factors.check(account, code) if isinstance(account, User) else None
    return (account, device) if isinstance(account, User) and device else None


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, studio: Studio | None = None) -> HttpResponse:
    """Ask for address, password and code; without a studio for /admin/."""
    then = request.POST.get("next", "") or request.GET.get("next", "")
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        if not limits.may_try(request, typed["email"]):
            return _sign_in_page(request, form, then, too_many=True)
        if found := proven(request, typed["email"], typed["password"], typed["code"]):
            return _begin(request, studio, *found, then)
        _record(Action.DESK_SIGN_IN, studio, _called(typed["email"]), "refused")
        form.add_error(None, _("This does not fit together. Check all three, and wait for the next code of your app."))
    return _sign_in_page(request, form, then)


def _begin(request: HttpRequest, studio: Studio | None, account: User, device: Device, then: str) -> HttpResponse:
    limits.was_right(account.get_username())
    with transaction.atomic():
        session.sign_in(request, account, device)
        request.session.save()
        _record(Action.DESK_SIGN_IN, studio, account, "ok")
    response = session.turned(redirect(_destination(studio, then)))
    remember(request, response, None, account.get_username())
    return response


def _destination(studio: Studio | None, then: str) -> str:
    if studio is None:
        return then if then.startswith("/admin/") else reverse("admin:index")
    return known_page(studio, then) or reverse("desk-search", kwargs={"studio": studio.slug})


def _sign_in_page(request: HttpRequest, form: SignInForm, then: str, *, too_many: bool = False) -> HttpResponse:
    context = {"form": form, "next": then, "too_many": too_many}
    return render(request, "desk/sign_in.html", context, status=429 if too_many else 200)


def _called(email: str) -> User | None:
    """Return the account that a try is recorded for; what was typed else may be a password in the wrong box."""
    try:
        return accounts.find(email)
    except accounts.NoSuchAccount:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, studio: Studio, token: str) -> HttpResponse:
    """Let a new colleague choose a password and enrol their app; the link works once.

    Every page has a key of its own, and only the one that is finished is kept: who has merely looked knows nothing.
    """
    account = accounts.owner_of(token)
    if account is None:
        return render(request, "desk/link_ended.html", status=404)
    form = SetUpForm(request.POST if request.method == "POST" else None, account, token)
    tried_too_often = form.is_bound and not limits.may_try(request, account.get_username())
    if not tried_too_often and form.is_valid():
        codes = accounts.set_up(token, account, form.cleaned_data["password"], form.key)
        if not codes:  # somebody else with the same link was faster
            return render(request, "desk/link_ended.html", status=404)
        limits.was_right(account.get_username())
        return render(request, "desk/ready.html", {"codes": codes})
    shown = {"form": form, "too_many": tried_too_often, "account": account}
    shown |= factors.shown(form.key, account, studio.name)
    return render(request, "desk/set_up.html", shown, status=429 if tried_too_often else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Open the desk again for the same person; another one signs in anew."""
    then = known_page(studio, request.POST.get("next", "") or request.GET.get("next", ""))
    account = session.whose(request)
    if account is None:
        return redirect("desk-sign-in", studio=studio.slug)
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and opened(request, studio, account, form):
        return redirect(_destination(studio, then))
    if request.method != "POST" and session.state(request) is State.OPEN:
        return redirect(_destination(studio, then))
    return render(request, "desk/unlock.html", {"form": form, "account": account, "next": then})


def opened(request: HttpRequest, studio: Studio, account: User, form: UnlockForm) -> bool:
    """Open the desk if the code or the password of this account is right; else say so in the form."""
    name, typed = account.get_username(), form.cleaned_data
    if not limits.may_try(request, name):
        form.add_error(None, _("Too many tries. Wait a quarter of an hour, or let somebody else sign in."))
        return False
    by_code = bool(typed["code"]) and factors.check(account, typed["code"]) is not None
    if not by_code and not (typed["password"] and check_password(typed["password"], account.password)):
        _record(Action.UNLOCK, studio, account, "refused")
        form.add_error(None, _("This is not right. Wait for the next code of your app, or use your password."))
        return False
    limits.was_right(name)
    session.set_state(request, State.OPEN)
    if by_code:
        session.proven(request)
    _record(Action.UNLOCK, studio, account, "ok")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Show nothing any more until the same person unlocks it."""
    if request.method != "POST":
        return not_allowed(request, ["POST"])
    session.set_state(request, State.LOCKED)
    return session.turned(redirect("desk-unlock", studio=studio.slug))


@require_http_methods(["GET", "HEAD", "POST"])
def presence(request: HttpRequest, studio: Studio) -> HttpResponse:  # noqa: ARG001
    """Tell a page's script whether the desk is open; POST says that somebody is there, or that the page has gone."""
    request.asked_by_script = True  # type: ignore[attr-defined]  # for the middleware of sessions
    is_open = session.is_open(request)
    if is_open and request.method == "POST":
        session.left(request) if "left" in request.POST else session.here(request)
    return JsonResponse({"open": is_open})


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest, studio: Studio) -> HttpResponse:
    """End the session."""
    if request.method != "POST":
        return not_allowed(request, ["POST"])
    end(request, studio)
    messages.success(request, _("You are signed out."))
    return session.turned(redirect("desk-sign-in", studio=studio.slug))


def end(request: HttpRequest, studio: Studio | None = None) -> None:
    """End the session and record it; whoever is out is out, so a trail that can't be written now is logged."""
    account = session.whose(request)
    if session.KEY in request.session:
        session.end(request)
    if account is None:
        return
    try:
        _record(Action.DESK_SIGN_OUT, studio, account, "ok")
    except DatabaseError:
        logger.exception("a sign-out could not be recorded")


def _record(action: Action, studio: Studio | None, account: User | None, outcome: str) -> None:
    """Record it at every studio of the account, for it opens them all; else at the studio of the page."""
    own = accounts.studios_of(account) if account else []
    name = account.get_username() if account else "unknown"
    for slug in own or [studio.slug if studio else ""]:
        record(action, studio=slug, actor=name, customer_id=None, outcome=outcome)
