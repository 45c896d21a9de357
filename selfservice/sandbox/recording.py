"""What the simulated API was asked, kept for tests to look at."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_KEPT = 2000


class Headers(Mapping[str, str]):
    """Header fields; names in any case. Its repr shows names only, so that a failing test prints no key."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = {name.lower(): value for name, value in fields.items()}

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"<Headers {' '.join(self)}>"


@dataclass(frozen=True)
class RecordedRequest:
    """One call of the API. `path` is without prefix and query; `body` is the parsed JSON, or bytes if it is none.

    `at` is `time.monotonic()` when the request had been read.
    """

    method: str
    path: str
    query: str
    headers: Headers
    body: Any
    at: float

    def document(self) -> dict[str, Any]:
        """The request for `GET /_requests`, without the API key."""
        headers = {name: value for name, value in self.headers.items() if name != "x-api-key"}
        body = self.body.decode("utf-8", "replace") if isinstance(self.body, bytes) else self.body
        return {"method": self.method, "path": self.path, "query": self.query, "headers": headers, "body": body}


class Recording:
    """The latest requests, oldest first; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: deque[RecordedRequest] = deque(maxlen=_KEPT)

    def add(self, request: RecordedRequest) -> None:
        """Keep a request; the oldest falls out when there are too many."""
        with self._lock:
            self._requests.append(request)

    def all(self) -> list[RecordedRequest]:
        """A copy of the list."""
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._requests.clear()


def readable(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """The JSON in a body; the bytes themselves if it is none; None if there is no body."""
    if not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body
