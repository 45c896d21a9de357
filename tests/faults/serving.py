"""The portal under a real gunicorn and the simulated API, each in a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils import timezone
from django.utils.crypto import get_random_string

from selfservice.demo.gym import KEYS, STUDIOS
from selfservice.models import BrowserSession
from selfservice.sessions import SessionStore, row_key

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Api:
    """The simulated API in a process of its own, steered from outside."""

    url: str
    process: subprocess.Popen[str]

    def fault(self, fault: str, **options: Any) -> None:
        self._ask("POST", "/_faults", {"fault": fault, **options})

    def forget_faults(self) -> None:
        self._ask("DELETE", "/_faults")

    def requests(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("GET", "/_requests")
        return found

    def _ask(self, method: str, path: str, document: object = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self.url + path, body, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@contextmanager
def simulated_api(latency: float = 0.0) -> Iterator[Api]:
    command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--latency", str(latency)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        said = process.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found, said
        try:
            yield Api(found[0], process)
        finally:
            process.kill()


class Portal:
    """The portal under gunicorn, in a folder of its own; started, killed and started again at will."""

    def __init__(self, folder: Path, api_url: str, **environment: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.port = folder, free_port()
        self.database = folder / "portal.sqlite3"
        (folder / "studios.toml").write_text(STUDIOS.format(url=api_url), encoding="utf-8")
        (folder / "mails").mkdir()
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "tests.faults.served",
            "DEBUG": "off",
            "SECRET_KEY": settings.SECRET_KEY,  # the sessions made here are to be theirs
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "CACHE_URL": "locmem://",
            "EMAIL_URL": f"file:///{folder / 'mails'}",
            "DEFAULT_FROM_EMAIL": "portal@gym.example",
            "STUDIOS_FILE": str(folder / "studios.toml"),
            "BIND": f"127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": "1",
            **KEYS,
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._run("manage.py", "migrate", "-v", "0")

    def _run(self, *command: str) -> None:
        subprocess.run([sys.executable, *command], cwd=ROOT, env=self.environment, check=True)

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "--config", "portal/gunicorn.py", "portal.wsgi"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_alive()

    def wait_until_alive(self) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                return
            time.sleep(0.05)
        raise AssertionError(self.log())

    def workers(self) -> list[int]:
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def kill(self) -> None:
        """End the server and its workers without a chance to say goodbye."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def sign_in(self, customer_id: int, studio: str = "berlin-mitte") -> str:
        """Return the cookie of a member who has signed in."""
        now = int(time.time())
        member = {"studio": studio, "customer": customer_id, "since": now, "seen": now}
        key = get_random_string(32, VALID_KEY_CHARS)
        expires = (timezone.now() + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
        with sqlite3.connect(self.database, timeout=10) as database:
            database.execute(
                f"INSERT INTO {BrowserSession._meta.db_table} VALUES (?, ?, ?, ?, ?)",
                (row_key(key), SessionStore().encode({"member": member}), expires, studio, customer_id),
            )
        database.close()
        return f"session={key}"


@contextmanager
def served(folder: Path, api_url: str, **environment: str) -> Iterator[Portal]:
    portal = Portal(folder, api_url, **environment)
    try:
        portal.start()
        yield portal
    finally:
        portal.kill()


@contextmanager
def probed(portal: Portal, seconds: list[tuple[float, float]]) -> Iterator[None]:
    """Ask for /healthz all the while; `seconds` holds afterwards how long each answer took, and an idle server's."""
    command = [sys.executable, str(HERE / "probe.py"), str(portal.port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        time.sleep(0.3)
        yield
        said, _ = process.communicate(timeout=60)
        seconds += [(of_portal, of_idle) for of_portal, of_idle in json.loads(said)]


def crowd(portal: Portal, visits: Iterable[tuple[float, str, str]]) -> list[dict[str, Any]]:
    """Let members open pages at the same time; `visits` are (seconds to wait, path, cookie)."""
    command = [sys.executable, str(HERE / "crowd.py"), str(portal.port)]
    ended = subprocess.run(command, input=json.dumps(list(visits)), capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    return found
