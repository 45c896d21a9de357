"""Finds a Chromium for the tests in a real browser, or gets one: run it to make sure that there is one."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SILENT: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
NONE = (
    "The tests need a real Chromium and none can be had here: install the package chromium (or Google Chrome) "
    "and run them again."
)
# Root may not use Chromium's sandbox; the rest keeps it from calling home.
ARGUMENTS = [
    *(["--no-sandbox"] if IS_ROOT else []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoChromium(Exception):
    """There is no Chromium and none could be installed."""


@cache
def executable() -> str:
    """Return the path of an installed Chromium, of Playwright's own, or of the one installed just now."""
    for find in (_installed, _playwrights_own, _debians):
        if path := find():
            return path
    raise NoChromium(NONE)


def _installed() -> str:
    return next(filter(None, map(shutil.which, NAMES)), "")


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        # The libraries that it needs can only be installed by root.
        _run([sys.executable, "-m", "playwright", "install", *(["--with-deps"] if IS_ROOT else []), "chromium"])
    return path if Path(path).exists() else ""


def _debians() -> str:
    if shutil.which("apt-get") and IS_ROOT:
        _run(["apt-get", "update", "-qq"])
        _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"])
    return _installed()


def _run(command: list[str]) -> None:
    print(f"Getting a Chromium for the tests: {' '.join(command[:4])} …", flush=True)  # noqa: T201
    try:
        subprocess.run(
            command,
            check=False,
            timeout=600,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return


if __name__ == "__main__":
    try:
        executable()
    except NoChromium as error:
        sys.exit(str(error))
