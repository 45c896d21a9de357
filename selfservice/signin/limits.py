"""How often anybody may ask."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute

from ..counters import clear, hit, key, seconds_until_free
from ..fields.email import mailbox
from ..studios.studio import Studio
from .known import known_browser

PER_ADDRESS = RateLimitItemPerMinute(3, 15, namespace="sign-in")
PER_ADDRESS_AND_DAY = RateLimitItemPerDay(10, namespace="sign-in")
PER_IP = RateLimitItemPerHour(60, namespace="sign-in")
# Beside these: in each browser in which the owner of the address has signed in before, and in all of them together.
PER_BROWSER = RateLimitItemPerMinute(3, 15, namespace="sign-in-browser")
PER_BROWSER_AND_DAY = RateLimitItemPerDay(10, namespace="sign-in-browser")
PER_OWNER = RateLimitItemPerMinute(9, 15, namespace="sign-in-owner")
PER_OWNER_AND_DAY = RateLimitItemPerDay(30, namespace="sign-in-owner")
LOOK_UPS = RateLimitItemPerMinute(20, 15, namespace="look-up")
# A stolen session has limits of its own, so that it leaves some to the owner.
CONFIRMATIONS = RateLimitItemPerMinute(8, 15, namespace="confirm")
CONFIRMATIONS_A_DAY = RateLimitItemPerDay(40, namespace="confirm")
PER_MEMBER = RateLimitItemPerMinute(16, 15, namespace="confirm-member")
PER_MEMBER_AND_DAY = RateLimitItemPerDay(80, namespace="confirm-member")
# A page costs four calls, and PerfectGym allows the whole studio a thousand in a minute.
PAGES = RateLimitItemPerMinute(120, namespace="page")


def may_mail(request: HttpRequest, studio: Studio, address: str) -> bool:
    """Count a code for this address, and say whether it may be mailed.

    Five tries for each of forty codes a day are also all that anybody can guess for one address.
    """
    # The network first: one that is over its limit must not use up the limits of other people's addresses.
    whose = _address_key(studio, address)
    if (
        hit(PER_IP, key("network", client_network(request)))
        and hit(PER_ADDRESS, whose)
        and hit(PER_ADDRESS_AND_DAY, whose)
    ):
        return True
    # A stranger may have used up both; where the owner has been in before, nobody can lock them out.
    browser = _browser_key(request, studio, address)
    return (
        bool(browser)
        and hit(PER_BROWSER, browser)
        and hit(PER_BROWSER_AND_DAY, browser)
        and hit(PER_OWNER, whose)
        and hit(PER_OWNER_AND_DAY, whose)
    )


def not_mailed(request: HttpRequest, studio: Studio, address: str) -> None:
    """Take back what may_mail() counted in the short windows, because the mail server failed; the days' limits stay."""
    whose = _address_key(studio, address)
    browser = _browser_key(request, studio, address)
    for limit, counted in ((PER_ADDRESS, whose), (PER_OWNER, whose), (PER_BROWSER, browser)):
        clear(limit, counted)


def may_look_up(studio: Studio, address: str) -> bool:
    """Count a question to PerfectGym by the owner of this address, and say whether it may be asked.

    Without this one mailbox could use up the requests that PerfectGym allows the whole studio.
    """
    return hit(LOOK_UPS, _address_key(studio, address))


def may_confirm(studio: Studio, customer_id: int, session: str, new_address: str) -> bool:
    """Count a code that confirms a change, and say whether it may be mailed.

    `session` tells one of the member's sessions from the others; `new_address` is "" for a code to the address on file.
    Apart from the limits of the sign-in: nobody who asks for codes in somebody else's name is in their way here.
    """
    member = key("confirm", f"{studio.slug}:{customer_id}")
    browser = key("confirm-session", f"{studio.slug}:{customer_id}:{session}")
    return (
        hit(CONFIRMATIONS, browser)
        and hit(CONFIRMATIONS_A_DAY, browser)
        and hit(PER_MEMBER, member)
        and hit(PER_MEMBER_AND_DAY, member)
        and (not new_address or hit(CONFIRMATIONS, key("confirm-address", f"{studio.slug}:{mailbox(new_address)}")))
    )


def seconds_to_pause(studio: Studio, customer_id: int) -> int:
    """Count a page with this customer's data; return 0, or in how many seconds the next one may be asked for."""
    whose = key("customer", f"{studio.slug}:{customer_id}")
    return 0 if hit(PAGES, whose) else seconds_until_free(PAGES, whose)


def client_network(request: HttpRequest) -> str:
    """Return where a request comes from: an IPv4 address, or the /64 that IPv6 gives to one household; "" if unknown.

    TRUSTED_PROXIES tells which entry of X-Forwarded-For, counted from the right, our own outermost proxy wrote;
    everything left of it is what the client says about itself.
    """
    remote = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXIES
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    return (_network(forwarded[-hops]) if 0 < hops <= len(forwarded) else "") or _network(remote)


def _network(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((int(address), 64), strict=False))


def _address_key(studio: Studio, address: str) -> str:
    return key("address", f"{studio.slug}:{mailbox(address)}")


def _browser_key(request: HttpRequest, studio: Studio, address: str) -> str:
    """Return "" for a browser in which the owner of the address was not the last to sign in."""
    browser = known_browser(request, studio, address)
    return key("browser", browser) if browser else ""
