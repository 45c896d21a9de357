"""Staff accounts in /admin/: a manager looks after colleagues of their own studios."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import StaffStudio
from ..studios.registry import all_studios
from . import accounts

# Django's own classes say at run time for which model they are; only type checkers know them as generic.
if TYPE_CHECKING:
    Inline = admin.TabularInline[StaffStudio, User]
    AccountModelForm = forms.ModelForm[User]
    Accounts = admin.ModelAdmin[User]
else:
    Inline, AccountModelForm, Accounts = admin.TabularInline, forms.ModelForm, admin.ModelAdmin


def own_studios(request: HttpRequest) -> list[str]:
    """Return the studios whose accounts and entries a manager may see."""
    return accounts.studios_of(request.user) if isinstance(request.user, User) else []


class StudioInline(Inline):
    """The studios that an account may work for; a manager gives and takes those they work for themselves."""

    model = StaffStudio
    extra = 1
    min_num = 1  # an account of no studio would be seen by no manager

    def get_formset(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> Any:  # noqa: ANN401
        """Ask for one studio at least."""
        return super().get_formset(request, obj, **{"validate_min": True, **kwargs})

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Offer the manager's own studios."""
        if db_field.name != "studio":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        own = [(slug, slug) for slug in own_studios(request) if slug in all_studios()]
        widget = forms.Select({"aria-label": _("Studio")})  # Django's table has headings, and no labels
        return forms.ChoiceField(label=_("Studio"), choices=[("", ""), *own], widget=widget)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffStudio]:
        """Leave out other managers' studios."""
        return super().get_queryset(request).filter(studio__in=own_studios(request))

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """Managers may look."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """Managers may give a studio."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """A grant is given or taken, never turned into another."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """Managers may take a studio."""
        return True


class AccountForm(AccountModelForm):
    """An account is called by its address."""

    username = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=150)

    def clean_username(self) -> str:
        """Write addresses in one way."""
        return str(self.cleaned_data["username"]).lower()


class AccountAdmin(Accounts):
    """Staff accounts: who may work where; set-up links; nothing is deleted, for the trail names them."""

    form = AccountForm
    fields = ("username", "is_active", "is_staff")
    list_display = ("username", "works_for", "is_active", "is_staff", "is_ready")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username",)
    inlines = (StudioInline,)
    actions = ("make_links",)
    ordering = ("username",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Show colleagues of the manager's own studios."""
        return super().get_queryset(request).filter(studios__studio__in=own_studios(request)).distinct()

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Keep the address: the trail knows the account by it."""
        return ("username",) if obj else ()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:  # noqa: ANN401
        """Let nobody guess a password's hash by filtering for it, letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def has_module_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Managers may; the site has asked already."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """Managers may look."""
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Managers may add colleagues."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Leave accounts alone that also work where the manager does not: a link for one would open those studios.

        One's own too: whoever resets or disables themselves never sees the page that says what to do then.
        """
        return obj is None or (obj != request.user and set(accounts.studios_of(obj)) <= set(own_studios(request)))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        """Disable accounts instead."""
        return False

    @admin.display(description=gettext_lazy("Studios"))
    def works_for(self, account: User) -> str:
        """Name them."""
        return ", ".join(accounts.studios_of(account))

    @admin.display(description=gettext_lazy("Set up"), boolean=True)
    def is_ready(self, account: User) -> bool:
        """Say whether password and app are there."""
        return accounts.is_ready(account)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001
        """Save it; disabling takes everything from an account, as it does everywhere."""
        if not change:
            obj.email = obj.username
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            accounts.disable(obj, request.user.get_username())

    def save_related(
        self,
        request: HttpRequest,
        form: Any,  # noqa: ANN401  # Django's own, made for this account
        formsets: Any,  # noqa: ANN401
        change: bool,  # noqa: FBT001
    ) -> None:
        """Show the set-up link of a new account once its studios are known, and record what was done."""
        account: User = form.instance
        before = accounts.studios_of(account)
        super().save_related(request, form, formsets, change)
        fields = [*form.changed_data, *(["studios"] if before != accounts.studios_of(account) else [])]
        outcome = "changed" if change else "added"
        accounts.note(outcome, account, request.user.get_username(), fields=fields, before=before)
        if account.is_active and "is_active" in (form.changed_data if change else ["is_active"]):
            request.set_up = account  # type: ignore[attr-defined]  # for the answer

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """Show the set-up link in this very answer: it stands nowhere else."""
        return self._with_link(request) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: User) -> HttpResponse:
        """Show the set-up link of an account that is let in again."""
        return self._with_link(request) or super().response_change(request, obj)

    def _with_link(self, request: HttpRequest) -> HttpResponse | None:
        account: User | None = getattr(request, "set_up", None)
        return self._links_page(request, {account: accounts.new_link(account)}) if account else None

    @admin.action(description=gettext_lazy("Reset password and app, and make a set-up link"))
    def make_links(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse:
        """Take the factors away and show the links."""
        may = [one for one in chosen if one.is_active and self.has_change_permission(request, one)]
        left = [one for one in chosen if one not in may]
        return self._links_page(request, {one: accounts.reset(one, request.user.get_username()) for one in may}, left)

    def _links_page(self, request: HttpRequest, tokens: dict[User, str], left: Sequence[User] = ()) -> HttpResponse:
        """Show links once: a message for the next page would lie in the database, and come up for somebody else."""
        links = [
            (account, request.build_absolute_uri(reverse("desk-set-up", args=(accounts.studios_of(account)[0], token))))
            for account, token in tokens.items()
        ]
        context = {**self.admin_site.each_context(request), "title": _("Set-up links"), "links": links, "left": left}
        return render(request, "admin/set_up_links.html", context)
