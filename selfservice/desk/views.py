"""The desk's own pages: finding a member, opening one, being done with one, what was done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..errors import gym_error_page, not_allowed
from ..perfectgym.client import PAGE_SECONDS, Deadline
from ..perfectgym.errors import GymError, ScopeMissing
from . import session
from .access import at_desk
from .activity import Filter, days
from .forms import SearchForm
from .members import customer_or_page, note_opened, scope_missing
from .search import Found, TooShort, find, understood
from .session import Staff


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def search(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Find members by one box. What was typed travels in the request's body: it is personal, addresses are logged."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _search_page(request, form)
    try:
        found = find(staff.studio, understood(form.cleaned_data["q"]), request.LANGUAGE_CODE)
    except TooShort:
        form.add_error("q", _("Enter at least two letters."))
    except ValueError:
        form.add_error("q", _("There is no such date or address. Check it, or enter the name."))
    except ScopeMissing:
        return scope_missing(request)
    except GymError as error:
        return gym_error_page(request, error)
    else:
        return _found_page(request, staff, form, found)
    return _search_page(request, form)


def _found_page(request: HttpRequest, staff: Staff, form: SearchForm, found: Found) -> HttpResponse:
    if found.by_number and found.people:
        return _open(staff, found.people[0].id)
    return _search_page(request, form, found=found)


def _search_page(request: HttpRequest, form: SearchForm, **context: Any) -> HttpResponse:
    found: Found | None = context.get("found")
    if not (found and found.people):  # else the first of them has the focus
        form.fields["q"].widget.attrs["autofocus"] = True
    return render(request, "desk/search.html", {"form": form, **context})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def open_member(request: HttpRequest, staff: Staff, customer_id: int) -> HttpResponse:
    """Begin to help a member, also one whose pages were put away."""
    if request.method != "POST":
        return not_allowed(request, ["POST"])
    customer = customer_or_page(request, staff, customer_id, Deadline.after(PAGE_SECONDS))
    return customer if isinstance(customer, HttpResponse) else _open(staff, customer.id)


def _open(staff: Staff, customer_id: int) -> HttpResponse:
    note_opened(staff, customer_id)
    return redirect("desk-member:overview", studio=staff.studio.slug, customer_id=customer_id)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def done(request: HttpRequest, staff: Staff, customer_id: int) -> HttpResponse:
    """Put a member's pages away, so that Back shows nothing of them."""
    if request.method != "POST":
        return not_allowed(request, ["POST"])
    session.done_with(staff, customer_id)
    return session.turned(redirect("desk-search", studio=staff.studio.slug))


@require_http_methods(["GET", "HEAD"])
@at_desk
def activity(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show who did what for whom, by day."""
    chosen = Filter.of(request.GET, staff.studio.slug)
    shown, rest = days(chosen)
    return render(request, "desk/activity.html", {"days": shown, "rest": rest, "filter": chosen})
