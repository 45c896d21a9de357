"""How gunicorn serves the portal: `gunicorn --config portal/gunicorn.py portal.wsgi`."""

import gc
import os
from pathlib import Path
from threading import Timer
from typing import Any

from dotenv import load_dotenv

load_dotenv(Path(__file__).resolve().parent.parent / ".env")

bind = os.environ.get("BIND", "127.0.0.1:8000")
# More than one needs a shared cache: one process can't see how often another was asked.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
# They only wait most of the time; selfservice/crowd.py sees to it that some are always free.
threads = 192
worker_class = "gthread"
# A wrong setting ends the start at once instead of once per worker, and the workers share the loaded code.
preload_app = True
timeout = 30
graceful_timeout = 10
keepalive = 5
control_socket_disable = True
# Which proxies are believed is said once, by TRUSTED_PROXIES.
forwarded_allow_ips = ""
# The workers' heartbeat must not wait for a disk.
MEMORY = "/dev/shm"  # nosec B108  # noqa: S108 - gunicorn's files there have names that nobody can foresee
worker_tmp_dir = MEMORY if Path(MEMORY).is_dir() else None
# The server's own lines look like the portal's.
logconfig_dict = {
    "formatters": {"json": {"()": "selfservice.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["console"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["console"], "propagate": False},
        # Would write addresses; the portal writes its own line per request.
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}


def post_worker_init(_worker: Any) -> None:  # noqa: ANN401  # gunicorn's own, without types
    """Note in the audit trail what a process before this one was interrupted at, when no page can be busy with it."""
    from selfservice.housekeeping import SETTLED_SECONDS, note_interrupted  # noqa: PLC0415  # after the settings

    timer = Timer(SETTLED_SECONDS, note_interrupted)
    timer.daemon = True
    timer.start()


def when_ready(_server: Any) -> None:  # noqa: ANN401  # gunicorn's own class, without types
    """Leave what was loaded before the workers out of every later search for garbage, which stops all threads."""
    gc.collect()
    gc.freeze()
