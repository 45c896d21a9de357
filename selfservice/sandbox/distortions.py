"""Faults that spoil the answer itself: each turns a normal answer into the one the client must survive."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from .api import Answer, as_error, as_json
from .faults import Fault

Distort = Callable[[Answer, Fault], Answer]
_MEGABYTE = 1024 * 1024
_BOMB_MEGABYTES = 200
_ENUMS = ("amendmentConfigurationStatus", "gender", "customerTitle", "status")


def _status(_answer: Answer, fault: Fault) -> Answer:
    status = int(fault.number("status", 503))
    codes = {401: "key", 403: "scope", 404: "customer", 409: "pending", 429: "rate-limit"}
    spoiled = as_error(status, codes.get(status, "system"), "en")
    if "body" in fault.options:
        body = fault.options["body"]
        spoiled = as_json(body, status) if not isinstance(body, str) else replace(spoiled, body=body.encode())
    retry_after = fault.options.get("retry_after")
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return replace(spoiled, headers=(*spoiled.headers, *headers))


def _fixed(body: bytes, content_type: str = "application/json") -> Distort:
    return lambda _answer, _fault: Answer(200, body, content_type)


def _reshaped(reshape: Callable[[Mapping[str, Any], Fault], object]) -> Distort:
    """Apply `reshape` to the object, or to each object of a list."""

    def distort(answer: Answer, fault: Fault) -> Answer:
        document = json.loads(answer.body or b"{}")
        if isinstance(document, list):
            return as_json([reshape(each, fault) for each in document], answer.status)
        return as_json(reshape(document, fault), answer.status)

    return distort


def _wrong_types(document: Mapping[str, Any], _fault: Fault) -> object:
    strangers = (17, ["a", "list"], {"an": "object"}, True)
    return {name: strangers[index % 4] for index, name in enumerate(document)}


def _missing_fields(document: Mapping[str, Any], fault: Fault) -> object:
    missing = fault.options.get("fields", list(document))
    return {name: value for name, value in document.items() if name not in missing}


def _unknown_enum(document: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
    spoiled = {name: "SOMETHING_NEW" if name in _ENUMS else value for name, value in document.items()}
    if isinstance(document.get("pendingAmendment"), dict):
        spoiled["pendingAmendment"] = _unknown_enum(document["pendingAmendment"], fault)
    return spoiled


def _not_a_number(document: Mapping[str, Any], _fault: Fault) -> object:
    return {**document, "id": float("nan"), "limit": float("inf")}


def _latin1(answer: Answer, _fault: Fault) -> Answer:
    document = json.loads(answer.body or b"{}")
    spoiled = {**document, "remark": "Überweisung"} if isinstance(document, dict) else [*document, "Überweisung"]
    return replace(answer, body=json.dumps(spoiled, ensure_ascii=False).encode("latin-1", "replace"))


def _duplicate_keys(answer: Answer, _fault: Fault) -> Answer:
    document = json.loads(answer.body or b"{}")
    if not isinstance(document, dict):
        return answer
    pairs = [pair for name, value in document.items() for pair in ((name, value), (name, "DUPLICATE"))]
    members = ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in pairs)
    return replace(answer, body=f"{{{members}}}".encode())


@cache
def _bomb() -> bytes:
    blanks = b" " * _MEGABYTE
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # A fully flushed block stands for itself, so one may be repeated instead of packing everything.
    block = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(_BOMB_MEGABYTES):
        checksum = zlib.crc32(blanks, checksum)
    trailer = struct.pack("<II", checksum, _BOMB_MEGABYTES * _MEGABYTE)
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + block * _BOMB_MEGABYTES + packer.flush() + trailer


def _gzip_bomb(_answer: Answer, _fault: Fault) -> Answer:
    return Answer(200, _bomb(), headers=(("Content-Encoding", "gzip"),))


def _huge_header(answer: Answer, fault: Fault) -> Answer:
    return replace(answer, headers=(*answer.headers, ("X-Padding", "x" * int(fault.number("size", 100_000)))))


def _redirect(_answer: Answer, fault: Fault) -> Answer:
    return Answer(302, headers=(("Location", str(fault.options.get("location", "http://127.0.0.1:9/"))),))


def _set_cookie(answer: Answer, _fault: Fault) -> Answer:
    return replace(answer, headers=(*answer.headers, ("Set-Cookie", "UPSTREAM=of-one-member; Path=/; HttpOnly")))


def _wrong_content_type(answer: Answer, _fault: Fault) -> Answer:
    return replace(answer, content_type="text/plain; charset=utf-16")


DISTORTIONS: dict[str, Distort] = {
    "status": _status,
    "html": _fixed(b"<!doctype html><title>Maintenance</title><h1>We'll be back soon</h1>", "text/html"),
    "empty": _fixed(b""),
    "null": _fixed(b"null"),
    "array": _fixed(b"[]"),
    "string": _fixed(b'"ok"'),
    "not-json": _fixed(b"upstream connect error or disconnect"),
    "deep-nesting": _fixed(b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    "wrong-types": _reshaped(_wrong_types),
    "missing-fields": _reshaped(_missing_fields),
    "unknown-enum": _reshaped(_unknown_enum),
    "nan": _reshaped(_not_a_number),
    "latin1": _latin1,
    "duplicate-keys": _duplicate_keys,
    "gzip-bomb": _gzip_bomb,
    "huge-header": _huge_header,
    "redirect": _redirect,
    "set-cookie": _set_cookie,
    "wrong-content-type": _wrong_content_type,
}
