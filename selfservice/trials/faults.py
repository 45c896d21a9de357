"""The ways an answer can go wrong, as the simulated API plays them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..sandbox.faults import KNOWN

STATUSES = (400, 401, 403, 404, 408, 409, 500, 502, 503, 504)
# What a normal answer is in all that matters: the page must be as on any other day.
HARMLESS = frozenset({"latency", "set-cookie", "wrong-content-type", "bad-content-length"})
# JSON of the right shape that lacks something or has something new: the page must be usable.
USABLE = frozenset({"unknown-enum", "duplicate-keys", "missing-fields"})
# With these nobody is told that a call has succeeded, whatever the call.
SILENT = frozenset({"status", "reset-before", "close", "stall", "drip-header", "no-status-line", "redirect"})
# With these somebody is told that it has not.
REFUSED = frozenset({400, 401, 403, 404, 429})
# These keep a page waiting as long as it waits for anything.
SLOW = frozenset({"latency", "stall", "drip-header", "drip-body"})
# What part of a page's time an answer that is merely slow takes.
LATE_SHARE = 0.2


@dataclass(frozen=True)
class Fault:
    """One way; `options` are those of the simulated API."""

    label: str
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int | None:
        """The status that the answer has because of it."""
        return self.options.get("status")

    @property
    def is_harmless(self) -> bool:
        """Whether the answer can be read as if nothing had happened."""
        return self.name in HARMLESS

    @property
    def is_usable(self) -> bool:
        """Whether the answer has something that can be shown."""
        return self.name in HARMLESS | USABLE


def all_faults(deadline: float) -> list[Fault]:
    """Return every kind the simulated API has, and the statuses that upstream is known for."""
    kinds = [Fault(name, name) for name in KNOWN if name not in ("status", "latency")]
    late = Fault("latency", "latency", {"seconds": deadline * LATE_SHARE})
    statuses = [Fault(f"status {status}", "status", {"status": status}) for status in STATUSES]
    busy = [
        Fault("status 429", "status", {"status": 429}),
        Fault("429, wait 30 s", "status", {"status": 429, "retry_after": 30}),
    ]
    return [late, *kinds, *statuses, *busy]
