"""One line per try, for people and for machines; no key, no personal data, in logs or anywhere else."""

import json
import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from selfservice.perfectgym import calls, errors
from selfservice.perfectgym.client import Deadline, GymClient
from tests.perfectgym.conftest import KEY
from tests.perfectgym.wire import Server, Step, close, drip, reply, reset, stall, then

Serve = Callable[..., Server]
Connect = Callable[[Server | str], GymClient]
SECRETS = (KEY, "M-4711-QX", "987654321012", "ann@secret.example", "DE91")
CUSTOMER = 987654321012
ECHO = {"errorMessage": "ann@secret.example has DE91", "errorCode": "DE91", "reference": "DE91", "traceId": "trace-1"}


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "BACKOFF_SECONDS", 0.001)


@pytest.fixture(autouse=True)
def _everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def soon() -> Deadline:
    return Deadline.after(0.2)


def records(caplog: pytest.LogCaptureFixture) -> list[Any]:
    return [one for one in caplog.records if one.name == "selfservice.perfectgym"]


def test_one_line_per_try(serve: Serve, gym_at: Connect, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(close, reply(ECHO, 500), reply({"id": 1}))
    gym_at(server).customer(CUSTOMER, language="en", deadline=Deadline.after(1))
    lines = records(caplog)
    assert [(one.status, one.error, one.trace_id) for one in lines] == [
        (None, "Unavailable: network", None),
        (500, "Unavailable: status 500, trace trace-1", "trace-1"),
        (200, None, None),
    ]
    for one in lines:
        assert one.levelno == logging.INFO
        assert (one.method, one.path, one.studio) == ("GET", "/v1/customers/{customerId}", "berlin")
        assert isinstance(one.duration_ms, int)
    assert (
        lines[1]
        .getMessage()
        .startswith("berlin GET /v1/customers/{customerId}: Unavailable: status 500, trace trace-1, ")
    )


def test_paths_in_the_log_are_templates(serve: Serve, gym_at: Connect, caplog: pytest.LogCaptureFixture) -> None:
    gym = gym_at(serve(reply({"id": 1}), reply(b""), reply({"id": 1}), reply([])))
    gym.request_change(CUSTOMER, "payment-data", {"iban": "DE91"}, language="en", deadline=soon())
    gym.withdraw(CUSTOMER, 4711, language="en", deadline=soon())
    gym.customer_by_number("M-4711-QX", language="en", deadline=soon())
    gym.search_customers(email="ann@secret.example", language="en", deadline=soon())
    assert [f"{one.method} {one.path}" for one in records(caplog)] == [
        "POST /v1/customers/{customerId}/self-service/payment-data",
        "DELETE /v1/customers/{customerId}/self-service/amendment/{amendmentId}",
        "GET /v1/customers/by",
        "POST /v1/customers/search",
    ]


@pytest.mark.parametrize(
    "step",
    [
        reply({"id": 1}),
        reply(ECHO, 400),
        reply(ECHO, 409),
        reply(ECHO, 429),
        reply(ECHO, 500),
        reply(ECHO, 302, ["Location: /DE91"]),
        reply(b'{"iban": "DE91'),
        reply(["DE91"]),
        reply({"email": "ann@secret.example"}, headers=["Set-Cookie: id=DE91", "X DE91"]),
        reply({}, headers=["Content-Length: 99"]),
        close,
        reset,
        stall,
        then(b"DE91 ann@secret.example\r\n\r\n"),
        then(b"HTTP/1.1 200 X\r\nDE91 ann@secret.example\r\n\r\n"),
        then(b"HTTP/1.1 200 X\r\nContent-Length: 90\r\n\r\n{"),
        drip(b"HTTP/1.1 200 X\r\nX-DE91: "),
    ],
)
def test_no_secret_anywhere(serve: Serve, gym_at: Connect, caplog: pytest.LogCaptureFixture, step: Step) -> None:
    gym = gym_at(serve(step))
    told = [repr(gym), str(gym)]
    operations: list[Callable[[], object]] = [
        lambda: gym.request_change(CUSTOMER, "payment-data", {"iban": "DE91"}, language="en", deadline=soon()),
        lambda: gym.customer_by_number("M-4711-QX", language="en", deadline=soon()),
        lambda: gym.search_customers(email="ann@secret.example", language="en", deadline=soon()),
        lambda: gym.read_all(CUSTOMER, ["contact-data"], language="en", deadline=soon()),
    ]
    for operation in operations:
        try:
            told.append(repr(operation()))
        except errors.GymError as error:
            told += [str(error), repr(error), repr(error.args), repr(error.__context__), repr(error.__cause__)]
            frames = traceback.TracebackException.from_exception(error, capture_locals=True).format()
            told += [line for line in frames if KEY in line]
    for record in caplog.records:
        told += [record.getMessage(), json.dumps(vars(record), default=repr)]
    for secret in SECRETS:
        assert secret not in "\n".join(told)
