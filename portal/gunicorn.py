"""How gunicorn serves the portal: `gunicorn --config portal/gunicorn.py portal.wsgi`."""

import os
from pathlib import Path

from dotenv import load_dotenv

load_dotenv(Path(__file__).resolve().parent.parent / ".env")

bind = os.environ.get("BIND", "127.0.0.1:8000")
# More than one needs a shared cache: one process can't see how often another was asked.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 16
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
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112
