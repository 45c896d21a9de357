"""What was logged about the calls of a case: one line for each try, with all that the vendor's support asks for."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from logging import LogRecord

_FACTS = ("method", "path", "status", "duration_ms", "trace_id")


@dataclass(frozen=True)
class Logged:
    """The lines of a case, and what arrived at the gym; `method` and `status` are those of the call that went wrong."""

    lines: Sequence[LogRecord]
    requests: Sequence[tuple[str, str]]
    method: str
    status: int | None

    def wrong(self) -> Iterator[str]:
        """Say what is wrong."""
        facts = [vars(line) for line in self.lines]
        if any(name not in one for one in facts for name in _FACTS):
            yield "log: a line lacks something"
            return
        yield from self._uncounted([(one["method"], one["path"]) for one in facts], facts)
        if any(re.search("[0-9]{3}", one["path"]) or not isinstance(one["duration_ms"], int) for one in facts):
            yield "log: a line has an id in its path, or no duration"
        if self.status is None:
            return
        refused = [one for one in facts if one["method"] == self.method and one["status"] == self.status]
        if not refused:
            yield "log: no line has the status"
        if not all(one["trace_id"] for one in refused):
            yield "log: a line lacks its trace id"

    def _uncounted(self, tries: list[tuple[str, str]], facts: list[dict[str, object]]) -> Iterator[str]:
        logged, asked = Counter(tries), Counter((method, _template(path)) for method, path in self.requests)
        if missing := asked - logged:
            yield f"log: {missing.total()} tries without a line"
        # A call that its page's deadline met before it left is logged too.
        unsent = Counter(one for one, known in zip(tries, facts, strict=True) if known["status"] is None)
        if logged - asked - unsent:
            yield "log: lines without a try"


def _template(path: str) -> str:
    with_customer = re.sub("/customers/[0-9]+", "/customers/{customerId}", path)
    return re.sub("/amendment/[0-9]+", "/amendment/{amendmentId}", with_customer)
