"""Where the desk lives: beside its own pages, those of a member's data sets a second time."""

from django.urls import include, path

from . import entry, phone_page, signing, views
from .members import desk_access, signing_access

urlpatterns = [
    path("", views.search, name="desk-search"),
    path("sign-in/", entry.sign_in, name="desk-sign-in"),
    path("set-up/<str:token>/", entry.set_up, name="desk-set-up"),
    path("unlock/", entry.unlock, name="desk-unlock"),
    path("lock/", entry.lock, name="desk-lock"),
    path("presence/", entry.presence, name="desk-presence"),
    path("sign-out/", entry.sign_out, name="desk-sign-out"),
    path("signed/", phone_page.is_signed, name="desk-signed"),
    path("activity/", views.activity, name="desk-activity"),
    path("members/<int:customer_id>/open/", views.open_member, name="desk-open"),
    path("members/<int:customer_id>/done/", views.done, name="desk-done"),
    path(
        "members/<int:customer_id>/<slug:slug>/sign/",
        signing.SignView.as_view(),
        {"access": signing_access},
        name="desk-sign",
    ),
    path(
        "members/<int:customer_id>/",
        include("selfservice.datasets.urls", namespace="desk-member"),
        {"access": desk_access},
    ),
]
