"""Settings of a portal that tests serve with gunicorn: those of production, but plain HTTP and no collected files."""

from portal.https import over_https
from portal.settings import *
from portal.settings import STORAGES

globals().update(over_https(https=False))
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
