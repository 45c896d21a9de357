"""The simulated gyms as the trials see them: one for each case, all in another process."""

import json
import subprocess  # nosec B404  # programs of this machine, never by a shell
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]


class Gyms:
    """The process that serves them; use it as a context manager. `certificate` (with its key) is what TLS needs."""

    def __init__(self, certificate: Path | None = None) -> None:
        command = [sys.executable, "-m", f"{__package__}.serving", *([str(certificate)] if certificate else [])]
        self._process = subprocess.Popen(  # nosec B603  # noqa: S603 - this very program
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._lock = Lock()

    def ask(self, name: str, number: int = 0, **options: Any) -> Any:  # noqa: ANN401 - JSON
        """Do something in the other process and return what comes of it."""
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise RuntimeError("The simulated gyms have no pipes.")
        with self._lock:
            to.write(json.dumps([name, number, options]) + "\n")
            to.flush()
            return json.loads(back.readline())

    def open(self, *, secure: bool) -> "Gym":
        """Start a gym as it is at the beginning."""
        opened = self.ask("open", secure=secure)
        return Gym(self, opened["number"], opened["url"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()


@dataclass(frozen=True)
class Gym:
    """One gym: its address, its faults, what it was asked and what it holds."""

    gyms: Gyms
    number: int
    url: str

    def break_(self, fault: str, **options: Any) -> None:
        """Let every matching call go wrong from now on, or as many as `count` says."""
        self.gyms.ask("fault", self.number, fault=fault, **{"count": 99, **options})

    def heal(self) -> None:
        """Let nothing go wrong any more."""
        self.gyms.ask("heal", self.number)

    def forget_requests(self) -> None:
        """Count anew."""
        self.gyms.ask("forget", self.number)

    def requests(self) -> list[tuple[str, str]]:
        """Return method and path of each call that arrived."""
        return [(method, path) for method, path in self.gyms.ask("requests", self.number)]

    def values(self, customer_id: int, data_set: str) -> dict[str, Any]:
        """Return what holds."""
        held: dict[str, Any] = self.gyms.ask("held", self.number, customer_id=customer_id, data_set=data_set)["values"]
        return held

    def pending(self, customer_id: int, data_set: str) -> dict[str, Any] | None:
        """Return what waits."""
        asked = {"customer_id": customer_id, "data_set": data_set}
        waits: dict[str, Any] | None = self.gyms.ask("held", self.number, **asked)["pending"]
        return waits

    def ask_for(self, customer_id: int, data_set: str, changes: dict[str, Any]) -> None:
        """Let a request of this customer wait."""
        self.gyms.ask("ask_for", self.number, customer_id=customer_id, data_set=data_set, changes=changes)

    def close(self) -> None:
        """End it."""
        self.gyms.ask("close", self.number)
