#!/usr/bin/env python3
"""The portal's command line: `manage.py help` lists the commands."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

# These run against the simulated gym alone, whatever this machine is otherwise configured for.
DEMO_COMMANDS = {"demo", "bench", "faults", "sandbox"}


def main() -> None:
    """Run a command; a wrong setting ends it with one sentence instead of a stack trace."""
    if set(sys.argv[1:2]) & DEMO_COMMANDS:
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.demo"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
