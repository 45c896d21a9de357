"""From an HTTP answer to a JSON document or to the error it stands for; every byte is hostile until checked."""

import json
import math
import re
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NoReturn

from . import errors
from .errors import GymError
from .transport import Answer

BY_STATUS: dict[int, type[GymError]] = {
    401: errors.KeyRejected,
    403: errors.ScopeMissing,
    404: errors.NotFound,
    409: errors.Conflict,
    429: errors.Busy,
    503: errors.Busy,
}
TRANSIENT = frozenset({429, 500, 502, 503, 504})
MAX_DEPTH = 32
MAX_MESSAGE = 500


def error_of(answer: Answer) -> GymError | None:
    """Return the error that the status stands for, with what the body tells about it; None for 2xx."""
    status = answer.status
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return errors.Unavailable(reason="redirect", status=status, retryable=False)
    if not 400 <= status < 600:
        return errors.Garbled(reason="no such status", status=status)
    kind = BY_STATUS.get(status, errors.Invalid if status < 500 else errors.Unavailable)
    error = kind(status=status, retryable=status in TRANSIENT, retry_after=_retry_after(answer))
    _tell(error, answer)
    return error


def document(answer: Answer) -> object:
    """Return the JSON of a 2xx answer; raises Garbled, or Unavailable when the body did not arrive in time."""
    if answer.flaw in ("deadline", "timeout"):
        raise errors.Unavailable(reason=answer.flaw, status=answer.status)
    if answer.flaw:
        raise errors.Garbled(reason=answer.flaw, status=answer.status, retryable=answer.flaw == "cut short")
    try:
        return _decode(answer.body)
    except (ValueError, RecursionError):
        reason = "not JSON"
    # Outside the handler: the library's exception quotes the body.
    raise errors.Garbled(reason=reason, status=answer.status)


def _decode(body: bytes) -> object:
    """Decode strict JSON in UTF-8; raises ValueError or RecursionError. Of repeated names the last one counts."""
    value = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    if not _is_shallow(value, MAX_DEPTH):
        raise ValueError("too deep")
    if b"\\ud" in body.lower():
        json.dumps(value, ensure_ascii=False).encode()  # raises for half a surrogate pair, which no page can hold
    return value


def _refuse(literal: str) -> NoReturn:
    raise ValueError(literal)


def _finite(literal: str) -> float:
    value = float(literal)
    return value if math.isfinite(value) else _refuse(literal)


def _is_shallow(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(one, levels - 1) for one in inner)


def _tell(error: GymError, answer: Answer) -> None:
    """Copy errorMessage, errorCode, reference and traceId into `error` as far as they are what they should be."""
    try:
        body = _decode(answer.body)
    except (ValueError, RecursionError):
        return
    given = {name: one for name, one in body.items() if isinstance(one, str)} if isinstance(body, dict) else {}
    error.message = _printable(given.get("errorMessage", ""))
    error.code = _matching(r"[A-Za-z0-9_.-]{1,64}", given.get("errorCode"))
    error.reference = _matching(r"[A-Za-z0-9_.\[\]]{1,64}", given.get("reference"))
    error.trace_id = _matching("[A-Za-z0-9-]{1,64}", given.get("traceId"))


def _printable(text: str) -> str:
    return "".join(one for one in " ".join(text.split()) if one.isprintable())[:MAX_MESSAGE]


def _matching(pattern: str, text: str | None) -> str | None:
    return text if text is not None and re.fullmatch(pattern, text) else None


def _retry_after(answer: Answer) -> float | None:
    """Return the seconds that a Retry-After header asks for, from seconds or an HTTP date; None when unreadable."""
    value = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch("[0-9]{1,9}", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
        # RFC 9110 dates are in GMT whether or not they say so.
        return max(0.0, moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
