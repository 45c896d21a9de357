"""The WSGI entry point for production servers."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

try:
    django.setup()
    from .checks import stop_on_errors

    stop_on_errors()
    application = WSGIHandler()
except ImproperlyConfigured as error:
    sys.exit(str(error))
