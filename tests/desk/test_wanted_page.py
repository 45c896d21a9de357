"""Where a sign-in or unlocking leads to: the page that was wanted, and never elsewhere."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.desk.conftest import AtDesk
from tests.desk.desk import Desk
from tests.pageclient import form_values


@pytest.fixture
def desk(at_desk: AtDesk) -> Desk:
    """Maria before her shift."""
    return at_desk("maria@fit.example")


def test_the_wanted_page_of_the_desk_opens_afterwards(desk: Desk) -> None:
    first = desk.get("activity/").headers["Location"]
    page = form_values(desk.client.get(first))
    assert page["next"] == "/berlin-mitte/desk/activity/"
    assert desk.sign_in(next=page["next"]).headers["Location"] == page["next"]


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/berlin-mitte/desk/",
        "//evil.example/berlin-mitte/desk/",
        "/\\evil.example/berlin-mitte/desk/",
        "javascript:alert(1)",
        "/",
        "/admin/",
        "/berlin-mitte/profile/",
        "/madrid-centro/desk/",
        "/berlin-mitte/desk/../../madrid-centro/desk/",
        "/berlin-mitte/desk/%2e%2e/%2e%2e/madrid-centro/desk/",
        "/berlin-mitte/desk//evil.example",
        "/berlin-mitte/desk@evil.example/",
        "/berlin-mitte/desk/nothing/",
        "/berlin-mitte/desk/sign-in/",
        "/berlin-mitte/desk/sign-out/",
        "/berlin-mitte/desk/lock/",
        "/berlin-mitte/desk/unlock/",
        "/berlin-mitte/desk/presence/",
        "/berlin-mitte/desk/set-up/../",
        "/berlin-mitte/desk/members/1001/done/",
        "/berlin-mitte/desk/members/1001/open/",
        "/berlin-mitte/desk/\r\nSet-Cookie: a=b",
        "/berlin-mitte/desk/\x00",
        "/berlin-mitte/desk/activity/?next=//evil.example",
        " /berlin-mitte/desk/activity/",
        "/berlin-mitte/desk/" + "a" * 5000 + "/",
    ],
    ids=lambda path: ascii(path[:60]),
)
def test_nobody_is_led_elsewhere(desk: Desk, path: str) -> None:
    assert desk.sign_in(next=path).headers["Location"] == "/berlin-mitte/desk/"
    assert desk.get(f"unlock/?next={quote(path)}").headers["Location"] == "/berlin-mitte/desk/"
    assert desk.unlock(f"?next={quote(path)}").headers["Location"] == "/berlin-mitte/desk/"
