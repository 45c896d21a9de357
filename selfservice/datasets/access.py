"""Whose data a request may see: the one question every view of a data set asks first."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ..signin.session import signed_in
from ..studios.studio import Studio


@dataclass(frozen=True)
class Access:
    """The studio, the customer, and who acts ("member" or a person at the desk); `language` is the page's.

    `namespace` and `route` say where the pages of this access live, so that links stay within it.
    """

    studio: Studio
    customer_id: int
    actor: str
    language: str
    namespace: str
    route: tuple[tuple[str, Any], ...]

    def url(self, name: str, **kwargs: str) -> str:
        """Return the address of a page of this access: `overview`, `data-set`, `withdraw`."""
        return reverse(f"{self.namespace}:{name}", kwargs=dict(self.route) | kwargs)


class NoAccess(Exception):
    """The request may see nobody's data; `redirect_to` says where that can be mended."""

    def __init__(self, redirect_to: str) -> None:
        super().__init__("no access")
        self.redirect_to = redirect_to

    def response(self) -> HttpResponse:
        """Lead to where access can be had."""
        return redirect(self.redirect_to)


def member_access(request: HttpRequest, studio: Studio) -> Access:
    """Return the access of the signed-in member; raise NoAccess, leading to the sign-in and back, without one."""
    member = signed_in(request, studio)
    if member is None:
        if request.method == "POST":
            messages.warning(request, _("Your sign-in has ended, so nothing was sent. Sign in again, then repeat it."))
        back = urlencode({"next": request.path})
        raise NoAccess(f"{reverse('sign-in', kwargs={'studio': studio.slug})}?{back}")
    return Access(studio, member.customer_id, "member", request.LANGUAGE_CODE, "profile", (("studio", studio.slug),))
