"""Whose data a request may see: the one question every view of a data set asks first."""

from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ..audit import MEMBER
from ..perfectgym.client import Deadline
from ..signin.session import mark, signed_in
from ..studios.middleware import picked
from ..studios.studio import Studio


class IdentityForm(Protocol):
    """Asks whoever helps a person how they have made sure who it is."""

    @property
    def proof(self) -> str:
        """What the audit trail says of it."""

    def is_valid(self) -> bool:
        """Say whether everything is there and right."""


class Helper(Protocol):
    """Somebody at the desk who helps the person whose data it is."""

    @property
    def person(self) -> str:
        """The person's name."""

    @property
    def number(self) -> str:
        """The person's membership number."""

    @property
    def done_url(self) -> str:
        """The address at which helping this person ends."""

    def identity_form(self, data: QueryDict | None = None) -> IdentityForm:
        """Return the form with which the helper says that they have checked who the person is."""

    def sign_url(self, slug: str) -> str:
        """Return the address to which a change of a data set goes that is to be signed elsewhere than in its form."""


@dataclass(frozen=True)
class Access:
    """The studio, the customer, and who acts ("member", or the account of somebody at the desk).

    `language` is the page's, `picked_language` the one that the person chose, "" when none, `mail_language` the one of
    codes that are mailed, "" for the page's. `session` tells one browser's session from all others; `namespace` and
    `route` say where the pages of this access live, so that links stay within it; `proof` is how the person proved that
    they may ask for what follows, beside being signed in. `helper` is somebody at the desk, None for members
    themselves; `may_change`: nothing can be changed for somebody whose membership has ended.
    """

    studio: Studio
    customer_id: int
    actor: str
    language: str
    picked_language: str
    session: str
    namespace: str
    route: tuple[tuple[str, Any], ...]
    proof: str = ""
    mail_language: str = ""
    helper: Helper | None = None
    may_change: bool = True

    def url(self, name: str, **kwargs: str) -> str:
        """Return the address of a page of this access: `overview`, `data-set`, `confirm`, `withdraw`."""
        return reverse(f"{self.namespace}:{name}", kwargs=dict(self.route) | kwargs)


class NoAccess(Exception):
    """The request may see nobody's data; `response` says why, or leads to where that can be mended."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__("no access")
        self.response = response


def member_access(request: HttpRequest, _deadline: Deadline, studio: Studio) -> Access:
    """Return the access of the signed-in member; raise NoAccess, leading to the sign-in and back, without one."""
    member = signed_in(request, studio)
    if member is None:
        if request.method == "POST":
            messages.warning(request, _("Your sign-in has ended, so nothing was sent. Sign in again, then repeat it."))
        elif getattr(request, "sign_in_ended", False):
            messages.info(request, _("To protect your data, your sign-in has ended. Sign in again to go on."))
        back = urlencode({"next": request.path})
        raise NoAccess(redirect(f"{reverse('sign-in', kwargs={'studio': studio.slug})}?{back}"))
    return Access(
        studio,
        member.customer_id,
        MEMBER,
        language=request.LANGUAGE_CODE,
        picked_language=picked(request),
        session=mark(request),
        namespace="profile",
        route=(("studio", studio.slug),),
    )
