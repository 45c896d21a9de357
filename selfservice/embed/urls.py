"""The script for a gym's web site, which belongs to no studio, and where a frame begins, below the studio."""

from django.urls import path

from . import views

urlpatterns = [
    path("embed.js", views.script, name="embed-script"),
    path("<slug:studio>/embed/", views.door, name="embed"),
    path("<slug:studio>/embed/window/", views.window, name="embed-window"),
    path("<slug:studio>/language/", views.language, name="language"),
]
