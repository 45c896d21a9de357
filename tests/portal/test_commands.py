"""The commands, run as a person runs them."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from selfservice.sandbox import Sandbox
from selfservice.studios import registry
from selfservice.studios.studio import Studio

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "manage.py", "demo", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def fetch(url: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def ask(url: str) -> Any:
    with urllib.request.urlopen(url) as answer:
        return answer.headers


PORTS = ("--port", "--api-port", "--site-port")


def test_the_demo_says_everything_a_newcomer_needs_and_ends_cleanly() -> None:
    port, api_port, site_port = free_port(), free_port(), free_port()
    with demo("--port", str(port), "--api-port", str(api_port), "--site-port", str(site_port)) as running:
        front = fetch(f"http://localhost:{port}/")
        assert "Fit Berlin Mitte" in front
        assert "no mail yet" in fetch(f"http://localhost:{port}/demo/mails/")
        assert "Birkenstraße" in fetch(f"http://127.0.0.1:{api_port}/_studio/")
        site = fetch(f"http://127.0.0.1:{site_port}/")
        assert f'src="http://localhost:{port}/embed.js" data-studio="berlin-mitte"' in site
        framed = ask(f"http://localhost:{port}/berlin-mitte/sign-in/")
        assert f"frame-ancestors http://127.0.0.1:{site_port};" in framed["Content-Security-Policy"] + ";"
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=10)
    assert running.returncode == 0
    assert f"http://localhost:{port}/" in said
    assert f"http://127.0.0.1:{site_port}/" in said
    assert f"http://127.0.0.1:{api_port}/_studio/" in said
    assert re.search(r"anna\.berger@example\.com +Anna Berger +start here", said)
    assert "The demo has ended" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("option", ["--port", "--api-port", "--site-port"])
def test_a_busy_port_is_one_sentence(option: str) -> None:
    others = [part for name in PORTS if name != option for part in (name, str(free_port()))]
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with demo(option, str(port), *others) as running:
            said, _ = running.communicate(timeout=20)
    assert running.returncode == 1
    variable = option.removeprefix("--").replace("-", "_").upper()
    assert said.strip() == (
        f"CommandError: Port {port} is in use; choose another with {option}, or make demo {variable}=NUMBER."
    )


def check(slug: str = "") -> tuple[str, str]:
    out = StringIO()
    try:
        call_command("studio", *["check", slug][: 2 if slug else 1], stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_the_studio_check_says_that_everything_works(studios: Any) -> None:
    said, problem = check()
    assert problem == ""
    assert said.count("API key: works") == 2
    assert said.count("CUSTOMER_SELF_SERVICE_READ: works") == 2
    assert said.count("CUSTOMER_READ: works") == 2
    assert said.count("STUDIO_READ: works") == 2


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("wrong-key", "API key: the API does not accept this key"),
        ("sandbox-berlin-noscope", "CUSTOMER_READ: the key lacks this scope"),
    ],
)
def test_the_studio_check_names_what_is_missing(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, key: str, says: str
) -> None:
    studio = Studio("berlin-mitte", "Fit", sandbox.base_url, key)
    monkeypatch.setattr(registry, "_load", lambda _path: {"berlin-mitte": studio})
    said, problem = check("berlin-mitte")
    assert says in said
    assert key not in said
    assert problem == "Not ready: berlin-mitte."


def test_the_studio_check_of_an_address_where_nothing_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio("away", "Away", f"http://127.0.0.1:{free_port()}", "key")
    monkeypatch.setattr(registry, "_load", lambda _path: {"away": studio})
    said, problem = check()
    assert "API key: no usable answer from this base URL" in said
    assert problem == "Not ready: away."


def test_the_studio_check_of_an_unknown_studio(studios: Any) -> None:
    assert check("nowhere")[1] == "There is no studio nowhere; there are berlin-mitte, madrid-centro."


def test_the_studio_check_without_a_file(tmp_path: Path, settings: Any) -> None:
    settings.STUDIOS_FILE = tmp_path / "none.toml"
    assert "there is no such file" in check()[1]


def test_the_bench_measures(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the goal is met depends on the machine; that a figure comes out does not."""
    monkeypatch.setattr("selfservice.management.commands.bench.GOAL", 50)
    settings.ALLOWED_HOSTS = ["localhost"]
    out = StringIO()
    call_command("bench", "--rounds", "2", stdout=out)
    assert re.search(r"the overview +\d+\.\d ms = \d+\.\d\d x one call", out.getvalue())
