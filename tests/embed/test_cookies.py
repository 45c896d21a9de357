"""Cookies in a frame: their own names, kept by the browser for one web site, and deleted like that too."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory

from selfservice.embed.cookies import _seen_in_a_frame, comes_from_a_frame
from tests.signin.visitor import ANNA, Visitor, newest_code

IN_A_FRAME = {"sec-fetch-dest": "iframe"}
FETCHED = {"sec-fetch-dest": "empty", "x-framed": "1"}
OF_A_FRAME = {"samesite": "None", "secure": True, "path": "/", "domain": ""}


class OverTls(Visitor):
    """A browser on its way to a portal as people run it."""

    def get(self, path: str = "", **extra: Any) -> Any:
        return super().get(path, secure=True, **extra)

    def post(self, path: str, data: dict[str, Any] | None = None, **extra: Any) -> Any:
        return super().post(path, data, secure=True, **extra)

    def sign_in(self, email: str = ANNA) -> Any:
        self.post("sign-in/", {"email": email})
        return self.enter(newest_code())


@pytest.fixture
def framed(db: None, listed: object, tls: None) -> Visitor:
    """A browser that shows the portal in a frame."""
    visitor = OverTls()
    visitor.client.defaults["HTTP_SEC_FETCH_DEST"] = "iframe"
    return visitor


def lines(answer: Any) -> dict[str, str]:
    """Return what an answer sets, as the browser gets it, by name."""
    return {name: cookie.OutputString() for name, cookie in answer.cookies.items()}


def is_partitioned(answer: Any) -> bool:
    """Whether every cookie of an answer is for the frame alone."""
    assert answer.cookies
    return all(
        name.startswith("__Host-framed-")
        and answer.cookies[name].items() >= OF_A_FRAME.items()
        and line.endswith("; Partitioned")
        and ("HttpOnly" in line or "Max-Age=0" in line)
        and line.count("SameSite=None") == line.count("Secure") == 1
        for name, line in lines(answer).items()
    )


def test_the_whole_way_in_and_out_sets_cookies_of_the_frame_alone(framed: Visitor) -> None:
    answers = [
        framed.get("embed/?language=en"),
        framed.get("sign-in/"),
        framed.post("sign-in/", {"email": ANNA}),
        framed.post("sign-in/resend/"),
        framed.post("sign-in/code/", {"code": newest_code()}),
        framed.post("language/", {"language": "de"}),
        framed.post("sign-out/"),
    ]
    assert [is_partitioned(answer) for answer in answers] == [True] * len(answers)
    names = {name for answer in answers for name in answer.cookies}
    kinds = ("embed", "language", "csrftoken", "sign-in", "session", "known")
    assert names == {f"__Host-framed-{kind}" for kind in kinds}


def test_what_is_deleted_is_deleted_in_the_frame(framed: Visitor) -> None:
    framed.get("embed/")
    framed.sign_in()
    out = framed.post("sign-out/")
    assert is_partitioned(out)
    assert "Max-Age=0" in lines(out)["__Host-framed-sign-in"]
    framed.client.cookies["__Host-framed-session"] = "of-a-session-that-has-ended"
    ended = framed.get("sign-in/")
    assert is_partitioned(ended)
    assert "Max-Age=0" in lines(ended)["__Host-framed-session"]


def test_in_a_window_they_stay_lax(db: None, listed: object, tls: None) -> None:
    visitor = Visitor()
    answer = visitor.post("sign-in/", {"email": ANNA}, secure=True, headers={"sec-fetch-dest": "document"})
    assert answer.cookies
    for name, line in lines(answer).items():
        assert "framed" not in name
        assert "SameSite=Lax" in line
        assert "Partitioned" not in line


def test_a_window_and_a_frame_are_two_sign_ins(framed: Visitor) -> None:
    """On a site of the same domain the browser sends the cookies of both; each counts where it was set."""
    framed.get("embed/")
    framed.sign_in()
    assert framed.is_in()
    framed.client.defaults["HTTP_SEC_FETCH_DEST"] = "document"
    assert not framed.is_in()
    framed.sign_in()
    framed.post("sign-out/")
    assert not framed.is_in()
    framed.client.defaults["HTTP_SEC_FETCH_DEST"] = "iframe"
    assert framed.is_in()


@pytest.mark.parametrize(
    ("headers", "is_signed_in"),
    [
        (FETCHED, True),
        ({"sec-fetch-dest": "empty"}, False),
        ({"x-framed": "1"}, False),
        ({"sec-fetch-dest": "document", "x-framed": "1"}, False),
        ({"sec-fetch-dest": "script"}, False),
    ],
)
def test_what_a_page_in_the_frame_fetches(framed: Visitor, headers: dict[str, str], is_signed_in: bool) -> None:
    framed.get("embed/")
    framed.sign_in()
    del framed.client.defaults["HTTP_SEC_FETCH_DEST"]
    answer = framed.get("session/", headers=headers)
    assert (answer.json()["seconds"] > 0) is is_signed_in


def test_without_tls_they_are_as_strict(db: None, listed: object) -> None:
    """The demo: browsers take Secure cookies from this machine itself also without TLS."""
    answer = Visitor().get("embed/", headers=IN_A_FRAME)
    assert lines(answer) == {"framed-embed": "framed-embed=1; HttpOnly; Path=/; SameSite=None; Secure; Partitioned"}


def test_a_name_that_says_framed_elsewhere_is_none(framed: Visitor) -> None:
    """Only our own mark in front counts, so that no cookie of another kind is taken for one of the frame."""
    framed.client.cookies["session-framed-"] = "x"
    framed.client.cookies[settings.SESSION_COOKIE_NAME] = "y"
    answer = framed.get("session/")
    assert answer.json()["seconds"] == 0


@pytest.mark.parametrize("name", ["framed-__Host-session", "__Host-session", "framed-framed-session", "framed-session"])
def test_a_cookie_that_a_neighbouring_host_may_set_opens_no_session_in_a_frame(name: str) -> None:
    """Of the cookies with the prefix only those count that a browser lets nobody else set."""
    assert "__Host-session" not in _seen_in_a_frame({name: "planted"})


def test_the_frames_own_cookies_are_seen() -> None:
    assert _seen_in_a_frame({"__Host-framed-session": "a", "framed-language": "b"}) == {
        "__Host-session": "a",
        "language": "b",
    }


@pytest.mark.parametrize("kind", ["iframe", "frame", "object", "embed", "fencedframe"])
def test_every_kind_of_frame_is_one(kind: str) -> None:
    assert comes_from_a_frame(RequestFactory().get("/", headers={"sec-fetch-dest": kind}))
