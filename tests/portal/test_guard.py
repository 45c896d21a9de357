"""What no page of ours sends is refused before anything reads it."""

from typing import Any

import pytest

from portal.handler import PortalHandler, Utf8Request
from tests.pageclient import PageClient, texts

BOUNDARY = "multipart/form-data; boundary=x"


class Untouchable:
    """A body that must not be read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read

    def close(self) -> None:
        pass


def send(page: PageClient, path: str = "/berlin-mitte/sign-in/", **meta: Any) -> Any:
    """Send a POST as it stands, without Django's test client making it right."""
    return page.generic("POST", path, b"", "application/x-www-form-urlencoded", **{"wsgi.input": Untouchable(), **meta})


@pytest.mark.parametrize("path", ["/", "/language/", "/berlin-mitte/sign-in/", "/berlin-mitte/profile/contact/"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", BOUNDARY, "application/octet-stream"])
def test_sixty_megabytes_are_refused_unread(page: PageClient, studios: Any, db: None, path: str, kind: str) -> None:
    page.cookies["csrftoken"] = "a" * 32
    response = send(page, path, CONTENT_LENGTH=str(60 * 1024 * 1024), CONTENT_TYPE=kind)
    assert response.status_code == 413
    assert "That was too much at once" in texts(response)


@pytest.fixture
def as_served(page: PageClient, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """The client with the requests that the portal's own handler makes."""
    monkeypatch.setattr("django.test.client.WSGIRequest", Utf8Request)
    return page


@pytest.mark.parametrize("charset", ["punycode", "zlib", "hex", "base64", "undefined", "idna", "no-such-thing"])
def test_other_character_sets_are_refused_unread(as_served: PageClient, studios: Any, db: None, charset: str) -> None:
    for kind in ("application/x-www-form-urlencoded", BOUNDARY):
        response = send(as_served, CONTENT_LENGTH="1000", CONTENT_TYPE=f"{kind}; charset={charset}")
        assert response.status_code == 400
    asked = as_served.get("/berlin-mitte/sign-in/?next=/%E4", CONTENT_TYPE=f"text/plain; charset={charset}")
    assert asked.status_code == 400


def test_the_server_makes_such_requests() -> None:
    assert PortalHandler.request_class is Utf8Request


@pytest.mark.parametrize("length", ["-1", "1e9", "9" * 40, "0x10"])
def test_a_length_that_is_none_is_refused(page: PageClient, studios: Any, db: None, length: str) -> None:
    assert send(page, CONTENT_LENGTH=length).status_code == 400


def test_a_body_in_chunks_is_refused(page: PageClient, studios: Any, db: None) -> None:
    assert send(page, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked").status_code == 400


def test_an_ordinary_form_passes(page: PageClient, studios: Any, db: None) -> None:
    kind = "application/x-www-form-urlencoded; charset=UTF-8"
    response = page.generic("POST", "/berlin-mitte/sign-in/", b"email=", kind)
    assert response.status_code == 200
