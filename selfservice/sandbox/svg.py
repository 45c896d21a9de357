"""Whether a submitted signature is the base64 of a harmless SVG image."""

from __future__ import annotations

import base64
import binascii
from xml.parsers import expat

from .refusals import Refusal


class _NotHarmlessError(Exception):
    pass


def refuse_bad_signature(encoded: str) -> None:
    """Raise Refusal 400 unless `encoded` is base64 of a well-formed <svg> without script, handlers or a doctype."""
    try:
        _parse(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError, expat.ExpatError, _NotHarmlessError) as error:
        raise Refusal(400, "svg", "signature.base64SvgSignature") from error


def _parse(document: bytes) -> None:
    parser = expat.ParserCreate()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        if depth == 0 and _local(name) != "svg":
            raise _NotHarmlessError
        depth += 1
        _refuse_active(name, attributes)

    parser.StartElementHandler = start
    # Without a doctype there are no entities, so nothing can be expanded or fetched.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(document, True)  # noqa: FBT003 - expat takes it by position only


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _refuse_active(name: str, attributes: dict[str, str]) -> None:
    handlers = any(_local(attribute).startswith("on") for attribute in attributes)
    links = any("javascript:" in "".join(value.split()).lower() for value in attributes.values())
    if _local(name) == "script" or handlers or links:
        raise _NotHarmlessError


def _refuse_doctype(*_declaration: object) -> None:
    raise _NotHarmlessError
