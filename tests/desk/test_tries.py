"""How often somebody may try to get into the desk, and who is in whose way."""

from __future__ import annotations

import pytest

from selfservice import crowd
from tests.desk.conftest import AtDesk
from tests.desk.desk import PASSWORD, Desk, code_of, wrong_code
from tests.pageclient import PageClient, texts

WRONG = "This does not fit together."


@pytest.fixture
def desk(at_desk: AtDesk) -> Desk:
    """Maria before her shift."""
    return at_desk("maria@fit.example")


@pytest.mark.parametrize("email", ["maria@fit.example", "nobody@fit.example"])
def test_eight_tries_for_an_account_are_enough_also_for_one_that_does_not_exist(desk: Desk, email: str) -> None:
    for _ in range(8):
        assert WRONG in texts(desk.sign_in(email=email, password="wrong"))
    stranger = Desk(PageClient(REMOTE_ADDR="192.0.2.7"), desk.account, desk.sandbox)
    page = stranger.sign_in(email=email.upper())
    assert page.status_code == 429
    assert not stranger.is_open()


def test_a_network_may_not_try_all_accounts(desk: Desk) -> None:
    for number in range(120):
        assert desk.sign_in(email=f"{number // 8}@fit.example", password="wrong").status_code == 200
    assert desk.sign_in().status_code == 429
    elsewhere = Desk(PageClient(REMOTE_ADDR="192.0.2.7"), desk.account, desk.sandbox)
    assert elsewhere.sign_in().status_code == 302


def test_a_network_over_its_limit_locks_nobody_out(desk: Desk) -> None:
    for number in range(130):
        desk.sign_in(email=f"{number // 8}@fit.example", password="wrong")
    for _ in range(20):
        desk.sign_in(password="wrong")
    elsewhere = Desk(PageClient(REMOTE_ADDR="192.0.2.7"), desk.account, desk.sandbox)
    assert elsewhere.sign_in().status_code == 302


def test_a_day_has_sixty_tries_for_an_account(desk: Desk) -> None:
    for _ in range(60):
        assert desk.sign_in().status_code == 302
        desk.client = PageClient(headers={"accept-language": "en"})
    assert desk.sign_in().status_code == 429


def test_where_somebody_has_been_in_before_no_stranger_keeps_them_out(desk: Desk, colleague: Desk) -> None:
    desk.sign_in()
    desk.post("sign-out/")
    stranger = Desk(PageClient(), desk.account, desk.sandbox)
    for _ in range(70):
        stranger.sign_in(password="wrong", code="000000")
    assert stranger.sign_in().status_code == 429
    assert desk.sign_in().status_code == 302
    desk.post("sign-out/")
    assert desk.sign_in(email=colleague.name, password="wrong").status_code == 200


def test_guesses_from_a_known_browser_are_counted_too(desk: Desk) -> None:
    desk.sign_in()
    desk.post("sign-out/")
    answers = [desk.sign_in(password="wrong", code="000000").status_code for _ in range(20)]
    assert answers == [200] * 16 + [429] * 4


def test_wrong_passwords_do_not_use_up_the_app(desk: Desk) -> None:
    """Whoever knows an address alone can't make its owner's codes wait."""
    for _ in range(7):
        desk.sign_in(password="wrong", code=wrong_code(desk.account))
    typed = {"email": desk.name, "password": PASSWORD, "code": code_of(desk.account)}
    assert desk.post("sign-in/", typed).status_code == 302


def test_eight_tries_to_unlock_are_enough(staff: Desk) -> None:
    staff.lock()
    for _ in range(8):
        staff.unlock(password="wrong")
    assert "Too many tries." in texts(staff.unlock(password=PASSWORD))
    assert staff.is_locked()


def test_no_stranger_is_in_the_way_of_unlocking(staff: Desk) -> None:
    stranger = Desk(PageClient(), staff.account, staff.sandbox)
    for number in range(130):
        stranger.sign_in(password="wrong", email=staff.name if number < 9 else f"{number}@fit.example")
    staff.lock()
    assert staff.unlock(password=PASSWORD).status_code == 302


def test_a_busy_day_has_as_many_unlocks_as_it_takes(staff: Desk) -> None:
    for _ in range(130):
        staff.lock()
        assert staff.unlock(password=PASSWORD).status_code == 302


@pytest.mark.parametrize(("path", "secret"), [("sign-in/", PASSWORD), ("unlock/", PASSWORD), ("unlock/", "123456")])
def test_a_page_that_is_turned_away_keeps_no_password_and_no_code(
    staff: Desk, monkeypatch: pytest.MonkeyPatch, path: str, secret: str
) -> None:
    """One tap on "Try again" would unlock a tablet that was left alone."""
    monkeypatch.setattr(crowd, "PAGES_OF_A_STUDIO", 0)
    page = staff.post(path, {"email": staff.name, "password": PASSWORD, "code": "123456"})
    assert page.status_code == 503
    assert secret not in page.content.decode()
    assert 'data-kept-seconds="300"' in page.content.decode()
