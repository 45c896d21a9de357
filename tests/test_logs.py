"""Logs: one JSON line per request and per call, tied together by an id, and nothing of anybody's data in them."""

import json
import logging
import os
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import path

from portal import urls
from selfservice.logs import JsonLines, request_id
from tests.pageclient import PageClient, texts

SECRET = "canary-4711"
REQUEST_ID = r"[2-9a-z]{4}-[2-9a-z]{4}"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Any]:
    """Return a function that gives all that has been logged since, as the configured handler writes it."""
    caplog.set_level(logging.INFO, "selfservice.perfectgym")  # a command may have made it quieter
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)


def test_the_portal_logs_in_this_format() -> None:
    configured: Any = settings.LOGGING
    assert configured["formatters"]["json"]["()"] == "selfservice.logs.JsonLines"
    assert configured["handlers"]["console"]["formatter"] == "json"


def test_a_request_and_its_calls_share_an_id(anna: Any, lines: Any) -> None:
    response = anna.get()
    calls = [line for line in lines() if line["logger"] == "selfservice.perfectgym"]
    answered: dict[str, Any] = next(line for line in lines() if line["logger"] == "selfservice.logs")
    assert re.fullmatch(REQUEST_ID, answered["request_id"])
    assert response.headers["X-Request-Id"] == answered["request_id"]
    own = [call for call in calls if call.get("request_id") == answered["request_id"]]
    assert len([call for call in own if "self-service" in call["path"]]) == 4
    facts = [answered[key] for key in ("studio", "method", "route", "status")]
    assert facts == ["berlin-mitte", "GET", "<slug:studio>/profile/", 200]
    assert isinstance(answered["duration_ms"], int)


def test_every_request_has_an_id_of_its_own_and_leaves_none_behind(anna: Any) -> None:
    assert anna.get().headers["X-Request-Id"] != anna.get().headers["X-Request-Id"]
    assert request_id() == ""


def test_addresses_are_logged_as_routes(anna: Any, lines: Any) -> None:
    anna.client.get(f"/berlin-mitte/profile/{SECRET}/?q={SECRET}")
    anna.client.get(f"/{SECRET}/")
    Client().generic(f"GET{SECRET}", "/berlin-mitte/")
    assert SECRET not in json.dumps(lines())
    assert [line.get("status") for line in lines() if line["logger"] == "selfservice.logs"] == [404, 404, 405]


def test_an_error_page_names_the_id_that_the_log_knows(anna: Any, lines: Any) -> None:
    response = anna.get("nothing-of-that-kind/")
    assert response.headers["X-Request-Id"] in texts(response)
    assert response.headers["X-Request-Id"] in {line.get("request_id") for line in lines()}


def broken(_request: Any) -> Any:
    try:
        os.environ[SECRET]
    except KeyError as error:
        raise ValueError(f"no {SECRET}") from error


class Broken:
    """The URL map with a page that fails."""

    urlpatterns = [path("broken/", broken), *urls.urlpatterns]
    handler500 = urls.handler500


@pytest.mark.usefixtures("db", "studios")
def test_an_exception_is_told_by_type_and_place_alone(lines: Any, settings: Any) -> None:
    settings.ROOT_URLCONF = Broken
    client = PageClient(raise_request_exception=False)
    response = client.get("/broken/")
    assert response.status_code == 500
    assert re.search(REQUEST_ID, texts(response))
    (told,) = [line for line in lines() if "exception" in line]
    assert [one["type"] for one in told["exception"]] == ["ValueError", "KeyError"]
    assert told["exception"][0]["at"][-1].startswith("tests/test_logs.py:")
    assert told["request_id"] == response.headers["X-Request-Id"]
    assert SECRET not in json.dumps(lines())


def test_what_others_fill_into_their_messages_is_left_out(lines: Any) -> None:
    logging.getLogger("somebody.else").warning("looked for %s", SECRET)
    logging.getLogger("somebody.else").warning(ValueError(SECRET))
    logging.getLogger("selfservice.mine").warning("a word of %s", "ours")
    assert [line["message"] for line in lines()] == ["looked for %s", "ValueError", "a word of ours"]


def test_a_line_stays_one_line(lines: Any) -> None:
    logging.getLogger("selfservice.mine").warning("first\nsecond\u2028third")
    assert len(lines()) == 1
