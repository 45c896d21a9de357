"""What the portal says of itself: one JSON line per event, each with the id of its request, none with personal data."""

import json
import logging
import secrets
import time
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

# Without the characters that are read for one another when somebody says an id on the telephone.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
# Whose messages are made of nothing but our own words; what others put into theirs may be anybody's data.
TRUSTED = ("selfservice", "portal", "gunicorn")
PROBES = ("/healthz", "/readyz")
SERVER = "gunicorn.error"
# Of these Django makes the text of an exception the message.
REFUSALS = "django.security"
# gunicorn's words before the address of somebody whose request it can't read.
CALLER = " from ip="
FACTS = ("studio", "method", "path", "route", "status", "error", "duration_ms", "trace_id")

_request_id: ContextVar[str] = ContextVar("request_id", default="")

logger = logging.getLogger(__name__)


def request_id() -> str:
    """Return the id of the request that is being answered, "" outside of one; people can quote it to the studio."""
    return _request_id.get()


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: time, level, logger, message, request id and the facts that came with it.

    Of an exception it tells the types and where it happened, never its text, which may hold what somebody typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "request_id": request_id(),
        }
        line |= {name: getattr(record, name, None) for name in FACTS}
        if record.exc_info and record.exc_info[1]:
            line["exception"] = list(_told(record.exc_info[1]))
        return json.dumps({name: value for name, value in line.items() if value not in (None, "")}, default=str)


def _message(record: logging.LogRecord) -> str:
    """Return the message; of loggers that are not ours without what they fill in, such as addresses and values."""
    if record.name.startswith(REFUSALS):
        return "a request was refused"
    # What a server says of a failure names the address that was asked for.
    if record.name.partition(".")[0] in TRUSTED and not (record.name == SERVER and record.levelno > logging.INFO):
        return record.getMessage()
    return record.msg.partition(CALLER)[0] if isinstance(record.msg, str) else type(record.msg).__name__


def _told(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """Yield an exception and those behind it as types and places."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
        places = [f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in frames]
        yield {"type": type(error).__qualname__, "at": places}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


class RequestLogMiddleware:
    """Gives every request an id and writes one line about it: the route, never the address, which holds ids."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; the id goes out as a header too."""
        started = time.monotonic()
        token = _request_id.set("-".join(_letters(4) for _ in range(2)))
        try:
            response = self.get_response(request)
            response.headers["X-Request-Id"] = request_id()
            self._log(request, response, time.monotonic() - started)
        finally:
            _request_id.reset(token)
        return response

    def _log(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        studio = getattr(request, "studio", None)
        facts = {
            "studio": studio.slug if studio else None,
            "method": request.method if (request.method or "").isalpha() else "?",
            "route": request.resolver_match.route if request.resolver_match else None,
            "status": response.status_code,
            "duration_ms": round(seconds * 1000),
        }
        # Probes come every few seconds and tell nothing.
        logger.log(logging.DEBUG if request.path_info in PROBES else logging.INFO, "request answered", extra=facts)


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))
