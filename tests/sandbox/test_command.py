"""`manage.py sandbox` serves until it is told to stop."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.core.management import call_command

from selfservice.sandbox import Sandbox
from tests.sandbox.client import port_of

RUN = "import sys, django.core.management as m; m.execute_from_command_line(['manage.py', *sys.argv[1:]])"


def test_it_introduces_itself_and_ends_with_ctrl_c() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", RUN, "sandbox", "--port", "0"]
    root = Path(__file__).parents[2]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, cwd=root, env=environment) as process:
        assert process.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline().decode()
            assert line, "it ended early"
            said += line
        studio = re.search(r"http://127\.0\.0\.1:\d+/_studio/", said)
        assert studio is not None
        with urllib.request.urlopen(studio[0], timeout=5) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=5)

    assert (process.returncode, out, err) == (0, b"Stopped.\n", b"")
    assert "sandbox-berlin" in said
    assert "anna.berger@example.com" in said


def test_a_busy_port_is_said_in_one_sentence(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    port = port_of(sandbox)

    with pytest.raises(SystemExit) as ended:
        call_command("sandbox", port=port)

    assert ended.value.code == 1
    assert capsys.readouterr().err == f"Port {port} is already in use; choose another one with --port.\n"


@pytest.mark.parametrize("port", [70000, -5])
def test_an_impossible_port_is_said_in_one_sentence(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("sandbox", port=port)

    assert ended.value.code == 1
    assert capsys.readouterr().err == f"Port {port} can't be used; choose another one with --port.\n"
