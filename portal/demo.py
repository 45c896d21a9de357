"""Settings of the demo: everything on this machine, nothing to configure, nothing that outlives it but a database file.

Plain HTTP on loopback, so cookies can't be marked Secure here; `manage.py demo` alone uses these settings.
"""

import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
os.environ |= {
    "DEBUG": "off",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "DATABASE_URL": f"sqlite:///{BASE_DIR / 'demo.sqlite3'}",
    "CACHE_URL": "locmem://",
    "EMAIL_URL": "console:",
    "DEFAULT_FROM_EMAIL": "portal@demo.example",
    "TRUSTED_PROXIES": "0",
    "LOG_LEVEL": "WARNING",
}
for name in ("SECRET_KEY_FILE",):
    os.environ.pop(name, None)

from .https import over_https
from .settings import *
from .settings import STORAGES

globals().update(over_https(https=False))
ROOT_URLCONF = "portal.demo_urls"
EMAIL_BACKEND = "selfservice.demo.mailbox.DemoMailbox"
# No collected files: whitenoise serves the sources.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
