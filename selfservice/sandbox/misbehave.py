"""Faults on the wire: silence, dripping, lies about length, broken connections."""

from __future__ import annotations

from collections.abc import Callable

from .api import Answer
from .distortions import DISTORTIONS
from .faults import Fault
from .wire import Wire, head, whole

_MEGABYTE = 1024 * 1024
Break = Callable[[Wire, Answer, Fault], None]


def misbehave(wire: Wire, normal: Answer, fault: Fault, *, bodiless: bool = False) -> bool:
    """Answer in the fault's way instead of with `normal`; says whether the connection may live on."""
    if fault.name == "latency":
        wire.pause(fault.number("seconds", 1.0))
        wire.send(whole(normal, bodiless=bodiless))
        return True
    if fault.name in DISTORTIONS:
        wire.send(whole(DISTORTIONS[fault.name](normal, fault), bodiless=bodiless))
        return True
    _BREAKS[fault.name](wire, normal, fault)
    return False


def _close(_wire: Wire, _normal: Answer, _fault: Fault) -> None:
    """Say nothing; the caller closes."""


def _reset(wire: Wire, _normal: Answer, _fault: Fault) -> None:
    wire.reset()


def _stall(wire: Wire, _normal: Answer, fault: Fault) -> None:
    wire.pause(fault.number("seconds", 30.0))


def _drip_header(wire: Wire, normal: Answer, fault: Fault) -> None:
    _drip(wire, whole(normal), fault)


def _drip_body(wire: Wire, normal: Answer, fault: Fault) -> None:
    wire.send(whole(normal, bodiless=True))
    _drip(wire, normal.body, fault)


def _drip(wire: Wire, data: bytes, fault: Fault) -> None:
    for byte in data:
        wire.send(bytes([byte]))
        wire.pause(fault.number("interval", 0.2))


def _truncated(wire: Wire, normal: Answer, _fault: Fault) -> None:
    wire.send(head(normal, ("Content-Length", str(len(normal.body) + 10))) + normal.body[: len(normal.body) // 2])


def _truncated_chunk(wire: Wire, normal: Answer, _fault: Fault) -> None:
    half = normal.body[: len(normal.body) // 2]
    wire.send(head(normal, ("Transfer-Encoding", "chunked")) + b"%x\r\n" % (len(normal.body) + 10) + half)


def _bad_content_length(wire: Wire, normal: Answer, _fault: Fault) -> None:
    wire.send(head(normal, ("Content-Length", "banana")) + normal.body)


def _no_status_line(wire: Wire, _normal: Answer, _fault: Fault) -> None:
    wire.send(b"\x00\xff\xfe what is this\r\n\r\n\x80\x81")


def _huge(wire: Wire, _normal: Answer, fault: Fault) -> None:
    wire.send(head(Answer(200, b"{"), ("Transfer-Encoding", "chunked")))
    _send_chunk(wire, b'{"padding":"')
    for _ in range(int(fault.number("megabytes", 8))):
        _send_chunk(wire, b"x" * _MEGABYTE)
    _send_chunk(wire, b'"}')
    _send_chunk(wire, b"")


def _send_chunk(wire: Wire, data: bytes) -> None:
    wire.send(b"%x\r\n%b\r\n" % (len(data), data))


_BREAKS: dict[str, Break] = {
    "close": _close,
    "reset-before": _reset,
    "reset-after": _reset,
    "stall": _stall,
    "drip-header": _drip_header,
    "drip-body": _drip_body,
    "truncated": _truncated,
    "truncated-chunk": _truncated_chunk,
    "bad-content-length": _bad_content_length,
    "no-status-line": _no_status_line,
    "huge": _huge,
}
