"""The URL map."""

from django.urls import include, path
from django.views.i18n import set_language

from selfservice.datasets.access import member_access
from selfservice.desk.admin import desk_admin
from selfservice.desk.phone_page import sign_on_phone
from selfservice.studios import views as studios

urlpatterns = [
    path("", studios.index, name="index"),
    path("language/", set_language, name="set_language"),
    path("admin/", desk_admin.urls),
    path("<slug:studio>/desk/", include("selfservice.desk.urls")),
    path("<slug:studio>/sign/<str:token>/", sign_on_phone, name="desk-phone"),
    path("<slug:studio>/", include("selfservice.signin.urls")),
    path(
        "<slug:studio>/profile/", include("selfservice.datasets.urls", namespace="profile"), {"access": member_access}
    ),
    path("", include("selfservice.embed.urls")),
]

handler400 = "selfservice.errors.bad_request"
handler403 = "selfservice.errors.forbidden"
handler404 = "selfservice.errors.not_found"
handler500 = "selfservice.errors.server_error"
