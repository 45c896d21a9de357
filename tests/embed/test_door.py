"""Where a frame begins, and what happens where cookies don't work."""

from __future__ import annotations

from typing import Any

import pytest

from selfservice.datasets import DATA_SETS
from selfservice.embed.pages import routes
from tests.embed.web import Web
from tests.member import Member
from tests.pageclient import texts
from tests.signin.visitor import ANNA, Visitor

NO_COOKIES = "Your browser keeps no cookies for the portal inside this web site."


@pytest.fixture
def framed(db: None, listed: object) -> Visitor:
    visitor = Visitor()
    visitor.client.defaults["HTTP_SEC_FETCH_DEST"] = "iframe"
    return visitor


def forget_cookies(visitor: Visitor) -> None:
    """Be a browser that kept none of them."""
    visitor.client.cookies.clear()


@pytest.mark.parametrize("page", ["profile", *DATA_SETS])
def test_it_leads_to_the_page_that_was_asked_for(framed: Visitor, page: str) -> None:
    path = "/berlin-mitte/profile/" if page == "profile" else f"/berlin-mitte/profile/{page}/"
    assert framed.get(f"embed/?page={page}").headers["Location"] == (
        f"/berlin-mitte/sign-in/?next={path.replace('/', '%2F')}&embed=1"
    )
    framed.sign_in()
    assert framed.get(f"embed/?page={page}").headers["Location"] == path


@pytest.mark.parametrize("page", ["", "desk", "//evil.example", "../madrid-centro/", "%0d%0aSet-Cookie:x", "profile/"])
def test_whatever_is_no_page_leads_to_the_overview(framed: Visitor, page: str) -> None:
    framed.get("embed/")
    framed.sign_in()
    assert framed.get("embed/", data={"page": page}).headers["Location"] == "/berlin-mitte/profile/"


def test_the_names_are_those_of_the_data_sets(listed: Any) -> None:
    assert list(routes(listed["berlin-mitte"])) == ["profile", *DATA_SETS]


def test_the_language_of_the_web_site_counts_in_the_frame_alone(framed: Visitor) -> None:
    framed.get("embed/?language=de")
    assert "Anmelden" in texts(framed.get("sign-in/"))
    framed.get("embed/?language=en")
    assert "Sign in" in texts(framed.get("sign-in/"))
    for nonsense in ("xx", "", "de;q=1", "../de"):
        assert "framed-language" not in framed.get("embed/", data={"language": nonsense}).cookies
    framed.client.defaults["HTTP_SEC_FETCH_DEST"] = "document"
    assert framed.get("embed/?language=de").cookies == {}


def test_without_cookies_it_says_so_before_anything_is_typed(framed: Visitor) -> None:
    first = framed.get("embed/?page=contact")
    forget_cookies(framed)
    page = framed.client.get(first.headers["Location"])
    assert page.status_code == 200
    assert NO_COOKIES in texts(page)
    assert 'name="email"' not in page.content.decode()
    assert 'href="/berlin-mitte/embed/window/?site=' in page.content.decode()


def test_a_frame_that_did_not_begin_at_the_door_is_led_there_once(framed: Visitor) -> None:
    assert framed.get("sign-in/").headers["Location"] == "/berlin-mitte/embed/"
    framed.get("embed/")
    assert framed.get("sign-in/").status_code == 200


def test_cookies_that_went_meanwhile_are_told_and_nothing_is_read(framed: Visitor) -> None:
    framed.get("embed/")
    forget_cookies(framed)
    answer = framed.post("sign-in/", {"email": ANNA})
    assert answer.status_code == 403
    assert NO_COOKIES in texts(answer)


def test_a_browser_that_does_not_say_where_a_page_stands_is_told_too(db: None, listed: object) -> None:
    """Safari before 16.4: the address of the first page says that it began at the door, no later one would."""
    visitor = Visitor()
    first = visitor.get("embed/").headers["Location"]
    for _ in range(2):
        answer = visitor.client.get(first)
        assert NO_COOKIES in texts(answer)
        assert "js/frame.js" in answer.content.decode(), "or the site would wait for its word"
        forget_cookies(visitor)
    assert NO_COOKIES not in texts(visitor.get("sign-in/"))


def test_a_frame_that_somebody_opens_in_a_tab_is_an_ordinary_page(db: None, listed: object) -> None:
    tab = Visitor()
    tab.client.defaults["HTTP_SEC_FETCH_DEST"] = "document"
    assert NO_COOKIES not in texts(tab.get("sign-in/?next=%2Fberlin-mitte%2Fprofile%2F&embed=1"))


def test_a_new_window_knows_the_way_back_to_a_listed_site_alone(db: None, listed: object, web: Web) -> None:
    visitor = Visitor()
    for site in ("https://evil.example", "javascript:alert(1)", "", web.gym + "/x", web.url("www.other-gym.test")):
        assert visitor.get("embed/window/", data={"site": site}).cookies == {}
    assert visitor.get("embed/window/", data={"site": web.gym}).headers["Location"] == "/berlin-mitte/sign-in/"
    page = visitor.get("sign-in/").content.decode()
    assert f'<a class="back-link" href="{web.gym}">' in page
    assert f"Back to {web.gym.removeprefix('https://')}" in page
    visitor.client.cookies["embed"] = "https://evil.example"
    assert "evil.example" not in visitor.get("sign-in/").content.decode()
    assert "Back to" not in visitor.at("madrid-centro").get("sign-in/").content.decode()


def test_pages_in_a_frame_say_whose_they_are_and_have_no_header_of_their_own(anna: Member, listed: object) -> None:
    window = anna.client.get("/berlin-mitte/profile/").content.decode()
    assert "frame.js" not in window
    anna.client.cookies["framed-session"] = anna.client.cookies["session"].value
    page = anna.client.get("/berlin-mitte/profile/", headers={"sec-fetch-dest": "iframe"})
    assert "Member portal of Fit Berlin Mitte at testserver" in texts(page)
    html = page.content.decode()
    assert 'data-page="profile" data-signed-in="yes"' in html
    for personal in ("Anna", "anna.berger", "1001"):
        assert personal not in html[: html.index("<body")], "no script is told who is signed in"


def test_a_frame_of_a_studio_without_a_list_is_told_nothing(db: None, studios: object) -> None:
    visitor = Visitor()
    visitor.get("embed/", headers={"sec-fetch-dest": "iframe"})
    page = visitor.get("sign-in/", headers={"sec-fetch-dest": "iframe"}).content.decode()
    assert "frame.js" not in page
    assert "embedded" not in page
