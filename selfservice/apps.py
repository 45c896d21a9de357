"""The application as Django knows it."""

from django.apps import AppConfig


class SelfServiceConfig(AppConfig):
    """The portal's one application."""

    name = "selfservice"
