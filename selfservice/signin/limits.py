"""How often anybody may ask: moving windows over keyed hashes, shared by all processes when Redis is the cache."""

import ipaddress
import logging
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from ..fields.email import mailbox
from ..studios.studio import Studio

PER_ADDRESS = RateLimitItemPerMinute(3, 15, namespace="sign-in")
PER_ADDRESS_AND_DAY = RateLimitItemPerDay(10, namespace="sign-in")
PER_IP = RateLimitItemPerHour(60, namespace="sign-in")
LOOK_UPS = RateLimitItemPerMinute(20, 15, namespace="look-up")
REDIS_SECONDS = 0.5

T = TypeVar("T")

logger = logging.getLogger(__name__)


def may_mail(request: HttpRequest, studio: Studio, address: str) -> bool:
    """Count a code for this address, and say whether it may be mailed.

    Five tries for each of ten codes a day are also all that anybody can guess for one address.
    """
    # The network first: one that is over its limit must not use up the limits of other people's addresses.
    who = _address_key(studio, address)
    return (
        _hit(PER_IP, _key("network", client_network(request)))
        and _hit(PER_ADDRESS, who)
        and _hit(PER_ADDRESS_AND_DAY, who)
    )


def not_mailed(studio: Studio, address: str) -> None:
    """Take back what may_mail() counted in the short window, because the mail server failed; the day's limit stays."""
    _counted(lambda counters: counters.clear(PER_ADDRESS, _address_key(studio, address)))


def may_look_up(studio: Studio, address: str) -> bool:
    """Count a question to PerfectGym by the owner of this address, and say whether it may be asked.

    Without this one mailbox could use up the requests that PerfectGym allows the whole studio.
    """
    return _hit(LOOK_UPS, _address_key(studio, address))


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


def _key(kind: str, value: str) -> str:
    return salted_hmac(f"selfservice.signin.limit.{kind}", value, algorithm="sha256").hexdigest()


def _address_key(studio: Studio, address: str) -> str:
    return _key("address", f"{studio.slug}:{mailbox(address)}")


def _hit(limit: RateLimitItem, key: str) -> bool:
    return _counted(lambda counters: counters.hit(limit, key))


def _counted(action: Callable[[MovingWindowRateLimiter], T]) -> T:
    shared = _in_redis(_redis_url())
    try:
        return action(shared or in_memory())
    except StorageError:
        # Without Redis every process counts for itself: a looser limit, but still one, and members get in.
        logger.warning("Redis does not answer: sign-in limits are counted in this process alone")
        return action(in_memory())


def _redis_url() -> str:
    """Return the address of Redis in the spelling of the limits library, or "" when Redis is not the cache."""
    location = settings.CACHES["default"].get("LOCATION", "")
    url = str(location if isinstance(location, str) else location[0])
    return url if url.startswith(("redis://", "rediss://")) else ""


@cache
def in_memory() -> MovingWindowRateLimiter:
    """Return the counters of this process."""
    return MovingWindowRateLimiter(MemoryStorage())


@cache
def _in_redis(url: str) -> MovingWindowRateLimiter | None:
    if not url:
        return None
    storage = RedisStorage(
        url, wrap_exceptions=True, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    return MovingWindowRateLimiter(storage)
