"""What the pages say about the codes that a change needs: what happened, what it means, what to do next."""

from django.utils.translation import gettext as _

from ..signin.codes import State
from ..signin.pages import ENDINGS
from .words import Notice


def no_address(*, known: bool) -> Notice:
    """Say that no code can be mailed: there is no address on file, or it can't be had now."""
    if known:
        text = _(
            "To protect you, we confirm this change with a code by e-mail, and your studio has no address of yours "
            "that we can write to. Nothing was sent. Please ask at the desk."
        )
        return Notice(text, "warning", _("Not sent"))
    text = _(
        "We confirm this change with a code by e-mail and could not look up your address just now. "
        "Nothing was sent, and your entry is still here. Try again in a minute."
    )
    return Notice(text, "error", _("Not sent"))


def code_not_mailed() -> Notice:
    """Say that the mail server did not take the mail with the code."""
    return Notice(
        _(
            "We could not send the mail with the code just now. Nothing was changed, and your entry is still here. "
            "Try again in a minute."
        ),
        "error",
        _("No mail sent"),
    )


def too_many_codes() -> Notice:
    """Say that no more codes are mailed for a while."""
    return Notice(
        _(
            "You have asked for many codes in a short time, so no more are sent for now. Nothing was changed, and your "
            "entry is still here. Try again in 15 minutes."
        ),
        "warning",
        _("No mail sent"),
    )


def newest_code() -> Notice:
    """Say that the codes before this one are worth nothing."""
    return Notice(_("Please use the code from the newest mail. Older codes don't work any more."), "info")


def code_refused(state: State = State.USED) -> Notice:
    """Say why a code does not count: too old, too many wrong ones before it, or used."""
    text = _("Nothing was sent. Your entry is still here: send it again to get a new code.")
    if state is State.USED:
        text = _("Nothing more was sent. Look at your data before you send your entry again; it is still here.")
    title = ENDINGS[state].heading if state is not State.UNKNOWN else _("This code does not count any more")
    return Notice(text, "warning", str(title))
