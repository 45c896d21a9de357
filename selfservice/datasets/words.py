"""What the pages say about a request: what happened, what it means, what to do next."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..errors import seconds_to_wait
from ..perfectgym.errors import Busy, GymError, Invalid, KeyRejected, NotFound, ScopeMissing
from .service import Outcome, Result, WithdrawOutcome


@dataclass(frozen=True)
class Notice:
    """One statement above a page; `level` is "info", "warning" or "error"."""

    text: str
    level: str = "warning"
    title: str = ""


def done(outcome: Outcome) -> str:
    """Say that a change arrived."""
    if outcome is Outcome.SAVED:
        return _("Your change has taken effect.")
    return _("Your request has been sent. It takes effect when your studio has checked it.")


def not_done(result: Result) -> Notice:
    """Say why a change did not arrive, or that nobody can tell."""
    if result.outcome is Outcome.NOT_FOUND:
        return Notice(
            _(
                "The studio's system did not confirm your change, and it is not there. "
                "Your entry is still below. Please try again."
            ),
            "error",
            _("Not confirmed"),
        )
    if result.outcome is Outcome.UNKNOWN:
        return Notice(
            _(
                "The studio's system did not answer, so we can't tell whether your change arrived. "
                "Look at this page again in a few minutes before you repeat it. Your entry is still below."
            ),
            "error",
            _("We can't tell yet"),
        )
    return unreachable(result.error)


def conflict() -> Notice:
    """Say that the data changed in the very moment of sending."""
    return Notice(
        _("Something else was changed at the same moment. Your entry was not sent. Compare, then try again."),
        "warning",
        _("Changed meanwhile"),
    )


def perhaps_pending() -> Notice:
    """Say that a request waits of which nobody can tell whether it is this one."""
    return Notice(
        _(
            "A request is waiting now, but the studio's system did not confirm that it is yours. "
            "Compare it with your entry."
        ),
        "warning",
        _("We can't tell for sure"),
    )


def still_sending() -> Notice:
    """Say that an earlier click is still being worked on."""
    return Notice(
        _("An earlier change is still being sent. Nothing more was sent; look at this page again in a minute."),
        "warning",
        _("Not sent"),
    )


def refused(error: GymError) -> Notice:
    """Say what PerfectGym did not accept, in its own words where it has some."""
    start = _("The studio's system did not accept the change. Nothing was changed.")
    own_words = error.message.strip() if isinstance(error, Invalid) else ""
    return Notice(f"{start} {own_words}".strip(), "error", _("Not accepted"))


def unreachable(error: GymError | None) -> Notice:
    """Say that nothing was sent because the studio's system could not be reached."""
    if isinstance(error, Busy):
        wait = seconds_to_wait(error)
        when = ngettext("Try again in %(n)d second.", "Try again in %(n)d seconds.", wait) % {"n": wait} if wait else ""
        text = _("The studio's system is busy. Nothing was sent, and your entry is still here.")
        return Notice(f"{text} {when or _('Try again in a minute.')}", "warning", _("Not sent"))
    if isinstance(error, KeyRejected | ScopeMissing | NotFound):
        text = _(
            "The studio's system does not accept this from the portal. Nothing was changed. Please tell your studio."
        )
        return Notice(text, "error", _("Not sent"))
    text = _("The studio's system did not answer. Nothing was sent, and your entry is still here. Please try again.")
    return Notice(text, "error", _("Not sent"))


def not_recorded() -> Notice:
    """Say that nothing was sent because the portal could not keep its record."""
    return Notice(
        _(
            "The portal has a problem of its own, so nothing was sent. "
            "Your entry is still here. Try again in a few minutes."
        ),
        "error",
        _("Not sent"),
    )


def outdated() -> Notice:
    """Say that the data changed while the form was open."""
    return Notice(
        _(
            "The data at your studio was changed while this page was open. Nothing was sent. "
            "Compare what holds now with your entry, then send it again."
        ),
        "warning",
        _("Changed meanwhile"),
    )


def interrupted(title: str, *, withdrawal: bool) -> str:
    """Say that the portal was stopped while something was being sent, and that nobody saw what became of it."""
    if withdrawal:
        text = _(
            "While you were withdrawing your request for “%(title)s”, the portal was interrupted. "
            "Look whether it still waits. If it does, withdraw it again."
        )
    else:
        text = _(
            "While your change of “%(title)s” was being sent, the portal was interrupted. "
            "Look whether it is there. If it is not, please send it again."
        )
    return text % {"title": title}


def nothing_changed() -> Notice:
    """Say that there is nothing to send."""
    return Notice(_("Nothing was sent: this is what your studio already has."), "info")


def locked() -> Notice:
    """Say that the studio no longer lets members change this."""
    return Notice(
        _("Your studio has just closed this for changes. Your entry was not sent; ask at the desk to have it changed."),
        "warning",
        _("Not sent"),
    )


def already_pending() -> Notice:
    """Say that another request waits."""
    return Notice(
        _(
            "Another change is already waiting for the studio. Your entry was not sent. "
            "You can change or withdraw what waits."
        ),
        "warning",
        _("Not sent"),
    )


def after_withdrawal(notice: Notice, *, settled: bool) -> Notice:
    """Say also that the request which was to be replaced is gone; `settled`: and that no other took its place."""
    gone = _("Your earlier request has been withdrawn.")
    if settled:
        gone = _("Your earlier request has been withdrawn, so nothing is waiting at the studio now.")
    return Notice(f"{notice.text} {gone}", notice.level, notice.title)


def not_replaced(outcome: WithdrawOutcome) -> Notice:
    """Say why a request was not replaced by another."""
    notice = withdrawal(outcome)
    return Notice(f"{notice.text} {_('Your new entry was not sent.')}", notice.level, _("Not sent"))


def already_asked() -> Notice:
    """Say that the request that waits is this very one."""
    return Notice(_("Nothing was sent: this is what you have already asked for."), "info")


def withdrawal(outcome: WithdrawOutcome) -> Notice:
    """Say what became of a withdrawal."""
    return {
        WithdrawOutcome.WITHDRAWN: Notice(_("Your request has been withdrawn. Nothing was changed."), "success"),
        WithdrawOutcome.NOTHING_PENDING: Notice(
            _("This request was no longer waiting. Below you see what holds now."), "info"
        ),
        WithdrawOutcome.ANOTHER_PENDING: Notice(
            _("Another request is waiting than the one you saw. Nothing was withdrawn. Please look at it first.")
        ),
        WithdrawOutcome.NO_NUMBER: Notice(
            _("This request can't be withdrawn here. Please ask at the desk. Nothing was changed.")
        ),
        WithdrawOutcome.NOT_DONE: Notice(
            _("The request could not be withdrawn and still waits. Please try again."), "error"
        ),
        WithdrawOutcome.UNKNOWN: Notice(
            _(
                "The studio's system did not answer, so we can't tell whether the request was withdrawn. "
                "Look again in a few minutes."
            ),
            "error",
        ),
    }[outcome]
