"""/admin/: staff accounts, and the audit trail to read, for managers who have signed in with two factors."""

import csv
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from ..errors import not_allowed
from ..models import AuditEntry
from . import accounts, entry, session
from .account_admin import AccountAdmin, own_studios

# Django's own class says at run time for which model it is; only type checkers know it as generic.
if TYPE_CHECKING:
    Trail = admin.ModelAdmin[AuditEntry]
else:
    Trail = admin.ModelAdmin

View = Callable[..., HttpResponse]

COLUMNS = (
    "at", "studio", "actor", "customer_id", "action", "data_set", "fields", "amendment_id", "proof", "outcome",
    "account", "request",
)  # fmt: skip


class DeskAdmin(admin.AdminSite):
    """Django's admin behind the desk's sign-in: two factors, locked when nobody is there."""

    site_header = site_title = gettext_lazy("Member portal: accounts and audit trail")
    index_title = gettext_lazy("What there is")
    site_url = None
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Let managers in, and nobody while the desk is locked."""
        account = session.whose(request)
        if account is None or not account.is_staff or not session.is_open(request):
            return False
        session.here(request)
        return True

    def admin_view(  # type: ignore[override]  # the stubs keep the kind of the view
        self,
        view: View,
        cacheable: bool = False,  # noqa: FBT001, FBT002  # Django's signature
    ) -> View:
        """Let a page go by itself when nobody was there for too long; the session is locked by then."""
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def shown_for_a_while(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = inner(request, *args, **kwargs)
            if response.status_code == 200:
                away = reverse("admin:login")
                response.headers["Refresh"] = f"{settings.DESK_IDLE_MINUTES * 60 + 1:.0f}; url={away}"
            return response

        return shown_for_a_while

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """Ask for both factors; whoever is signed in and no manager is told so."""
        if request.method == "POST":
            return entry.sign_in(request)
        if self.has_permission(request):
            return redirect("admin:index")
        account = session.whose(request)
        if account is None:
            return entry.sign_in(request)
        if not session.is_open(request) and (own := accounts.studios_of(account)):
            back = urlencode({"next": f"/{own[0]}/desk/"})
            return redirect(f"{reverse('desk-unlock', kwargs={'studio': own[0]})}?{back}")
        raise PermissionDenied

    def logout(  # type: ignore[override]  # the stubs know one kind of answer alone
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """End the session; a link alone does not."""
        if request.method != "POST":
            return not_allowed(request, ["POST"])
        entry.end(request)
        return redirect("admin:login")

    def password_change(  # type: ignore[override]
        self,
        request: HttpRequest,  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """Leave passwords to set-up links, which ask for a new second factor too."""
        raise PermissionDenied


class TrailAdmin(Trail):
    """The audit trail, to be read."""

    list_display = COLUMNS
    list_filter = ("studio", "action", "data_set", "outcome", ("at", admin.DateFieldListFilter))
    search_fields = ("actor", "account", "=customer_id", "=amendment_id", "=request")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    actions = ("export",)
    list_per_page = 50  # a form may have DATA_UPLOAD_MAX_NUMBER_FIELDS, and every row has a box

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """Show the entries of the manager's own studios."""
        return super().get_queryset(request).filter(studio__in=own_studios(request))

    def has_module_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Managers may; the site has asked already."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:  # noqa: ARG002
        """Managers may read."""
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody may write."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:  # noqa: ARG002
        """Nobody may change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:  # noqa: ARG002
        """Nobody may remove."""
        return False

    @admin.action(description=gettext_lazy("Export as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, chosen: QuerySet[AuditEntry]) -> HttpResponse:  # noqa: ARG002
        """Write the chosen entries, one a line."""
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="audit-trail.csv"'
        writer = csv.writer(response)
        writer.writerow(COLUMNS)
        for one in chosen.order_by("at", "pk"):
            writer.writerow([_cell(getattr(one, column)) for column in COLUMNS])
        return response


def _cell(value: object) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    text = " ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value or "")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


desk_admin = DeskAdmin(name="admin")
desk_admin.register(User, AccountAdmin)
desk_admin.register(AuditEntry, TrailAdmin)
