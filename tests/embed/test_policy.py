"""Who may frame what: exactly the studio's own list on its members' pages, and nobody anything else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from selfservice.embed.csp import framing_origins
from selfservice.studios.studio import Studio
from tests.embed.web import Web
from tests.member import Member
from tests.pageclient import PageClient, texts
from tests.security.routes import all_paths
from tests.security.test_headers import policy_of
from tests.signin.visitor import ANNA

SETS = ("contact", "address", "master", "payment")
SIGN_IN = ("", "sign-in/", "sign-in/code/", "sign-in/member/", "sign-in/resend/", "sign-out/", "session/")
PROFILE = ("profile/", *(f"profile/{slug}/{step}" for slug in SETS for step in ("", "confirm/", "withdraw/")))
OTHERS = ("embed/", "embed/window/", "language/")
# Every address that is a page of members; whatever is added to the URL map is framed by nobody until it stands here.
FRAMED = {f"/berlin-mitte/{path}" for path in (*SIGN_IN, *PROFILE, *OTHERS)}
NOBODY = ("'none'", "DENY")


def ancestors(answer: Any) -> tuple[str, str | None]:
    """Return who may frame an answer, as new and as old browsers read it."""
    return policy_of(answer)["frame-ancestors"], answer.headers.get("X-Frame-Options")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_every_address(anna: Member, listed: object, web: Web, method: str) -> None:
    for path in all_paths():
        expected = (web.gym, None) if path in FRAMED else NOBODY
        assert ancestors(anna.client.generic(method, path)) == expected, path
    assert set(all_paths()) >= FRAMED


def test_errors_of_a_studio_can_be_framed_others_not(anna: Member, listed: object, web: Web) -> None:
    client = PageClient(raise_request_exception=False)
    for path in ("/berlin-mitte/nothing/", "/berlin-mitte/profile/nothing/", "/berlin-mitte/profile"):
        answer = client.get(path)
        assert ancestors(answer) == (web.gym, None), path
    for path in ("/nothing/", "/", "/healthz", "/berlin-mitte/desk/", "/berlin-mitte/desk", "/berlin-mitte/desk/a/b/"):
        assert ancestors(client.get(path)) == NOBODY, path


def test_what_is_refused_unread_can_explain_itself(db: None, listed: object, web: Web) -> None:
    client = PageClient(enforce_csrf_checks=True, headers={"sec-fetch-dest": "iframe", "accept-language": "en"})
    client.get("/berlin-mitte/embed/")
    forged = client.post("/berlin-mitte/sign-in/", {"email": ANNA})
    assert forged.status_code == 403
    assert "We could not make sure that this came from you" in texts(forged)
    assert ancestors(forged) == (web.gym, None)
    assert ancestors(client.post("/berlin-mitte/language/", {"language": "de"})) == (web.gym, None)
    too_large = client.post("/berlin-mitte/sign-in/", {"email": "x" * 300_000})
    assert (too_large.status_code, ancestors(too_large)) == (413, (web.gym, None))
    at_the_desk = client.post("/berlin-mitte/desk/", {"email": "x" * 300_000})
    assert (at_the_desk.status_code, ancestors(at_the_desk)) == (413, NOBODY)


def test_a_failure_of_ours_can_explain_itself(db: None, listed: object, web: Web, monkeypatch: Any) -> None:
    monkeypatch.setattr("selfservice.signin.views.email_page", lambda *_: 1 / 0)
    failed = PageClient(raise_request_exception=False).get("/berlin-mitte/sign-in/")
    assert (failed.status_code, ancestors(failed)) == (500, (web.gym, None))


def test_each_studio_has_its_own_list(db: None, listed: dict[str, Studio], web: Web) -> None:
    assert ancestors(PageClient().get("/madrid-centro/sign-in/")) == (web.url("www.other-gym.test"), None)


def test_a_studio_without_a_list_is_framed_by_nobody(db: None, studios: object) -> None:
    assert ancestors(PageClient().get("/berlin-mitte/sign-in/")) == NOBODY


@pytest.mark.parametrize("part", ["desk", "admin", "reports", "Profile", "sign-in2"])
def test_a_part_that_is_added_is_not_framed_by_itself(listed: dict[str, Studio], part: str) -> None:
    request = RequestFactory().get(f"/berlin-mitte/{part}/")
    request.studio = listed["berlin-mitte"]  # type: ignore[attr-defined]
    request.resolver_match = object()  # type: ignore[assignment]  # it leads somewhere
    assert framing_origins(request) == ()
