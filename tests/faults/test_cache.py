"""The cache, a real Redis, goes away or hangs: members read, change and sign in all the same."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.faults.conftest import Serve
from tests.faults.serving import Api, free_port
from tests.faults.visiting import Visitor, held
from tests.pageclient import form_values, texts

ANNA, NUMBER = 1001, "+49 30 23125555"
pytestmark = pytest.mark.skipif(not shutil.which("redis-server"), reason="there is no redis-server here")


class Redis:
    """A Redis of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def end(self, how: signal.Signals) -> None:
        os.kill(self.process.pid, how)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    running = Redis(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["away", "hanging"])
def test_without_redis_members_read_and_change_and_sign_in(
    api: Api, serve: Serve, redis: Redis, how: signal.Signals
) -> None:
    portal = serve(CACHE_URL=redis.url)
    anna, site = Visitor(portal, ANNA), f"http://127.0.0.1:{portal.port}"
    values = form_values(anna.get("contact/")) | {"phone_private": NUMBER}
    assert requests.get(f"{site}/readyz", timeout=5).status_code == 200
    redis.end(how)
    started = time.monotonic()
    assert "Lindenallee" in anna.read()
    assert time.monotonic() - started < 5
    answer = anna.send("contact", values)
    assert answer is not None
    assert answer.status_code == 302
    assert held(api, ANNA, "phonePrivate")[0] == NUMBER
    with requests.Session() as browser:
        form = form_values(browser.get(f"{site}/berlin-mitte/sign-in/")) | {"email": "anna.berger@example.com"}
        asked = browser.post(f"{site}/berlin-mitte/sign-in/", form, timeout=20)
        assert "We send a code" in texts(asked)
    ready = requests.get(f"{site}/readyz", timeout=5)
    assert (ready.status_code, ready.text) == (503, "cache does not answer\n")
