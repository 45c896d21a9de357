"""Asking for a code: the same for every address, whoever it belongs to and whether it is over its limit."""

from dataclasses import replace

from django.http import HttpRequest

from ..fields.email import mailbox
from ..mail import MailNotSent, send_code
from ..studios.studio import Studio
from . import codes, limits
from .claim import Claim


def ask_for_code(request: HttpRequest, studio: Studio, claim: Claim, before: Claim | None) -> Claim:
    """Mail a code to the address of `claim` and return the claim with the nonce it is proven with.

    `before` is what this browser asked for last: its code stops working, unless this one is over the limit, for then it
    still is the newest that was mailed. Raises MailNotSent; then everything is as it was.
    """
    if limits.may_mail(request, studio, claim.address):
        nonce = _mailed(request, studio, claim.address)
    elif before and mailbox(before.address) == mailbox(claim.address) and _is_open(studio, before):
        nonce = before.nonce
    else:
        nonce = codes.begin(studio.slug, None)
    if before and before.nonce != nonce:
        codes.give_up(studio.slug, before.nonce)
    return replace(claim, nonce=nonce)


def _mailed(request: HttpRequest, studio: Studio, address: str) -> str:
    code = codes.new_code()
    nonce = codes.begin(studio.slug, code)
    try:
        send_code(studio, address, codes.spaced(code), request.LANGUAGE_CODE)
    except MailNotSent:
        codes.give_up(studio.slug, nonce)
        limits.not_mailed(request, studio, address)
        raise
    return nonce


def _is_open(studio: Studio, claim: Claim) -> bool:
    return codes.standing(studio.slug, claim.nonce).state is codes.State.OPEN
