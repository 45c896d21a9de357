"""After the right code: find the person, let a family choose, open the session."""

import logging

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ..audit import MEMBER, Action, record
from ..errors import error_page, trouble_of, with_retry_after
from ..fields.email import readable
from ..perfectgym.errors import Busy, GymError
from ..perfectgym.models import Customer
from ..studios.studio import Studio
from . import codes, limits
from .claim import Claim, forget_claim, keep_claim
from .destination import destination
from .known import remember
from .pages import ended_page
from .people import members_with, told_apart
from .session import sign_in

logger = logging.getLogger(__name__)


def enter(request: HttpRequest, studio: Studio, claim: Claim, chosen: str = "") -> HttpResponse:
    """Sign in the member whose address has been proven; the choice page if there are several and none is `chosen`.

    `chosen` is a customer id as the browser sent it: refused unless PerfectGym names it for this very address.
    """
    members = _members_or_page(request, studio, claim)
    if isinstance(members, HttpResponse):
        return members
    if not chosen and len(members) > 1:
        response: HttpResponse = redirect("sign-in-member", studio=studio.slug)
        keep_claim(response, studio, claim)
        return response
    member = next((one for one in members if chosen in ("", str(one.id))), None)
    if member is None:
        _record(studio, "not-allowed")
        return error_page(request, 403)
    return _open_session(request, studio, claim, member)


def choice_page(request: HttpRequest, studio: Studio, claim: Claim) -> HttpResponse:
    """Return the page that asks which of the members with this address is there."""
    members = _members_or_page(request, studio, claim)
    if isinstance(members, HttpResponse):
        return members
    return render(request, "signin/member.html", {"people": told_apart(members)})


def _members_or_page(request: HttpRequest, studio: Studio, claim: Claim) -> list[Customer] | HttpResponse:
    """Return the members with the proven address, or the page that says why there are none to choose from."""
    try:
        members = _look_up(request, studio, claim)
    except GymError as error:
        return _later(request, studio, claim, error)
    return members or _no_membership(request, studio, claim)


def _look_up(request: HttpRequest, studio: Studio, claim: Claim) -> list[Customer]:
    if not limits.may_look_up(studio, claim.address):
        raise Busy(reason="sign-in limit", retry_after=limits.LOOK_UPS.get_expiry())
    return members_with(studio, claim.address, request.LANGUAGE_CODE)


def _open_session(request: HttpRequest, studio: Studio, claim: Claim, member: Customer) -> HttpResponse:
    # All of it or nothing: no trail of a sign-in that failed, no code lost for it.
    with transaction.atomic():
        if not codes.use_up(studio.slug, claim.nonce):
            return ended_page(request, codes.State.USED)
        sign_in(request, studio, member.id)
        request.session.save()
        _record(studio, "ok", member.id)
    response = redirect(destination(studio, claim.then))
    forget_claim(response)
    remember(request, response, studio, claim.address)
    return response


def _no_membership(request: HttpRequest, studio: Studio, claim: Claim) -> HttpResponse:
    """Say so, and keep the proof: when the desk has put the address right, the same code still counts."""
    _record(studio, "no-membership")
    response = render(request, "signin/no_membership.html", {"address": readable(claim.address)})
    keep_claim(response, studio, claim)
    return response


def _later(request: HttpRequest, studio: Studio, claim: Claim, error: GymError) -> HttpResponse:
    """Say why it does not work now, and keep the proof, so that trying again needs no other code."""
    logger.warning("a sign-in at %s has to wait: %s", studio.slug, error)
    trouble = trouble_of(error)
    response = render(request, "signin/later.html", {"trouble": trouble}, status=trouble.status)
    with_retry_after(response, error)
    keep_claim(response, studio, claim)
    return response


def _record(studio: Studio, outcome: str, customer_id: int | None = None) -> None:
    record(Action.SIGN_IN, studio=studio.slug, actor=MEMBER, customer_id=customer_id, outcome=outcome)
