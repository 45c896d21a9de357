"""Reading the environment: every wrong value stops the start with one plain sentence."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate

T = TypeVar("T")

env = Env()


def setting(name: str, read: Callable[[], T], expected: str) -> T:
    """Return what `read` reads, or stop the start saying which variable is wrong and what it should hold.

    The value itself is never repeated: it may be a secret.
    """
    try:
        return read()
    except (EnvError, ValueError):
        raise ImproperlyConfigured(f"Setting {name} is not usable: it should be {expected}.") from None


def minutes(name: str, default: int) -> int:
    """Return a time limit in minutes, from 1 to 480 (eight hours)."""
    expected = "a whole number of minutes from 1 to 480"
    return setting(name, lambda: env.int(name, default, validate=validate.Range(1, 480)), expected)


def secret(name: str) -> str:
    """Return a secret from the variable NAME, or from the file that NAME_FILE points to; "" when neither is set."""
    value, path = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if value and path:
        raise ImproperlyConfigured(f"Set either {name} or {name}_FILE, not both.")
    return value or (_content(name, Path(path)) if path else "")


def _content(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ImproperlyConfigured(f"Setting {name}_FILE is not usable: the file {path} can't be read.") from None


def cache_url(name: str, default: str) -> dict[str, Any]:
    """Return the cache configuration: `locmem://`, or `redis://host:6379/0` when several processes serve."""
    expected = "a cache URL such as locmem:// or redis://host:6379/0"
    settings = dict(setting(name, lambda: env.dj_cache_url(name, default), expected))
    if settings["BACKEND"].endswith("RedisCache"):
        # A page waits for a cache that hangs no longer than this, in seconds.
        settings["OPTIONS"] = {"socket_timeout": 1, "socket_connect_timeout": 1}
        settings["BACKEND"] = "selfservice.cache.PatientRedisCache"
    return settings


def email_url(name: str, default: str) -> dict[str, Any]:
    """Return Django's EMAIL_* settings: `console:`, `submission://user:password@host:587`, `file:/path`."""
    expected = "a mail URL such as submission://user:password@host:587 or console:"
    settings = dict(setting(name, lambda: env.dj_email_url(name, default), expected))
    if "EMAIL_BACKEND" not in settings:
        raise ImproperlyConfigured(f"Setting {name} is not usable: it should be {expected}.")
    return settings
