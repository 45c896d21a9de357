"""The calls around a change: the change itself, its withdrawal, the customer on file who gets a mail about it."""

from collections.abc import Iterator

from .faults import REFUSED, SILENT, Fault
from .trial import JONAS, CallTrial, Trial, Visit

SET = "contact-data"
PATH = f"*/{SET}"
TYPED, HELD = "030 23125555", "+49 30 23125555"
ARRIVED = ("Your request has been sent.", "Your change has taken effect.")
NOT_ARRIVED = ("it is not there", "Nothing was sent", "Nothing was changed", "was not sent")
CANT_TELL = ("we can't tell", "did not confirm that it is yours")
GONE, STILL_THERE = "Your request has been withdrawn", "still waits"
TWICE = "sent twice"
LOST = "typed value lost"


class Change(CallTrial):
    """A new telephone number."""

    name, method, path = "change", "POST", PATH

    def prepare(self, trial: Trial) -> None:
        """Open the form."""
        trial.sign_in()
        trial.know_the_studio()
        trial.typed = trial.open("profile/contact/").values | {"phone_private": TYPED}

    def act(self, trial: Trial) -> Visit:
        """Send it."""
        return trial.visit(lambda: trial.client.post(trial.url("profile/contact/"), trial.typed))

    def untrue(self, trial: Trial, visit: Visit) -> Iterator[str]:
        """What holds at the studio, what the page says of it, how often it was sent, what is left of the entry."""
        page, holds = visit.last, _holds(trial)
        arrived, missed = page.says(*ARRIVED), page.says(*NOT_ARRIVED)
        if arrived and not holds:
            yield "wrong statement: said to have arrived"
        if missed and holds:
            yield "wrong statement: said not to have arrived"
        if arrived == missed and not page.says(*CANT_TELL):
            yield "wrong statement: does not say what became of it"
        if page.says(ARRIVED[trial.case.customer_id != JONAS]):
            yield "wrong statement: when it takes effect"
        if trial.case.fault.is_harmless and not arrived:
            yield "wrong statement: nothing is known of what arrived"
        if not arrived and page.values.get("phone_private") != TYPED:
            yield LOST
        yield from self._sent(trial)

    def _sent(self, trial: Trial) -> Iterator[str]:
        sent = [method for method, _path in trial.gym.requests() if method == "POST"]
        # A request that was turned away at the door may be sent again when the door is open.
        if len(sent) > 1 and trial.case.fault.status != 429:
            yield TWICE


class Beside(Change):
    """The customer on file, who is asked for beside a change; whatever becomes of that, the change is made."""

    name, method, path = "customer", "GET", "/v1/customers/1001"

    def untrue(self, trial: Trial, visit: Visit) -> Iterator[str]:
        """The change arrives and the page says so."""
        yield from super().untrue(trial, visit)
        if not (_holds(trial) and visit.last.says(*ARRIVED)):
            yield "wrong statement: the change was given up"


class Withdrawal(CallTrial):
    """The withdrawal of a request that waits."""

    name, method, path = "withdrawal", "DELETE", "*/amendment/*"

    def prepare(self, trial: Trial) -> None:
        """Let a request wait, and open the page that withdraws it."""
        trial.gym.ask_for(trial.case.customer_id, SET, {"phonePrivate": HELD})
        trial.sign_in()
        trial.know_the_studio()
        trial.typed = trial.open("profile/contact/withdraw/").values

    def act(self, trial: Trial) -> Visit:
        """Withdraw it."""
        return trial.visit(lambda: trial.client.post(trial.url("profile/contact/withdraw/"), trial.typed))

    def untrue(self, trial: Trial, visit: Visit) -> Iterator[str]:
        """What waits at the studio, and what the page says of it."""
        page, waits = visit.last, trial.gym.pending(trial.case.customer_id, SET) is not None
        gone, there = page.says(GONE, "no longer waiting"), page.says(STILL_THERE)
        if gone and waits:
            yield "wrong statement: said to be withdrawn"
        if there and not waits:
            yield "wrong statement: said to wait"
        if gone == there and not page.says("we can't tell"):
            yield "wrong statement: does not say what became of it"
        if trial.case.fault.is_usable and not gone:
            yield "wrong statement: nothing is known of what was done"


def effects(fault: Fault, *, needs_body: bool) -> list[bool]:
    """Return whether a change may have been applied behind this fault: yes, no, or both.

    An answer that says "done" of what was not done, or "refused" of what was, is left out: nobody could notice.
    """
    if fault.name == "reset-before" or fault.status in REFUSED:
        return [False]
    if fault.is_usable or fault.name == "reset-after":
        return [True]
    lies = not needs_body and (fault.name not in SILENT)
    return [True] if lies else [True, False]


def _holds(trial: Trial) -> bool:
    customer_id = trial.case.customer_id
    at = trial.gym.values(customer_id, SET) if customer_id == JONAS else trial.gym.pending(customer_id, SET)
    return (at or {}).get("phonePrivate") == HELD
