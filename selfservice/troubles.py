"""The words of the error pages: what happened, what it means, what to do next."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .text import Text


@dataclass(frozen=True)
class Trouble:
    """The words of one error page."""

    status: int
    heading: Text
    what: Text
    next_step: Text


TROUBLES = {
    trouble.status: trouble
    for trouble in (
        Trouble(
            400,
            _("We could not read that request"),
            _("Something in what your browser sent was not as we expected it. Nothing was changed."),
            _("Go back, reload the page and try again, or begin at the start page."),
        ),
        Trouble(
            403,
            _("You can't open this page"),
            _("This page is not open to you, or your sign-in has ended. Nothing was changed."),
            _("Begin again at the start page."),
        ),
        Trouble(
            404,
            _("There is no such page"),
            _("The address may be mistyped, or the page has moved."),
            _("Begin again at the start page."),
        ),
        Trouble(
            405,
            _("This address can't be opened like that"),
            _("It only takes what a button on one of our pages sends. Nothing was changed."),
            _("Begin again at the start page."),
        ),
        Trouble(
            413,
            _("That was too much at once"),
            _("What your browser sent is larger than anything our pages ask for. Nothing was changed."),
            _("Go back, shorten what you entered and try again."),
        ),
        Trouble(
            429,
            _("Too many requests at once"),
            _("The studio's system asks us to wait for a moment. Nothing was changed."),
            _("Wait a minute, then try again."),
        ),
        Trouble(
            500,
            _("Something went wrong on our side"),
            _("An error in the portal stopped this page. It was recorded, and it is not your fault."),
            _(
                "Look at your data before you repeat a change: it may have arrived. "
                "If the error stays, tell your studio."
            ),
        ),
        Trouble(
            502,
            _("The studio's system gave an answer we can't read"),
            _("It answered, but not in a way that we can show you."),
            _("Try again in a few minutes. If it stays like this, tell your studio."),
        ),
        Trouble(
            503,
            _("The studio's system is not available right now"),
            _("It does not take requests at the moment."),
            _("Try again in a few minutes."),
        ),
        Trouble(
            504,
            _("The studio's system takes too long to answer"),
            _("We waited as long as makes sense."),
            _("Try again in a few minutes."),
        ),
    )
}
CSRF = Trouble(
    403,
    _("We could not make sure that this came from you"),
    _(
        "The page was open for too long, you signed in or out in another tab, or your browser keeps no cookies for us. "
        "To protect you, nothing was changed."
    ),
    _("Go back, reload the page and try again. If it stays like this, allow cookies for this site."),
)
INTERRUPTED = Trouble(
    400,
    _("You were signed out meanwhile"),
    _("You signed out in another tab while this page was working. What you sent may have arrived."),
    _("Sign in again and look at your data before you repeat a change."),
)
TOO_OFTEN = Trouble(
    429,
    _("Too many pages in a short time"),
    _(
        "So many of your pages were asked for within a minute that the portal pauses, so that the studio's system has "
        "time for everybody. Nothing was sent and nothing was changed."
    ),
    _("Wait a minute, then go back and try again."),
)
ENDED = Trouble(
    403,
    _("Not a member"),
    _("The data of somebody who is no member, or not any more, can be looked at, but not changed. Nothing was sent."),
    _("If they are one, bring the membership up to date in PerfectGym first."),
)
NOT_SET_UP = Trouble(
    503,
    _("The portal is not set up correctly"),
    _("The studio's system does not let the portal in. You did nothing wrong."),
    _("Please tell your studio: only they can put it right."),
)
FULL = Trouble(
    503,
    _("Too many requests at once"),
    _("So many people are here at the moment that we could not begin with this page. Nothing was changed."),
    _("Wait a minute, then try again."),
)
OWN_RECORDS = Trouble(
    503,
    _("The portal has a problem of its own"),
    _("It can't reach its own records at the moment, so nothing was changed. You did nothing wrong."),
    _("Try again in a few minutes. If it stays like this, tell your studio."),
)
