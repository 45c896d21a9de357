"""Open redirects: wherever an address is taken from a request, it leads to a page of the portal or nowhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.test import override_settings

from portal.https import over_https
from tests.pageclient import PageClient
from tests.signin.visitor import ANNA, Visitor, newest_code

ELSEWHERE = [
    "https://evil.example",
    "HTTPS://EVIL.EXAMPLE/",
    "http://testserver.evil.example/",
    "https://testserver@evil.example/",
    "https://evil.example#@testserver/",
    "https://evil.example\\@testserver/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/berlin-mitte/profile/",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    "/%09/evil.example",
    "/%2f/evil.example",
    "/%5cevil.example",
    "%2f%2fevil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "://evil.example",
    "javascript:alert(document.domain)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ftp://evil.example",
    "//evil%E3%80%82example",
    "//evil。example",
    "//[::1]/",
    "http://[",
    "https://testserver:password@evil.example",
    "/berlin-mitte/../../evil.example",
    "/berlin-mitte/profile/\r\nLocation: https://evil.example",
    "/berlin-mitte/profile/%0d%0aLocation:%20https://evil.example",
    "\x00//evil.example",
    "\u2028//evil.example",
    "/" + "a" * 10_000,
]


def is_ours(location: str) -> bool:
    """Tell whether a browser that follows `location` stays at the portal, however it reads slashes and blanks."""
    read = location.replace("\\", "/").strip("\x00\t\r\n \u2028")
    return urlsplit(urljoin("http://testserver/language/", read)).netloc == "testserver"


@pytest.mark.parametrize("address", ELSEWHERE, ids=lambda text: ascii(text[:40]))
def test_signing_in_leads_nowhere_else(visitor: Visitor, address: str) -> None:
    visitor.client.get(f"/berlin-mitte/sign-in/?next={quote(address)}")
    visitor.post(f"sign-in/?next={quote(address)}", {"email": ANNA, "next": address})
    assert visitor.enter(newest_code()).headers["Location"] == "/berlin-mitte/profile/"


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("address", ELSEWHERE, ids=lambda text: ascii(text[:40]))
def test_the_language_switch_leads_nowhere_else(
    client: PageClient, studios: Any, db: None, address: str, secure: bool
) -> None:
    header = address.encode("latin-1", "ignore").decode("latin-1").translate(dict.fromkeys(range(32)))
    with override_settings(**over_https(https=secure)):
        for data, headers in (
            ({"next": address}, {}),
            ({}, {"referer": header}),
            ({"next": address}, {"referer": header}),
        ):
            response = client.post("/language/", {"language": "de", **data}, secure=secure, headers=headers)
            assert is_ours(response.headers["Location"]), response.headers["Location"]
            asked = client.get(f"/language/?next={quote(address)}", secure=secure, headers=headers)
            assert is_ours(asked.headers["Location"])


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "//evil.example/berlin-mitte", "/\\evil.example", "//evil.example/%2f..", "///evil.example/x"],
)
def test_a_path_that_looks_like_a_host_is_not_completed(client: PageClient, studios: Any, db: None, path: str) -> None:
    response = client.get("/", PATH_INFO=path)
    assert is_ours(response.headers.get("Location", "/"))
    assert response.status_code in (301, 404)


@pytest.mark.parametrize("path", ["/berlin-mitte/", "/berlin-mitte/profile/contact/", "/language/"])
def test_the_way_to_tls_leads_to_the_same_host_or_nowhere(
    client: PageClient, studios: Any, db: None, path: str
) -> None:
    with override_settings(**over_https(https=True)):
        assert client.get(path).headers["Location"] == f"https://testserver{path}"
        assert client.get(path, headers={"host": "evil.example"}).status_code == 400
