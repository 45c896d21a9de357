"""Simulated gyms in a process of their own: opened, broken and looked at by lines of JSON on stdin and stdout."""

import json
import ssl
import sys
from collections.abc import Callable
from threading import Thread
from typing import Any

from ..sandbox import Sandbox, start


class _Gyms:
    def __init__(self, certificate: str) -> None:
        self.gyms: dict[int, Sandbox] = {}
        self.context: ssl.SSLContext | None = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.opened = 0

    def open(self, _number: int, *, secure: bool) -> dict[str, Any]:
        """Start a gym as it is at the beginning."""
        self.opened += 1
        self.gyms[self.opened] = start(ssl_context=self.context if secure else None)
        return {"number": self.opened, "url": self.gyms[self.opened].base_url}

    def close(self, number: int) -> None:
        """End a gym; nobody waits for its threads."""
        Thread(target=self.gyms.pop(number).close, daemon=True).start()

    def fault(self, number: int, **fault: Any) -> None:
        """Queue a fault."""
        self.gyms[number].faults.add(**fault)

    def heal(self, number: int) -> None:
        """Forget all faults."""
        self.gyms[number].faults.clear()

    def forget(self, number: int) -> None:
        """Forget what was asked."""
        self.gyms[number].forget_requests()

    def requests(self, number: int) -> list[list[str]]:
        """Return method and path of what was asked."""
        return [[request.method, request.path] for request in self.gyms[number].requests]

    def held(self, number: int, *, customer_id: int, data_set: str) -> dict[str, Any]:
        """Return what holds, and what waits."""
        state = self.gyms[number].gym.member(customer_id).sets[data_set]
        return {"values": state.values, "pending": state.pending.values if state.pending else None}

    def ask_for(self, number: int, *, customer_id: int, data_set: str, changes: dict[str, Any]) -> int:
        """Let an amendment wait."""
        return self.gyms[number].gym.set_pending(customer_id, data_set, changes)


def main(certificate: str) -> None:
    """Answer line by line until stdin ends."""
    gyms = _Gyms(certificate)
    for line in sys.stdin:
        name, number, options = json.loads(line)
        work: Callable[..., Any] = getattr(gyms, name)
        sys.stdout.write(json.dumps(work(number, **options)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
