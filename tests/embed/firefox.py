"""Debian's Firefox, driven by WebDriver BiDi: its own protocol, for which it needs no other program."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.embed.websocket import WebSocket
from tests.faults.serving import free_port

NAMES = ("firefox-esr", "firefox")
PATIENCE = 15  # seconds for a page to show something
ENTER, TAB = "\ue007", "\ue004"
FOUND = """(selector, text) => [...document.querySelectorAll(selector)].find(
  (it) => it.checkVisibility() && (!text || it.textContent.trim().includes(text)))"""


def executable() -> str:
    """Return where Firefox is, "" when it is not installed."""
    return next(filter(None, map(shutil.which, NAMES)), "")


class Firefox:
    """A running browser with a profile of its own and one window; `context` is what a command is about."""

    def __init__(self, folder: Path, hosts: Iterable[str], cookie_behavior: int) -> None:
        preferences: dict[str, Any] = {
            "network.dns.localDomains": ",".join(hosts),
            "network.cookie.cookieBehavior": cookie_behavior,
            "network.proxy.type": 0,
            "datareporting.policy.dataSubmissionEnabled": False,
            "browser.shell.checkDefaultBrowser": False,
            "intl.accept_languages": "en",
        }
        lines = [f'user_pref("{name}",{json.dumps(value)});' for name, value in preferences.items()]
        (folder / "user.js").write_text("\n".join(lines), "utf-8")
        port = free_port()
        self._numbers = itertools.count(1)
        command = [executable(), "--headless", "--no-remote", "--profile", str(folder)]
        self.process = subprocess.Popen(
            [*command, "--remote-debugging-port", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"HOME": str(folder), "MOZ_HEADLESS": "1"},
            start_new_session=True,
        )
        try:
            self.socket = self._connect(port)
            self.command("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
            self.window = self.command("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self.close()
            raise

    def _connect(self, port: int) -> WebSocket:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                return WebSocket(port, "/session")
            except OSError:
                time.sleep(0.2)
        raise AssertionError("Firefox does not answer")

    def command(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.receive())
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, url: str, wait: str = "complete") -> None:
        """Open a page; with `wait="none"` one in which a frame may be refused, which Firefox calls an error."""
        self.command("browsingContext.navigate", context=self.window, url=url, wait=wait)

    def forget_cookies(self) -> None:
        self.command("storage.deleteCookies")

    def frame(self) -> str:
        """Return the context of the window's first frame."""
        tree = self.command("browsingContext.getTree", root=self.window)["contexts"][0]
        return str(tree["children"][0]["context"])

    def run(self, script: str, context: str = "") -> Any:
        """Return what an expression is worth in the window, or in the frame that is named."""
        target = {"context": context or self.window}
        result = self.command(
            "script.evaluate", expression=f"JSON.stringify({script})", target=target, awaitPromise=True
        )
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return json.loads(result["result"].get("value", "null"))

    # --- as a person does in the frame ---

    def sees(self, text: str, selector: str = "h1") -> None:
        """Wait until the frame shows an element with this text."""
        self.wait_for(f"!!({FOUND})({json.dumps(selector)}, {json.dumps(text)})", in_frame=True)

    def wait_for(self, script: str, *, in_frame: bool = False) -> None:
        end = time.monotonic() + PATIENCE
        seen: object = None
        while time.monotonic() < end:
            try:
                if self.run(script, self.frame() if in_frame else ""):
                    return
            except (AssertionError, LookupError) as error:
                seen = error  # the page is just changing
            time.sleep(0.05)
        raise AssertionError(f"{script} never came true; {seen}; {self._text()}")

    def fits(self) -> None:
        """Wait until the frame is exactly as tall as what is in it, and the page in it knows."""
        measure = "[Math.ceil(document.documentElement.getBoundingClientRect().height), innerHeight]"
        end = time.monotonic() + PATIENCE
        heights = {0, 1}
        while len(heights) > 1 and time.monotonic() < end:
            inside = self.run(measure, self.frame())
            heights = {*inside, self.run("document.querySelector('iframe').offsetHeight")}
        assert len(heights) == 1, heights

    def _text(self) -> str:
        return str(self.run("document.body.innerText", self.frame()))

    def click(self, text: str, selector: str = "button, a") -> None:
        """Click with the mouse, where the element is on the screen."""
        self.sees(text, selector)
        self.fits()
        find = f"({FOUND})({json.dumps(selector)}, {json.dumps(text)})"
        self.run(f"void {find}.scrollIntoView({{ block: 'center' }})", self.frame())
        x, y = self._middle(find)
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self._act("pointer", [{"type": "pointerMove", "x": x, "y": y}, down, up], {"pointerType": "mouse"})

    def write(self, selector: str, text: str) -> None:
        """Type into a box with the keyboard."""
        self.run(f"void (document.querySelector({json.dumps(selector)}).value = '')", self.frame())
        self.click("", selector)
        self.keys(text)

    def keys(self, text: str) -> None:
        strokes = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._act("key", strokes, {})

    def draw(self, selector: str, path: list[tuple[int, int]]) -> None:
        """Draw a stroke with a finger."""
        self.run(f"void document.querySelector('{selector}').scrollIntoView({{ block: 'center' }})", self.frame())
        box = self.run(f"document.querySelector('{selector}').getBoundingClientRect()", self.frame())
        points = [(round(box["x"] + x), round(box["y"] + y)) for x, y in path]
        moves = [{"type": "pointerMove", "x": x, "y": y} for x, y in points]
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self._act("pointer", [moves[0], down, *moves[1:], up], {"pointerType": "touch"})

    def _middle(self, find: str) -> tuple[int, int]:
        box = self.run(f"{find}.getBoundingClientRect()", self.frame())
        return round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2)

    def _act(self, kind: str, actions: list[dict[str, Any]], parameters: dict[str, Any]) -> None:
        source: dict[str, Any] = {"type": kind, "id": kind + str(parameters.get("pointerType", "")), "actions": actions}
        if parameters:
            source["parameters"] = parameters
        self.command("input.performActions", context=self.frame(), actions=[source])

    def close(self) -> None:
        if hasattr(self, "socket"):
            self.socket.close()
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)
