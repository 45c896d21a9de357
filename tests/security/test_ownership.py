"""Other people's data: whatever number a browser sends, it sees and changes what its session says and nothing else."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.member import Member
from tests.pageclient import PageClient, form_values, texts
from tests.security.routes import desk_paths, personal_paths

ANNA, MIRIAM = "1001", "1003"
# Every name by which a customer, a session or an amendment might be chosen.
NAMES = ["customer", "customer_id", "customerId", "id", "member", "studio", "access", "amendment_id", "replaces"]


def customers_asked_for(member: Member) -> set[str]:
    """Return whose data was read, changed or withdrawn at the API."""
    return {call.path.split("/")[3] for call in member.sandbox.requests if "/customers/" in call.path}


def their_amendment(member: Member, slug: str = "contact") -> str:
    return str(member.sandbox.gym.pending(int(MIRIAM), f"{slug}-data").id)  # type: ignore[union-attr]


@pytest.mark.parametrize("path", personal_paths() if settings.configured else [])
def test_a_number_in_the_request_changes_nobody_elses_data(anna: Member, path: str) -> None:
    for name in NAMES:
        for number in (MIRIAM, their_amendment(anna)):
            query, headers = urlencode({name: number}), {f"x-{name.replace('_', '-')}": number}
            anna.client.cookies[name] = number
            anna.client.get(f"{path}?{query}", headers=headers)
            anna.client.post(f"{path}?{query}", {name: number, "street": "Elsewhere"}, headers=headers)
            del anna.client.cookies[name]
    # A page that only takes a signed draft asks for nobody's data without one.
    assert customers_asked_for(anna) == (set() if path.endswith("/confirm/") else {ANNA})
    assert anna.sandbox.gym.pending(int(MIRIAM), "contact-data")
    assert "Elsewhere" not in str(anna.sandbox.gym.member(int(MIRIAM)))


@pytest.mark.parametrize("slug", ["contact", "address", "master", "payment"])
def test_another_members_request_can_not_be_withdrawn(anna: Member, slug: str) -> None:
    anna.sandbox.gym.set_pending(int(ANNA), f"{slug}-data", {})
    anna.client.post(anna.url(f"{slug}/withdraw/"), {"amendment_id": their_amendment(anna, slug)})
    assert anna.sandbox.gym.pending(int(MIRIAM), f"{slug}-data")
    assert anna.pending(slug), "not their own either: it is not what the page showed"
    assert not anna.sent("DELETE")


@pytest.mark.parametrize("own_waits", [False, True])
def test_another_members_request_can_not_be_replaced(anna: Member, own_waits: bool) -> None:
    if own_waits:
        anna.sandbox.gym.set_pending(int(ANNA), "contact-data", {"phonePrivate": "+49 30 23125111"})
    values = form_values(anna.get("contact/?change"))
    anna.send("contact", values, replaces=their_amendment(anna), phone_private="030 23125555")
    assert not anna.sent("DELETE")
    assert anna.sandbox.gym.pending(int(MIRIAM), "contact-data")
    assert customers_asked_for(anna) == {ANNA}


def test_the_form_of_another_member_is_none_of_mine(sign_in: Any) -> None:
    """What a form was built from is bound to its customer: nothing in it is taken for left alone."""
    jonas = sign_in(1002)
    theirs = jonas.open("contact")
    paul = sign_in(1016)
    before = paul.values("contact")
    answer = paul.send("contact", theirs)
    assert answer.status_code == 409
    assert form_values(answer)["phone_private_mobile"] == theirs["phone_private_mobile"]
    assert paul.values("contact") == before


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_without_a_session_there_is_nothing(
    page: PageClient, sandbox: Any, studios: Any, db: None, method: str
) -> None:
    for session in ("", "a" * 32, "../../session", "\x00", "member", "' OR 1=1 --"):
        page.cookies[settings.SESSION_COOKIE_NAME] = session
        for path in personal_paths():
            response = page.generic(method, path)
            assert (response.status_code, response.headers["Location"][:23]) == (302, "/berlin-mitte/sign-in/?")
    assert not [call for call in sandbox.requests if "/customers" in call.path]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_nobody_but_staff_sees_anything_of_the_desk(anna: Member, method: str) -> None:
    for path in desk_paths():
        response = anna.client.generic(method, path)
        if response.status_code == 405:
            continue
        assert (response.status_code, response.headers["Location"][:28]) == (302, "/berlin-mitte/desk/sign-in/?")
    assert not [call for call in anna.sandbox.requests if "/customers" in call.path]


def test_a_session_opens_one_studio_alone(carla: Member) -> None:
    """She is a member of both, and still has to sign in at each."""
    assert carla.get().status_code == 200
    carla.sandbox.forget_requests()
    for path in personal_paths():
        response = carla.client.get(path.replace("berlin-mitte", "madrid-centro"))
        assert response.headers["Location"].startswith("/madrid-centro/sign-in/?")
        response = carla.client.post(path.replace("berlin-mitte", "madrid-centro"), {"amendment_id": "1"})
        assert response.headers["Location"].startswith("/madrid-centro/sign-in/?")
    assert not [call for call in carla.sandbox.requests if "/customers" in call.path]


def test_studios_use_their_own_keys(sign_in: Any) -> None:
    for customer, studio, key in ((1001, "berlin-mitte", "sandbox-berlin"), (2001, "madrid-centro", "sandbox-madrid")):
        member = sign_in(customer, studio)
        member.sandbox.forget_requests()
        member.get()
        calls = [call for call in member.sandbox.requests if "/customers" in call.path]
        assert {call.headers["X-API-KEY"] for call in calls} == {key}


def test_a_member_of_another_studio_is_nobody_here(sign_in: Any) -> None:
    """Even a session that named somebody of the other studio would meet that studio's own answer: not here."""
    stranger = sign_in(2001, "berlin-mitte")
    words = texts(stranger.get())
    assert words.count("Not offered by your studio") == 4
    assert not re.search("Navarro|600 000 001", words)
