"""Statuses and bodies as they come over the wire, and the error each of them stands for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from selfservice.perfectgym import answers, calls, errors
from selfservice.perfectgym.client import Deadline, GymClient
from selfservice.perfectgym.transport import Answer
from tests.perfectgym.wire import Server, reply

Serve = Callable[..., Server]
Connect = Callable[[Server | str], GymClient]
TOLD = {
    "errorMessage": "IBAN  DE91 of\nJürgen is\x00 wrong",
    "errorCode": "IBAN_WRONG",
    "reference": "account.iban[0]",
    "traceId": "4bf92f35-77b3",
}


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "BACKOFF_SECONDS", 0.001)


def failing_read(server: Server, gym_at: Connect, seconds: float = 2.0) -> errors.GymError:
    with pytest.raises(errors.GymError) as caught:
        gym_at(server).read(42, "contact-data", language="en", deadline=Deadline.after(seconds))
    assert caught.value.outcome_unknown is False
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (400, errors.Invalid, False),
        (401, errors.KeyRejected, False),
        (403, errors.ScopeMissing, False),
        (404, errors.NotFound, False),
        (405, errors.Invalid, False),
        (409, errors.Conflict, False),
        (418, errors.Invalid, False),
        (422, errors.Invalid, False),
        (429, errors.Busy, True),
        (500, errors.Unavailable, True),
        (501, errors.Unavailable, False),
        (502, errors.Unavailable, True),
        (503, errors.Busy, True),
        (504, errors.Unavailable, True),
        (599, errors.Unavailable, False),
        (301, errors.Unavailable, False),
        (304, errors.Unavailable, False),
        (102, errors.Garbled, False),
        (600, errors.Garbled, False),
        (999, errors.Garbled, False),
    ],
)
def test_every_status_has_its_error(
    serve: Serve, gym_at: Connect, status: int, kind: type[errors.GymError], *, retryable: bool
) -> None:
    error = failing_read(serve(reply(TOLD, status)), gym_at)
    assert (type(error), error.status, error.retryable) == (kind, status, retryable)


def test_tells_what_upstream_tells(serve: Serve, gym_at: Connect) -> None:
    error = failing_read(serve(reply(TOLD, 400)), gym_at)
    assert error.message == "IBAN DE91 of Jürgen is wrong"
    assert (error.code, error.reference, error.trace_id) == ("IBAN_WRONG", "account.iban[0]", "4bf92f35-77b3")


def test_text_of_an_error_holds_nothing_upstream_wrote(serve: Serve, gym_at: Connect) -> None:
    error = failing_read(serve(reply(TOLD, 400)), gym_at)
    assert str(error) == "Invalid: status 400, trace 4bf92f35-77b3"
    assert repr(error) == "<Invalid: status 400, trace 4bf92f35-77b3>"
    assert error.args == ()
    assert str(errors.Conflict()) == "Conflict"


def test_hostile_details_are_left_out(serve: Serve, gym_at: Connect) -> None:
    body = {
        "errorMessage": "m" * 9999,
        "errorCode": "a b",
        "reference": "<script>",
        "traceId": "a\nb",
    }
    error = failing_read(serve(reply(body, 400)), gym_at)
    assert (len(error.message), error.code, error.reference, error.trace_id) == (500, None, None, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        b"[]",
        b'"x"',
        b'{"errorMessage": null}',
        b'{"errorMessage": {"a": 1}, "traceId": 5}',
        b"\xff\xfe",
        b"[" * 5000,
        b'{"errorMessage": "\\ud800"}',
        b"x" * (300 * 1024),
    ],
)
def test_a_refusal_is_a_refusal_whatever_its_body(serve: Serve, gym_at: Connect, body: bytes) -> None:
    error = failing_read(serve(reply(body, 409)), gym_at)
    assert (type(error), error.status, error.message, error.trace_id) == (errors.Conflict, 409, "", None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"<html></html>",
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b"{",
        b"{} {}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        '{"a": "Jürgen"}'.encode("latin-1"),
        '{"a": "x"}'.encode("utf-16"),
        b'{"a": "\\ud800"}',
        b'{"a": "\\uDFFF"}',
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b"[" * 100_000,
        b'{"a": "\x00"}',
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
    ],
)
def test_unreadable_bodies_are_garbled(serve: Serve, gym_at: Connect, body: bytes) -> None:
    error = failing_read(serve(reply(body)), gym_at)
    assert (type(error), error.status, error.retryable) == (errors.Garbled, 200, False)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'\xef\xbb\xbf{"a": "x"}', "x"),
        (b'{"a": "x", "a": "y"}', "y"),
        (b'{"a": "\\ud83d\\ude00"}', "😀"),
        (b'{"a": "\\\\ud800"}', "\\ud800"),
        ('{"a": "Jürgen"}'.encode(), "Jürgen"),
        (b'{"a": 1.50}', "1.5"),
    ],
)
def test_readable_bodies(serve: Serve, gym_at: Connect, body: bytes, text: str) -> None:
    server = serve(reply(body))
    data = gym_at(server).read(1, "contact-data", language="en", deadline=Deadline.after(2))
    assert data.text("a") == text


def test_nothing_of_the_body_hangs_on_the_error(serve: Serve, gym_at: Connect) -> None:
    error = failing_read(serve(reply(b'{"iban": "DE91')), gym_at)
    assert error.__cause__ is None
    assert error.__context__ is None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_garbled(body: bytes) -> None:
    try:
        answers.document(Answer(200, CaseInsensitiveDict(), body, ""))
    except errors.Garbled:
        return


def retry_after(value: str) -> float | None:
    error = answers.error_of(Answer(503, CaseInsensitiveDict({"Retry-After": value}), b"", ""))
    assert error is not None
    return error.retry_after


@pytest.mark.parametrize(("value", "seconds"), [("0", 0.0), ("7", 7.0), (" 120 ", 120.0)])
def test_retry_after_in_seconds(value: str, seconds: float) -> None:
    assert retry_after(value) == seconds


@pytest.mark.parametrize("value", ["", "-1", "nan", "inf", "1e3", "1.5", "٣", "9" * 10, "soon", "Mon, 99 Foo 2020"])
def test_retry_after_that_says_nothing(value: str) -> None:
    assert retry_after(value) is None


def test_retry_after_as_a_date() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=30)
    for written in (format_datetime(soon, usegmt=True), format_datetime(soon.replace(tzinfo=None))):
        assert retry_after(written) == pytest.approx(30, abs=2)
    assert retry_after("Sun, 06 Nov 1994 08:49:37 GMT") == 0.0


@given(st.text(max_size=40))
def test_retry_after_is_never_an_exception(value: str) -> None:
    assert (retry_after(value) or 0.0) >= 0.0
