"""How often a password or a code may be tried, and members looked for, at the desk."""

from django.http import HttpRequest
from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute

from ..counters import clear, hit, key
from ..signin.known import known_browser
from ..signin.limits import client_network
from . import session

PER_ACCOUNT = RateLimitItemPerMinute(8, 15, namespace="desk")
PER_ACCOUNT_AND_DAY = RateLimitItemPerDay(60, namespace="desk")
# A studio's tablets share one network.
PER_NETWORK = RateLimitItemPerHour(120, namespace="desk")


def may_try(request: HttpRequest, account: str) -> bool:
    """Count a try for an account, also for one that does not exist, and say whether it may be looked at.

    Whoever is on duty, locked or not, has limits of their own: no stranger, and nobody in the studio's network, is in
    the way of unlocking.
    """
    on_duty = session.whose(request)
    if on_duty is not None and on_duty.get_username() == account:
        own = _on_duty(account)
        return hit(PER_ACCOUNT, own) and hit(PER_ACCOUNT_AND_DAY, own)
    # The network first: one that is over its limit must not lock accounts out.
    whose = _signing_in(account)
    if (
        hit(PER_NETWORK, key("desk-network", client_network(request)))
        and hit(PER_ACCOUNT, whose)
        and hit(PER_ACCOUNT_AND_DAY, whose)
    ):
        return True
    # A stranger may have used up all of them; where the person has been in before, nobody keeps them out.
    browser = known_browser(request, None, account)
    known = key("desk-browser", browser)
    return bool(browser) and hit(PER_ACCOUNT, known) and hit(PER_ACCOUNT_AND_DAY, known)


def was_right(account: str) -> None:
    """Forget the tries of the last minutes: the person is who they say.

    On duty those of the day too: a desk is unlocked as often as nobody was there for five minutes.
    """
    clear(PER_ACCOUNT, _signing_in(account))
    clear(PER_ACCOUNT, _on_duty(account))
    clear(PER_ACCOUNT_AND_DAY, _on_duty(account))


def _signing_in(account: str) -> str:
    return key("desk-account", account.strip().lower())


def _on_duty(account: str) -> str:
    return key("desk-on-duty", account)
