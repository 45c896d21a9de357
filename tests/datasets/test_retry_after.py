"""When the studio's system says when to come back, every page passes it on, and says the same in words."""

import re
from typing import Any

import pytest

from tests.pageclient import form_values, texts

NEW = {"phone_private": "030 23125555"}
# What upstream asks for, and what is passed on: nobody is sent away for more than an hour.
ASKED = [("30", "30"), ("3600", "3600"), ("99999", "3600")]


def seconds_in_words(response: Any) -> str:
    (seconds,) = re.findall(r"Try again in (\d+) seconds?\.", texts(response))
    return str(seconds)


@pytest.mark.parametrize(("asked", "told"), ASKED)
@pytest.mark.parametrize("path", ["", "contact/", "contact/withdraw/"])
def test_a_page_that_cannot_be_shown_passes_it_on(anna: Any, path: str, asked: str, told: str) -> None:
    anna.sandbox.faults.add("status", path="*self-service*", status=503, retry_after=asked, count=9)
    response = anna.get(path)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == told


@pytest.mark.parametrize(("asked", "told"), ASKED)
def test_a_change_that_was_not_sent_passes_it_on_and_says_it(anna: Any, asked: str, told: str) -> None:
    values = anna.open("contact")
    anna.sandbox.faults.add("status", path="*contact-data", status=503, retry_after=asked, count=9)
    response = anna.send("contact", values, **NEW)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == told
    assert seconds_in_words(response) == told
    assert not anna.sent()


def test_a_change_that_met_a_limit_says_what_is_left_of_it(anna: Any) -> None:
    values = anna.open("contact")
    anna.sandbox.faults.add("status", method="POST", path="*contact-data", status=429, retry_after=45)
    for _ in range(2):
        response = anna.send("contact", values, **NEW)
        assert response.status_code == 503
        assert seconds_in_words(response) == response.headers["Retry-After"]
        assert 40 <= int(response.headers["Retry-After"]) <= 45
        values = form_values(response)
    assert len(anna.sent()) == 1


def test_a_withdrawal_that_was_not_tried_passes_it_on(miriam: Any) -> None:
    values = form_values(miriam.get("address/withdraw/"))
    miriam.sandbox.faults.add("status", method="GET", path="*address-data", status=503, retry_after=30, count=9)
    response = miriam.client.post(miriam.url("address/withdraw/"), values)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert not miriam.sent("DELETE")


def test_a_page_that_can_be_shown_does_not_tell_to_come_back(anna: Any) -> None:
    anna.sandbox.faults.add("status", path="*contact-data", status=503, retry_after=30, count=9)
    response = anna.get()
    assert response.status_code == 200
    assert "Retry-After" not in response.headers


def test_without_a_word_from_upstream_none_is_made_up(anna: Any) -> None:
    values = anna.open("contact")
    anna.sandbox.faults.add("status", path="*self-service*", status=503, count=99)
    for response in (anna.get(), anna.get("contact/"), anna.send("contact", values, **NEW)):
        assert response.status_code == 503
        assert "Retry-After" not in response.headers
    assert "Try again in a minute." in texts(response)
