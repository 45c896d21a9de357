"""The queue of faults that the next matching calls will meet."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 3600


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1_000_000


def _is_line(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and value.isascii()


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


_Check = Callable[[object], bool]
_SECONDS: dict[str, _Check] = {"seconds": _is_number}
_INTERVAL: dict[str, _Check] = {"interval": _is_number}
# Every fault with the options it understands beside method, path, count and apply.
KNOWN: dict[str, dict[str, _Check]] = {
    "status": {
        "status": lambda value: isinstance(value, int) and 200 <= value <= 599,
        "retry_after": lambda value: _is_number(value) or _is_line(value),
        "body": lambda _value: True,
    },
    "reset-before": {},
    "reset-after": {},
    "close": {},
    "stall": _SECONDS,
    "latency": _SECONDS,
    "drip-header": _INTERVAL,
    "drip-body": _INTERVAL,
    "truncated": {},
    "truncated-chunk": {},
    "bad-content-length": {},
    "no-status-line": {},
    "huge": {"megabytes": _is_count},
    "huge-header": {"size": _is_count},
    "gzip-bomb": {},
    "html": {},
    "empty": {},
    "wrong-types": {},
    "missing-fields": {"fields": _is_names},
    "unknown-enum": {},
    "null": {},
    "array": {},
    "string": {},
    "deep-nesting": {},
    "latin1": {},
    "not-json": {},
    "nan": {},
    "duplicate-keys": {},
    "wrong-content-type": {},
    "redirect": {"location": _is_line},
    "set-cookie": {},
}
# These end in a normal answer, or say so in their name: the request is always carried out.
_ALWAYS_APPLIED = frozenset({"latency", "set-cookie", "reset-after"})


@dataclass(frozen=True)
class Fault:
    """What goes wrong for the next `count` calls whose method and path match (fnmatch globs, path without query)."""

    name: str
    method: str = "*"
    path: str = "*"
    count: int = 1
    apply: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    def number(self, name: str, default: float) -> float:
        """A numeric option."""
        return float(self.options.get(name, default))

    @property
    def applies(self) -> bool:
        """Whether a POST or DELETE of a data set takes effect all the same."""
        return self.apply or self.name in _ALWAYS_APPLIED

    def document(self) -> dict[str, Any]:
        """The fault as it is queued over HTTP."""
        wanted = {"fault": self.name, "method": self.method, "path": self.path, "count": self.count}
        return {**wanted, "apply": self.apply, **self.options}


class Faults:
    """Faults in the order they were queued; the first that matches a call is met and used up by one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[Fault] = []

    def add(
        self, fault: str, *, method: str = "*", path: str = "*", count: int = 1, apply: bool = False, **options: object
    ) -> None:
        """Queue a fault; ValueError in plain words for an unknown name or a wrong option."""
        if fault not in KNOWN:
            raise ValueError(f"There is no fault {fault!r}. Known: {', '.join(sorted(KNOWN))}.")
        if not (isinstance(method, str) and isinstance(path, str) and isinstance(apply, bool) and _is_count(count)):
            raise ValueError("method and path are text, apply is true or false, count is a number above 0.")
        for name, value in options.items():
            if name not in KNOWN[fault] or not KNOWN[fault][name](value):
                raise ValueError(f"The fault {fault!r} can't use {name}={value!r}.")
        with self._lock:
            self._queue.append(Fault(fault, method.upper(), path, count, apply, dict(options)))

    def add_document(self, document: object) -> None:
        """Queue a fault described by a JSON object with `fault`, `method`, `path`, `count`, `apply` and options.

        TypeError for something else, ValueError as `add`.
        """
        if not isinstance(document, dict) or not isinstance(document.get("fault"), str):
            raise TypeError(f'A fault is a JSON object with a "fault". Known: {", ".join(sorted(KNOWN))}.')
        self.add(**document)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this call meets, or None."""
        with self._lock:
            for index, fault in enumerate(self._queue):
                if fnmatchcase(method, fault.method) and fnmatchcase(path, fault.path):
                    self._use_up(index)
                    return fault
        return None

    def waiting(self) -> list[Fault]:
        """The faults that nobody has met yet."""
        with self._lock:
            return list(self._queue)

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._queue.clear()

    def _use_up(self, index: int) -> None:
        fault = self._queue[index]
        self._queue[index : index + 1] = [replace(fault, count=fault.count - 1)] if fault.count > 1 else []
