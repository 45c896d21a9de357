"""The portal on a real gunicorn, and raw bytes to send to it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path

from selfservice.sandbox.server import start

ROOT = Path(__file__).parents[2]
HOST = "portal.gym.example"
# What the proxy in front adds.
PROXY = f"Host: {HOST}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\nConnection: close\r\n"


@dataclass(frozen=True)
class Answer:
    """What came back; `cookies` are the whole Set-Cookie lines, `seconds` until it was there."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str
    seconds: float


@dataclass(frozen=True)
class Served:
    """A running portal; `log` is what it has written so far."""

    port: int
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8", "replace")

    def send(self, request: bytes, patience: float = 10) -> Answer:
        """Send bytes as they are and read the answer; status 0 when the connection was closed without one."""
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience) as sock:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                sock.sendall(request)
            response = HTTPResponse(sock)
            try:
                response.begin()
                body = response.read().decode("utf-8", "replace")
            except (OSError, ValueError, AttributeError):
                return Answer(0, {}, [], "", time.monotonic() - began)
        headers = {name.lower(): value for name, value in response.headers.items()}
        cookies = response.headers.get_all("Set-Cookie") or []
        return Answer(response.status, headers, cookies, body, time.monotonic() - began)

    def get(self, path: str, extra: str = "", method: str = "GET") -> Answer:
        """Ask as a browser does behind the proxy; `extra` are further header lines."""
        return self.send(f"{method} {path} HTTP/1.1\r\n{PROXY}{extra}\r\n".encode("utf-8", "surrogateescape"))


@contextlib.contextmanager
def served_portal(folder: Path) -> Iterator[Served]:
    """Start a simulated gym and the portal in front of it."""
    with start() as sandbox, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        studios = f'[berlin-mitte]\nname="Fit Berlin Mitte"\nbase_url="{sandbox.base_url}"\napi_key_env="KEY"\n'
        (folder / "studios.toml").write_text(studios, "utf-8")
        environ = _environment(folder, port)
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environ, check=True)
        log = folder / "log"
        with log.open("wb") as output:
            command = [str(Path(sys.executable).with_name("gunicorn")), "-c", "portal/gunicorn.py", "portal.wsgi"]
            running = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output)
            try:
                _wait_for(port, running)
                yield Served(port, log)
            finally:
                running.terminate()
                running.wait(20)


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "COVERAGE_PROCESS_START")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tests.security.settings",
        "DEBUG": "off",
        "SECRET_KEY": "served-" + "0123456789abcdef" * 4,
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "CACHE_URL": "locmem://",
        "EMAIL_URL": "memory:",
        "STUDIOS_FILE": str(folder / "studios.toml"),
        "KEY": "sandbox-berlin",
        "TRUSTED_PROXIES": "1",
        "BIND": f"127.0.0.1:{port}",
        "LOG_LEVEL": "DEBUG",
    }


def _wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert running.poll() is None, "gunicorn did not start"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("gunicorn does not answer")
