"""Settings of the tests: no environment of the machine, plain HTTP on loopback, mails in memory."""

import os
import tempfile
from pathlib import Path

for name in (
    "SECRET_KEY_FILE",
    "DATABASE_URL",
    "CACHE_URL",
    "TRUSTED_PROXIES",
    "MEMBER_IDLE_MINUTES",
    "DESK_IDLE_MINUTES",
):
    os.environ.pop(name, None)
SCRATCH = Path(tempfile.mkdtemp(prefix="portal-tests-"))
os.environ |= {
    # Playwright leaves an event loop in the thread of the tests; Django's objection to it is meant for servers.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    "DEBUG": "off",
    "SECRET_KEY": "tests-only-" + "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DATABASE_URL": f"sqlite:///{SCRATCH / 'portal.sqlite3'}",
    "CACHE_URL": "locmem://",
    "EMAIL_URL": "memory:",
    "DEFAULT_FROM_EMAIL": "portal@gym.example",
    "STUDIOS_FILE": str(SCRATCH / "studios.toml"),
    "LOG_LEVEL": "INFO",
}

from portal.https import over_https
from portal.settings import *
from portal.settings import DATABASES, STORAGES

globals().update(over_https(https=False))
# A file, so that the threads of a live server share it as they do in production.
DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, for nothing here is worth guarding
