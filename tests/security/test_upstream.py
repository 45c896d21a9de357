"""Requests that the portal makes: to the studio's own API and nowhere else, whatever an answer or a file says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from selfservice.studios import rules
from selfservice.studios.contact import refresh
from selfservice.studios.studio import Studio
from tests.member import Member
from tests.pageclient import texts
from tests.perfectgym.wire import Server, reply


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    """A server that must never be asked."""
    with Server(reply({"id": 1, "name": "taken in"})) as server:
        yield server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/v1/",
        "//127.0.0.1:{port}/",
        "http://key@127.0.0.1:{port}/",
        "\\\\127.0.0.1:{port}",
        "/_studio/",
    ],
)
def test_no_answer_sends_the_key_elsewhere(
    anna: Member, studios: dict[str, Studio], elsewhere: Server, status: int, location: str
) -> None:
    form = anna.open("contact")
    anna.sandbox.forget_requests()
    body = [f"Location: {location.format(port=elsewhere.port)}"]
    with Server(reply({}, status, body)) as redirecting:
        _point_at(studios, redirecting.url)
        anna.get()
        anna.send("contact", form | {"phone_private": "030 23125555"})
        words = texts(anna.get("contact/"))
    assert elsewhere.seen == []
    assert not [call for call in anna.sandbox.requests if "customers" in call.path]
    assert "taken in" not in words
    assert {seen.headers["host"] for seen in redirecting.seen} == {f"127.0.0.1:{redirecting.port}"}


def _point_at(studios: dict[str, Studio], url: str) -> None:
    studios["berlin-mitte"] = Studio("berlin-mitte", "Fit Berlin Mitte", url, "sandbox-berlin")


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://metadata.google.internal/",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[::ffff:10.0.0.1]/",
        "http://10.0.0.1:8080/",
        "https://user:password@fit.example/",
        "https://fit.example@evil.example/",
        "https://fit.example\\@evil.example/",
        "https://fit.example#@evil.example",
        "https://fit.example/?x=1",
        "https://fit.example:0/",
        "https://fit.example:99999/",
        "https://fit.example:abc/",
        "https://fit .example/",
        "https://fit.example\r\nX: y",
        "https://fit。example/",
        "https://-fit.example/",
        "https:///v1",
        "https:/fit.example",
        "//fit.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "ftp://127.0.0.1/",
        "unix:///var/run/docker.sock",
        "javascript:alert(1)",
        "",
        None,
        ["https://fit.example"],
    ],
)
def test_no_other_kind_of_address_is_an_api(url: object) -> None:
    with pytest.raises(ValueError, match=r"address|http|https"):
        rules.base_url(url)


def test_no_address_in_an_answer_is_ever_fetched(anna: Member, elsewhere: Server, studios: Any) -> None:
    information = {
        "name": "Fit",
        "website": elsewhere.url,
        "logoUrl": f"{elsewhere.url}/logo.svg",
        "email": "a@b.example",
    }
    for slug in ("contact", "address", "master", "payment"):
        held = anna.values(slug)
        anna.sandbox.gym.set_values(1001, f"{slug}-data", dict.fromkeys(held, f"{elsewhere.url}/x"))
    anna.sandbox.faults.add("status", status=200, path="*/information", count=5, body=information)
    refresh(studios["berlin-mitte"])
    for path in ("", "contact/", "address/", "master/", "payment/"):
        page = anna.get(path)
        assert f'src="{elsewhere.url}' not in page.content.decode()
    assert elsewhere.url in page.content.decode(), "the studio's website is a link"
    assert 'rel="noopener noreferrer"' in page.content.decode()
    assert elsewhere.seen == []


def test_a_number_of_a_customer_is_all_that_stands_in_an_address(anna: Member) -> None:
    """Neither an address nor a search term ever stands in a path or a query at the API."""
    anna.get()
    anna.change("contact", phone_private="030 23125555")
    for call in anna.sandbox.requests:
        assert call.query == ""
        assert set(call.path.split("/")) <= {
            "",
            "v1",
            "customers",
            "1001",
            "self-service",
            "studios",
            "information",
        } | {f"{slug}-data" for slug in ("contact", "address", "master", "payment")}
