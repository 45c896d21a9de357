"""Registers the start-up checks."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The project; its only part in the application registry are the start-up checks."""

    name = "portal"

    def ready(self) -> None:
        """Register the checks."""
        from . import checks  # noqa: F401, PLC0415  # importing registers them
