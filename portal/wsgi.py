"""The WSGI entry point for production servers."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

try:
    application = get_wsgi_application()
    from .checks import stop_on_errors

    stop_on_errors()
except ImproperlyConfigured as error:
    sys.exit(str(error))
