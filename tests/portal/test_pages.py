"""The front door, the probes, and the pages for what goes wrong."""

from typing import Any

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation

from portal.urls import urlpatterns as portal_urls
from selfservice.errors import bad_request, error_page
from selfservice.troubles import TROUBLES
from tests.pageclient import PageClient, texts


def broken(_request: Any) -> HttpResponse:
    raise RuntimeError("a value that nobody may see")


urlpatterns = [
    path("madrid-centro/broken/", broken),
    path("berlin-mitte/error/<int:status>/", error_page),
    *portal_urls,
]
handler400 = "selfservice.errors.bad_request"
handler403 = "selfservice.errors.forbidden"
handler404 = "selfservice.errors.not_found"
handler500 = "selfservice.errors.server_error"


def test_several_studios_are_a_choice(page: PageClient, studios: Any) -> None:
    words = texts(page.get("/"))
    assert "Fit Berlin Mitte" in words
    assert "Fit Madrid Centro" in words


def test_the_only_studio_is_where_the_front_door_leads(page: PageClient, studios: Any) -> None:
    del studios["madrid-centro"]
    response = page.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/berlin-mitte/")


@pytest.mark.parametrize("status", sorted(TROUBLES))
@pytest.mark.urls("tests.portal.test_pages")
def test_every_error_says_what_happened_and_what_to_do(page: PageClient, studios: Any, status: int) -> None:
    response = page.get(f"/berlin-mitte/error/{status}/")
    words = texts(response)
    assert response.status_code == status
    for part in (TROUBLES[status].heading, TROUBLES[status].what, TROUBLES[status].next_step):
        assert str(part) in words
    assert "--accent" in response.content.decode() or not studios["berlin-mitte"].accent
    assert "Fit Berlin Mitte" in words


@pytest.mark.urls("tests.portal.test_pages")
def test_an_error_of_ours_shows_nothing_of_it(studios: Any, db: None) -> None:
    client = PageClient(raise_request_exception=False, headers={"accept-language": "en"})
    response = client.get("/madrid-centro/broken/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in texts(response)
    assert "nobody may see" not in response.content.decode()
    assert "Fit Madrid Centro" in texts(response)
    assert "#7a1f5c" in response.content.decode()


@pytest.mark.urls("tests.portal.test_pages")
def test_when_even_the_error_page_fails_there_is_a_bare_one(
    studios: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_studio: Any) -> None:
        raise OSError

    monkeypatch.setattr("selfservice.studios.context.contact_of", away)
    response = PageClient(raise_request_exception=False).get("/madrid-centro/broken/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in texts(response)


def test_a_page_that_is_not_there_keeps_the_studios_look(page: PageClient, studios: Any) -> None:
    response = page.get("/madrid-centro/no/such/page/")
    assert response.status_code == 404
    assert "#7a1f5c" in response.content.decode()
    assert "Fit Madrid Centro" in texts(response)


def test_a_request_that_is_too_large_is_explained(page: PageClient, studios: Any, db: None) -> None:
    response = page.post("/berlin-mitte/sign-in/", {"email": "x" * 300_000})
    assert response.status_code == 413
    assert "That was too much at once" in texts(response)


def test_probes(client: Client, studios: Any, db: None) -> None:
    assert (client.get("/healthz").status_code, client.get("/readyz").content) == (200, b"ready\n")


@pytest.mark.parametrize("part", ["database", "cache"])
def test_a_part_that_is_away_is_named(
    client: Client, studios: Any, db: None, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def away() -> bool:
        raise OSError

    monkeypatch.setattr(f"selfservice.health._{part}_answers", away)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, f"{part} does not answer\n".encode())
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("asked", "cookie", "spoken"),
    [
        ("de-AT,de;q=0.9", "", "de"),
        ("en-US", "", "en"),
        ("fr,it", "", "de"),
        ("", "", "de"),
        ("fr, en;q=0.5", "", "en"),
        ("de", "en", "en"),
        ("de", "xx", "de"),
        ("\u00e4\u00f6\u00fc", "", "de"),
        ("x" * 10_000, "", "de"),
    ],
)
def test_the_language(client: Client, studios: Any, db: None, asked: str, cookie: str, spoken: str) -> None:
    if cookie:
        client.cookies["language"] = cookie
    response = client.get("/berlin-mitte/sign-in/", headers={"accept-language": asked})
    assert f'<html lang="{spoken}"' in response.content.decode()
    assert response.headers["Content-Language"] == spoken


def test_the_language_can_be_picked_without_javascript(client: Client, studios: Any, db: None) -> None:
    response = client.post("/language/", {"language": "de", "next": "/berlin-mitte/sign-in/"})
    assert response.headers["Location"] == "/berlin-mitte/sign-in/"
    assert response.cookies["language"].value == "de"


def test_every_answer_has_its_policy(client: Client, studios: Any, db: None) -> None:
    headers = client.get("/berlin-mitte/sign-in/").headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_sign_out_in_another_tab_is_not_called_harmless(studios: Any, db: None) -> None:
    """The session ended while a page was being made: what it sent may have arrived."""
    request = RequestFactory().get("/berlin-mitte/profile/")
    request.studio = studios["berlin-mitte"]  # type: ignore[attr-defined]
    with translation.override("en"):
        words = texts(bad_request(request, SessionInterrupted()))
    assert "You were signed out meanwhile" in words
    assert "may have arrived" in words
    assert "Nothing was changed" not in words
