"""Whose data a page of the desk may show: the member of the URL, for staff on duty, in this studio."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from ..audit import Action, record
from ..datasets.access import Access, NoAccess
from ..errors import gym_error_page
from ..perfectgym.client import Deadline
from ..perfectgym.errors import GymError, NotFound, ScopeMissing
from ..perfectgym.models import INT64_MAX, Customer
from ..studios.middleware import known_language
from ..studios.studio import Studio
from . import session
from .access import admit
from .forms import SearchForm
from .identity import IdentityForm
from .session import Staff, State

MEMBER = "MEMBER"


@dataclass(frozen=True)
class Assisting:
    """A member at the desk, and who helps them."""

    request: HttpRequest
    staff: Staff
    customer: Customer

    @property
    def person(self) -> str:
        """The member's name."""
        return f"{self.customer.first_name} {self.customer.last_name}".strip() or self.number

    @property
    def number(self) -> str:
        """The member's membership number."""
        return self.customer.customer_number

    def identity_form(self, data: QueryDict | None = None) -> IdentityForm:
        """Return the form with which the staff say how they know who it is."""
        return IdentityForm(data, self.request, self.staff)

    def sign_url(self, slug: str) -> str:
        """Return where a change goes that is to be signed on the whole screen, or on the member's phone."""
        return reverse("desk-sign", kwargs=self._route() | {"slug": slug})

    @property
    def done_url(self) -> str:
        """Return where helping this member ends."""
        return reverse("desk-done", kwargs=self._route())

    def _route(self) -> dict[str, object]:
        return {"studio": self.staff.studio.slug, "customer_id": self.customer.id}


def desk_access(request: HttpRequest, deadline: Deadline, studio: Studio, customer_id: int) -> Access:
    """Return the access of whoever is on duty to this member of their studio; raises NoAccess."""
    staff = admit(request, studio)
    if session.is_done(staff, customer_id):
        raise NoAccess(_done_page(request, customer_id))
    customer = customer_or_page(request, staff, customer_id, deadline)
    if isinstance(customer, HttpResponse):
        raise NoAccess(customer)
    note_opened(staff, customer_id)
    return _access(request, staff, customer)


def signing_access(request: HttpRequest, deadline: Deadline, studio: Studio, customer_id: int) -> Access:
    """Return the same while the tablet is in the member's hands, for that member alone; nothing is looked up then."""
    staff = admit(request, studio, states=(State.OPEN, State.HANDED_OVER))
    if staff.duty.state == State.OPEN:
        return desk_access(request, deadline, studio, customer_id)
    if staff.duty.signing != customer_id:
        raise NoAccess(redirect("desk-unlock", studio=studio.slug))
    return _access(request, staff, Customer({"status": MEMBER}, customer_id))


def _access(request: HttpRequest, staff: Staff, customer: Customer) -> Access:
    return Access(
        staff.studio,
        customer.id,
        staff.name,
        language=request.LANGUAGE_CODE,
        # Mails are the member's: what the staff has chosen for the screen is not their choice.
        picked_language="",
        mail_language=known_language(customer.preferred_language or "") or staff.studio.language,
        session=staff.duty.name,
        namespace="desk-member",
        route=(("studio", staff.studio.slug), ("customer_id", customer.id)),
        helper=Assisting(request, staff, customer),
        may_change=customer.status == MEMBER,
    )


def customer_or_page(
    request: HttpRequest, staff: Staff, customer_id: int, deadline: Deadline
) -> Customer | HttpResponse:
    """Return the member, or the page that says why there is nobody to show."""
    if customer_id > INT64_MAX:
        return no_such_member(request)
    try:
        return staff.studio.gym.customer(customer_id, language=request.LANGUAGE_CODE, deadline=deadline)
    except NotFound:
        return no_such_member(request)
    except ScopeMissing:
        return scope_missing(request)
    except GymError as error:
        return gym_error_page(request, error)


def note_opened(staff: Staff, customer_id: int) -> None:
    """Record that somebody's data was opened, once until they are done with it."""
    if session.open_member(staff, customer_id):
        record(Action.OPEN, studio=staff.studio.slug, actor=staff.name, customer_id=customer_id, outcome="ok")


def no_such_member(request: HttpRequest) -> HttpResponse:
    """Say that this studio has no such member, with a box to look for another one."""
    return render(request, "desk/search.html", {"form": SearchForm(), "unknown": True}, status=404)


def scope_missing(request: HttpRequest) -> HttpResponse:
    """Say what the studio's key lacks, and who can put it right."""
    return render(request, "desk/scope_missing.html", {"scope": "CUSTOMER_READ"}, status=503)


def _done_page(request: HttpRequest, customer_id: int) -> HttpResponse:
    return render(request, "desk/done.html", {"customer_id": customer_id})
