"""Where the sign-in of a studio's members lives."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", views.code, name="sign-in-code"),
    path("sign-in/member/", views.member, name="sign-in-member"),
    path("sign-in/resend/", views.resend, name="sign-in-resend"),
    path("session/", views.session_left, name="session"),
    path("sign-out/", views.sign_out, name="sign-out"),
]
