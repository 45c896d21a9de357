"""The WSGI entry point for production servers."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

try:
    django.setup()
    from .checks import stop_on_errors
    from .handler import PortalHandler

    stop_on_errors()
    application = PortalHandler()
except ImproperlyConfigured as error:
    sys.exit(str(error))
