"""How often codes are mailed, and whom the limits are counted for."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import RequestFactory, override_settings

from selfservice import counters
from selfservice.models import SignInChallenge
from selfservice.signin import limits
from selfservice.studios.studio import Studio
from tests.signin.visitor import ANNA, NOBODY, Visitor, newest_code, words


def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that moves the counters' clock forward by so many seconds."""
    import time

    real, passed = time.time, 0.0

    def move(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr("limits.storage.memory.time.time", lambda: real() + passed)
    return move


def test_three_codes_in_a_quarter_of_an_hour(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    move = clock(monkeypatch)
    for _ in range(5):
        assert Visitor().ask(ANNA).status_code == 200
    assert len(mail.outbox) == 3
    move(15 * 60 + 1)
    Visitor().ask(ANNA)
    assert len(mail.outbox) == 4


def test_ten_codes_a_day(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    move = clock(monkeypatch)
    for _ in range(5):
        for _ in range(3):
            Visitor().ask(ANNA)
        move(15 * 60 + 1)
    assert len(mail.outbox) == 10
    move(24 * 60 * 60)
    Visitor().ask(ANNA)
    assert len(mail.outbox) == 11


def test_the_spelling_of_an_address_buys_no_more_codes(visitor: Visitor) -> None:
    for spelling in (ANNA, ANNA.upper(), "Anna.berger@EXAMPLE.com", f" {ANNA}", "anna.BERGER@example.com"):
        Visitor().ask(spelling)
    assert len(mail.outbox) == 3


def test_limits_of_addresses_and_studios_are_their_own(visitor: Visitor) -> None:
    for _ in range(4):
        Visitor().ask(ANNA)
    Visitor().ask(NOBODY)
    Visitor("madrid-centro").ask(ANNA)
    assert len(mail.outbox) == 5


def test_asking_again_too_often_leaves_the_last_code_alive(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    for _ in range(4):
        page = visitor.post("sign-in/resend/", follow=True)
        assert "use the code from the newest mail" in words(page)
    visitor.ask(ANNA)
    assert len(mail.outbox) == 3
    visitor.enter(newest_code())
    assert visitor.is_in()


def test_no_code_solves_what_was_never_mailed(visitor: Visitor) -> None:
    for _ in range(3):
        Visitor().ask(ANNA)
    visitor.ask(ANNA)
    assert SignInChallenge.objects.filter(code_hash="").count() == 1
    visitor.enter(newest_code())
    assert not visitor.is_in()


def test_sixty_codes_an_hour_from_one_network(visitor: Visitor) -> None:
    for number in range(65):
        visitor.post("sign-in/", {"email": f"member{number}@example.com"})
    assert len(mail.outbox) == 60
    visitor.post("sign-in/", {"email": NOBODY}, REMOTE_ADDR="192.0.2.7")
    assert len(mail.outbox) == 61


def test_a_network_over_its_limit_uses_up_nobody_elses(visitor: Visitor) -> None:
    for number in range(60):
        visitor.post("sign-in/", {"email": f"member{number}@example.com"})
    for _ in range(5):
        visitor.post("sign-in/", {"email": ANNA})
    mail.outbox.clear()
    visitor.post("sign-in/", {"email": ANNA}, REMOTE_ADDR="192.0.2.7")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("hops", "remote", "forwarded", "network"),
    [
        (0, "192.0.2.1", None, "192.0.2.1"),
        (0, "192.0.2.1", "198.51.100.9", "192.0.2.1"),
        (1, "10.0.0.1", "198.51.100.9", "198.51.100.9"),
        (1, "10.0.0.1", "1.2.3.4, 198.51.100.9", "198.51.100.9"),
        (2, "10.0.0.1", "1.2.3.4, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
        (2, "10.0.0.1", "198.51.100.9", "10.0.0.1"),
        (1, "10.0.0.1", None, "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "unknown", "10.0.0.1"),
        (1, "10.0.0.1", "<script>", "10.0.0.1"),
        (0, "2001:db8:1:2:aaaa::1", None, "2001:db8:1:2::/64"),
        (1, "::1", "[2001:db8:1:2::99]", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", None, "192.0.2.1"),
        (0, "", None, ""),
    ],
)
def test_the_network_of_a_request(hops: int, remote: str, forwarded: str | None, network: str) -> None:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    with override_settings(TRUSTED_PROXIES=hops):
        assert limits.client_network(request) == network


def test_counters_hold_no_address(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    counted = str(vars(counters.in_memory().storage))
    assert "sign-in" in counted
    for secret in ("anna", "berger", "127.0.0.1"):
        assert secret not in counted.lower()


def test_without_redis_limits_still_hold(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{nobody_listens.getsockname()[1]}/0"
        caches: dict[str, Any] = {
            "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache", "LOCATION": url}
        }
        with override_settings(CACHES=caches):
            for _ in range(4):
                visitor.post("sign-in/", {"email": ANNA})
    assert len(mail.outbox) == 3
    assert "Redis does not answer" in caplog.text
    assert "anna" not in caplog.text


def test_an_owner_of_an_address_asks_perfectgym_only_so_often(studios: dict[str, Studio]) -> None:
    answers = [limits.may_look_up(studios["berlin-mitte"], ANNA) for _ in range(21)]
    assert answers == [True] * 20 + [False]
    assert limits.may_look_up(studios["madrid-centro"], ANNA)
