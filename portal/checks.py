"""Start-up checks: what is wrong with the configuration, in one sentence each."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
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
        return [Warning("CACHE_URL is local memory: with several processes each counts limits alone; use Redis.", id="portal.W001")]
    return []


def stop_on_errors() -> None:
    """Raise ImproperlyConfigured with the first thing that must be right before a request can be answered."""
    problems: Sequence[CheckMessage] = studios_file()
    if problems:
        raise ImproperlyConfigured(problems[0].msg)
