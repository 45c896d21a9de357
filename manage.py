#!/usr/bin/env python3
"""The portal's command line: `manage.py help` lists the commands."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

# These commands run against the simulated gym and need no configuration.
DEMO_COMMANDS = {"demo", "bench", "sandbox"}


def main() -> None:
    """Run a command; a wrong setting ends it with one sentence instead of a stack trace."""
    demo = sys.argv[1:2] and sys.argv[1] in DEMO_COMMANDS
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.demo" if demo else "portal.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
