"""The API's operations as pure functions: one call in, one answer out."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from .gym import Gym
from .people import DATA_SET_NAMES, Key, Studio
from .refusals import Refusal, choose_language, message

JSON = "application/json"
# More than 32 levels is an attack on the parser behind, not a data set.
_MAX_DEPTH = 32


@dataclass(frozen=True)
class Call:
    """A request as the API sees it: `path` without prefix and query, header names of `headers` in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """A response before it is written."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()


def as_json(document: object, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """An answer that carries `document`."""
    return Answer(status, json.dumps(document, ensure_ascii=False).encode(), headers=headers)


def as_error(status: int, code: str, language: str, reference: str = "", allow: str = "") -> Answer:
    """An error body as the contract describes it."""
    document = {"errorMessage": message(code, language), "errorCode": f"error.{code}", "traceId": secrets.token_hex(16)}
    headers = (("Allow", allow),) if allow else ()
    return as_json({**document, **({"reference": reference} if reference else {})}, status, headers)


def answer(gym: Gym, call: Call) -> Answer:
    """What the API says to this call; refusals come back as answers, in the language the call asks for."""
    key = gym.key(call.headers.get("x-api-key"))
    language = choose_language(call.headers.get("accept-language"), key.studio.language if key else "en")
    try:
        return _dispatch(gym, call, key)
    except Refusal as refusal:
        return as_error(refusal.status, refusal.code, language, refusal.reference, refusal.allow)


def parse(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """The document in a request body; raises Refusal 400 when it is no JSON this API would read."""
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "not-json") from error
    if _too_deep(document, _MAX_DEPTH):
        raise Refusal(400, "not-json")
    return document


class _Request(NamedTuple):
    gym: Gym
    studio: Studio
    call: Call
    parts: tuple[str, ...]


class _Operation(NamedTuple):
    scope: str
    run: Callable[[_Request], Answer]


def _dispatch(gym: Gym, call: Call, key: Key | None) -> Answer:
    if key is None:
        raise Refusal(401, "key")
    if call.method == "HEAD":
        return Answer()
    operation, parts = _route(call)
    if operation.scope not in key.scopes:
        raise Refusal(403, "scope")
    return operation.run(_Request(gym, key.studio, call, parts))


def _route(call: Call) -> tuple[_Operation, tuple[str, ...]]:
    for pattern, operations in _ROUTES:
        match = pattern.fullmatch(call.path)
        if match and call.method in operations:
            return operations[call.method], match.groups()
        if match:
            raise Refusal(405, "method", allow=", ".join([*operations, "HEAD"]))
    raise Refusal(404, "path")


def _read(request: _Request) -> Answer:
    customer_id, data_set = request.parts
    return as_json(request.gym.read(request.studio, int(customer_id), data_set))


def _request(request: _Request) -> Answer:
    customer_id, data_set = request.parts
    return as_json(request.gym.request(request.studio, int(customer_id), data_set, _document(request.call)))


def _withdraw(request: _Request) -> Answer:
    customer_id, amendment_id = request.parts
    request.gym.withdraw(request.studio, int(customer_id), int(amendment_id))
    return Answer()


def _search(request: _Request) -> Answer:
    return as_json(request.gym.search(request.studio, _document(request.call)))


def _find(request: _Request) -> Answer:
    return as_json(request.gym.find(request.studio, dict(parse_qsl(request.call.query))))


def _customer(request: _Request) -> Answer:
    return as_json(request.gym.customer(request.studio, int(request.parts[0])))


def _studio(request: _Request) -> Answer:
    return as_json(request.studio.information)


_SELF_SERVICE = r"/v1/customers/([0-9]{1,19})/self-service"
_ROUTES: tuple[tuple[re.Pattern[str], dict[str, _Operation]], ...] = (
    (
        re.compile(f"{_SELF_SERVICE}/({'|'.join(DATA_SET_NAMES)})"),
        {
            "GET": _Operation("CUSTOMER_SELF_SERVICE_READ", _read),
            "POST": _Operation("CUSTOMER_SELF_SERVICE_WRITE", _request),
        },
    ),
    (
        re.compile(f"{_SELF_SERVICE}/amendment/([0-9]{{1,19}})"),
        {"DELETE": _Operation("CUSTOMER_SELF_SERVICE_WRITE", _withdraw)},
    ),
    (re.compile(r"/v1/customers/search"), {"POST": _Operation("CUSTOMER_READ", _search)}),
    (re.compile(r"/v1/customers/by"), {"GET": _Operation("CUSTOMER_READ", _find)}),
    (re.compile(r"/v1/customers/([0-9]{1,19})"), {"GET": _Operation("CUSTOMER_READ", _customer)}),
    (re.compile(r"/v1/studios/information"), {"GET": _Operation("STUDIO_READ", _studio)}),
)


def _document(call: Call) -> object:
    media_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != JSON:
        raise Refusal(415, "media-type")
    return parse(call.body)


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _too_deep(value: object, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    children = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_too_deep(child, levels - 1) for child in children)
