"""What to tell a member when PerfectGym can't say who they are."""

from django.utils.translation import gettext_lazy as _

from ..errors import TROUBLES, Trouble, status_of
from ..perfectgym.errors import GymError, KeyRejected, ScopeMissing

NOT_SET_UP = Trouble(
    503,
    _("The portal is not set up correctly"),
    _("PerfectGym does not let the portal look up members. You did nothing wrong."),
    _("Please tell your studio: only they can put it right."),
)


def trouble_of(error: GymError) -> Trouble:
    """Return the words and the HTTP status for a look-up that failed."""
    return NOT_SET_UP if isinstance(error, KeyRejected | ScopeMissing) else TROUBLES[status_of(error)]
