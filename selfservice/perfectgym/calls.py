"""Calls: tried again where that is safe, run in parallel, and never waited for beyond the deadline."""

import logging
import random
import time
from collections.abc import Sequence
from concurrent.futures import Future, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import requests

from .answers import error_of
from .deadline import Deadline, Exchange
from .errors import GymError, NotFound, Unavailable
from .operations import Operation
from .pace import waiting
from .transport import Answer, engine, send

TRIES = 3
BACKOFF_SECONDS = 0.1
# A try needs some time after the pause before it; with less left there is no point in pausing.
SHORTEST_TRY = 0.05

logger = logging.getLogger("selfservice.perfectgym")
T = TypeVar("T")

# A gateway says these of a request that it may have passed on: timed out, too early, closed by the client.
UNSETTLING = frozenset({408, 425, 499})


@dataclass(frozen=True)
class Call(Generic[T]):
    """One operation, ready to be sent. `studio` is a name for logs."""

    studio: str
    operation: Operation[T]
    request: requests.PreparedRequest = field(repr=False)

    def run(self, exchange: Exchange, deadline: Deadline) -> T:
        """Send, and send again where that is safe and fits the deadline; raises GymError."""
        number = 1
        while True:
            try:
                return self._try(exchange, deadline)
            except GymError as error:
                error.outcome_unknown = self.operation.changes and exchange.unsettled
                pause = _pause(error, number)
                if not self._may_repeat(error) or number == TRIES or pause + SHORTEST_TRY > deadline.left():
                    raise
            time.sleep(pause)
            number += 1

    def _may_repeat(self, error: GymError) -> bool:
        if error.status == 429:
            return error.retry_after is not None
        return error.retryable and (self.operation.repeatable or not error.outcome_unknown)

    def _try(self, exchange: Exchange, deadline: Deadline) -> T:
        started = time.monotonic()
        answer, failure = None, None
        sent_before = exchange.unsettled
        try:
            answer = send(self.request, deadline, exchange)
            return self._result(answer, exchange, sent_before=sent_before)
        except GymError as error:
            failure = error
            raise
        finally:
            self._log(answer, failure, time.monotonic() - started)

    def _result(self, answer: Answer, exchange: Exchange, *, sent_before: bool) -> T:
        error = error_of(answer)
        if error and 400 <= answer.status < 500 and answer.status not in UNSETTLING:
            exchange.settle(unsettled=sent_before)
        # Not found, after an earlier try of ours to remove it: removed.
        removed = isinstance(error, NotFound) and self.operation.method == "DELETE" and sent_before
        if error and not removed:
            raise error
        return self.operation.read(answer)

    def _log(self, answer: Answer | None, error: GymError | None, seconds: float) -> None:
        facts = {
            "studio": self.studio,
            "method": self.operation.method,
            "path": self.operation.path,
            "status": answer.status if answer else None,
            "error": str(error) if error else None,
            "duration_ms": round(seconds * 1000),
            "trace_id": error.trace_id if error else None,
        }
        told = error or f"status {facts['status']}"
        logger.info("%s %s: %s, %d ms", self.studio, self.operation.endpoint, told, facts["duration_ms"], extra=facts)


def gather(calls: Sequence[Call[T]], deadline: Deadline) -> list[T | GymError]:
    """Run `calls` in parallel; returns a result or an error for each, in order, at the deadline at the latest."""
    started = [_Started(call, deadline) for call in calls]
    with waiting():
        wait([one.future for one in started], timeout=deadline.left())
    return [one.outcome() for one in started]


class _Started(Generic[T]):
    def __init__(self, call: Call[T], deadline: Deadline) -> None:
        self.changes = call.operation.changes
        self.exchange = Exchange()
        # In the context of whoever asks, so that what is logged there can be tied to the page.
        self.future: Future[T] = engine().threads.submit(copy_context().run, call.run, self.exchange, deadline)

    def outcome(self) -> T | GymError:
        """Return the result or the error, ending the call if it is still going on."""
        if self.future.cancel():
            return Unavailable(reason="queue")  # it waited for a thread and never left
        if not self.future.done():
            unsettled = self.exchange.cut()
            return Unavailable(reason="deadline", outcome_unknown=self.changes and unsettled)
        error = self.future.exception()
        if error is not None and not isinstance(error, GymError):
            raise error
        return error or self.future.result()


def _pause(error: GymError, number: int) -> float:
    """Return the seconds until the next try: what upstream asks for, else doubling, with jitter against crowds."""
    if error.retry_after is not None:
        return error.retry_after
    return BACKOFF_SECONDS * 2.0 ** (number - 1) * random.uniform(0.5, 1.0)  # nosec B311  # noqa: S311 - no secret
