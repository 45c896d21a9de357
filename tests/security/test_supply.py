"""What is installed is what was looked at: every line of the lock files is pinned, and pinned by hash."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_pinned_with_hashes(name: str) -> None:
    joined = re.sub(r"\\\n", " ", (ROOT / name).read_text("utf-8"))
    lines = [line.strip() for line in joined.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert len(lines) > 10
    for line in lines:
        assert re.fullmatch(r"[\w.\[\],-]+==[\w.+!]+(?: ; [^#]+?)?(?:\s+--hash=sha256:[0-9a-f]{64})+", line), line


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_in_the_lock(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = project["project"]["dependencies"] + (project["dependency-groups"]["dev"] if "dev" in name else [])
    names = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    assert {_plain(re.split(r"[\[<>=!~ ]", each)[0]) for each in wanted} <= {_plain(each) for each in names}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_installed_is_checked_by_hash() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    installs = re.findall(r"pip install[^\n]*", makefile)
    assert len(installs) == 2
    assert all("--require-hashes" in line and "--no-deps" in line for line in installs)


def test_no_exception_from_the_checks_stands_without_a_reason() -> None:
    for folder in ("portal", "selfservice"):
        for path in (ROOT / folder).rglob("*.py"):
            for line in path.read_text("utf-8").splitlines():
                assert "nosec" not in line or re.search(r"# nosec B\d+  # .{10}", line), path
                assert not re.search(r"noqa: S\d+\s*$", line), path


@pytest.mark.parametrize("needle", ["BEGIN PRIVATE KEY", "BEGIN RSA PRIVATE", "AKIA", "xoxb-", "ghp_"])
def test_no_secret_is_in_the_repository(needle: str) -> None:
    found = subprocess.run(["git", "grep", "-lF", needle], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert set(found.split()) <= {"tests/security/test_supply.py"}
