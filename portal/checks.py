"""Start-up checks: what is wrong with the configuration, in one sentence each."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from selfservice.studios.loading import StudiosFileError
from selfservice.studios.registry import all_studios


@register(Tags.compatibility)
def studios_file(**_: Any) -> list[CheckMessage]:
    """Say what is wrong with studios.toml."""
    try:
        all_studios()
    except StudiosFileError as error:
        return [Error(str(error), id="portal.E001")]
    return []


@register(Tags.caches, deploy=True)
def shared_cache(**_: Any) -> list[CheckMessage]:
    """Warn that limits are counted per process without a shared cache."""
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        return [
            checks.Warning(
                "CACHE_URL is local memory: with several processes each counts limits alone; use Redis.",
                id="portal.W001",
            )
        ]
    return []


@register(Tags.compatibility, deploy=True)
def real_mail(**_: Any) -> list[CheckMessage]:
    """Warn that nobody gets a sign-in code."""
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return [checks.Warning("EMAIL_URL is missing: mails with sign-in codes are only printed.", id="portal.W002")]
    return []


@register(Tags.staticfiles, deploy=True)
def collected_files(**_: Any) -> list[CheckMessage]:
    """Say that the static files have not been collected, without which no page can be rendered."""
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        return [Error("The static files are not collected: run `manage.py collectstatic` first.", id="portal.E002")]
    return []


def stop_on_errors() -> None:
    """Raise ImproperlyConfigured with the first thing that must be right before a request can be answered."""
    if problems := [*studios_file(), *collected_files()]:
        raise ImproperlyConfigured(problems[0].msg)
