"""What makes a code stop working, and what the person is told then."""

from collections.abc import Callable

import pytest
from django.core import mail

from selfservice.models import SignInChallenge
from tests.signin.visitor import ANNA, FAMILY, NOBODY, Page, Visitor, newest_code, words, wrong_code


def offers(page: Page, path: str) -> bool:
    return f'="/berlin-mitte/{path}"' in page.content.decode()


def test_a_wrong_code_says_how_many_tries_are_left(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    wrong = wrong_code()
    for left in ("4 more tries", "3 more tries", "2 more tries", "1 more try."):
        page = visitor.enter(wrong)
        assert page.status_code == 200
        assert left in page.context["form"].errors["code"][0]
        box = str(page.context["form"]["code"])
        assert wrong not in page.content.decode()
        assert "autofocus" in box
        assert 'aria-invalid="true"' in box
        assert 'aria-describedby="id_code_helptext id_code_error"' in box
    visitor.enter(newest_code())
    assert visitor.is_in()


def test_after_five_wrong_codes_the_right_one_is_too_late(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    for _ in range(5):
        refused = visitor.enter(wrong_code())
    for page in (refused, visitor.enter(newest_code()), visitor.get("sign-in/code/")):
        assert "Too many wrong codes" in words(page)
        assert offers(page, "sign-in/resend/")
        assert 'name="code"' not in page.content.decode()
    assert not visitor.is_in()
    visitor.post("sign-in/resend/")
    visitor.enter(newest_code())
    assert visitor.is_in()


def test_a_code_works_for_ten_minutes(visitor: Visitor, pass_time: Callable[..., None]) -> None:
    visitor.ask(ANNA)
    pass_time(minutes=9, seconds=58)
    visitor.enter(newest_code())
    assert visitor.is_in()


def test_a_code_runs_out_after_ten_minutes(visitor: Visitor, pass_time: Callable[..., None]) -> None:
    visitor.ask(ANNA)
    pass_time(minutes=10)
    for page in (visitor.enter(newest_code()), visitor.get("sign-in/code/")):
        assert "This code has run out" in words(page)
        assert offers(page, "sign-in/resend/")
    assert not visitor.is_in()
    visitor.post("sign-in/resend/")
    visitor.enter(newest_code())
    assert visitor.is_in()


def test_a_code_works_once(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    cookies = visitor.client.cookies.output()
    kept = visitor.client.cookies["sign-in"].value
    visitor.enter(newest_code())
    assert kept in cookies
    thief = Visitor()
    thief.client.cookies["sign-in"] = kept
    for page in (thief.enter(newest_code()), thief.get("sign-in/member/", follow=True)):
        assert "This code has been used" in words(page)
    assert not thief.is_in()


def test_a_code_is_worth_nothing_in_another_browser(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    other = Visitor()
    page = other.enter(newest_code())
    assert page.status_code == 200
    assert "only works in the browser where you asked for it" in words(page)
    assert offers(page, "sign-in/")
    other.ask(NOBODY)
    anothers = mail.outbox[0].subject.split(" is ")[0]
    assert "This is not the code" in words(other.enter(anothers))
    assert not other.is_in()


@pytest.mark.parametrize("path", ["sign-in/code/", "sign-in/member/", "sign-in/resend/"])
def test_a_browser_that_asked_for_nothing_is_led_to_the_start(visitor: Visitor, path: str) -> None:
    for page in (visitor.get(path, follow=True), visitor.post(path, follow=True)):
        assert page.status_code == 200
        assert "No code is waiting in this browser" in words(page)
        assert offers(page, "sign-in/")
    assert not mail.outbox


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "eyJub25jZSI6IiJ9:1tAAAA:AAAA", "\u00e4", "x" * 5000])
def test_a_made_up_cookie_is_no_claim(visitor: Visitor, cookie: str) -> None:
    visitor.client.cookies["sign-in"] = cookie
    assert "No code is waiting" in words(visitor.enter("12345678"))
    assert "No code is waiting" in words(visitor.post("sign-in/member/", {"customer": "1001"}, follow=True))


def test_the_claim_of_one_studio_is_nothing_at_another(visitor: Visitor) -> None:
    carla = "carla.reyes@example.com"
    visitor.ask(carla)
    madrid = visitor.at("madrid-centro")
    assert carla in visitor.get("sign-in/").content.decode()
    assert carla not in madrid.get("sign-in/").content.decode()
    assert "No code is waiting" in words(madrid.enter(newest_code()))
    assert not madrid.is_in()
    visitor.enter(newest_code())
    assert visitor.is_in()
    assert not madrid.is_in()


def test_a_new_code_ends_the_old_one(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    old = newest_code()
    page = visitor.post("sign-in/resend/", follow=True)
    assert "use the code from the newest mail" in words(page)
    assert len(mail.outbox) == 2
    assert newest_code() != old
    assert "This is not the code from the newest mail" in words(visitor.enter(old))
    visitor.enter(newest_code())
    assert visitor.is_in()
    assert SignInChallenge.objects.count() == 1


def test_asking_for_another_address_ends_the_old_code(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    kept, old = visitor.client.cookies["sign-in"].value, newest_code()
    visitor.ask(NOBODY)
    visitor.client.cookies["sign-in"] = kept
    assert "No code is waiting" in words(visitor.enter(old))


def test_two_browsers_may_wait_for_codes_at_once(visitor: Visitor) -> None:
    other = Visitor()
    visitor.ask(ANNA)
    first = newest_code()
    other.sign_in(ANNA)
    visitor.enter(first)
    assert visitor.is_in()
    assert other.is_in()


def test_only_the_button_sends_another_code(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    assert visitor.get("sign-in/resend/").headers["Location"] == "/berlin-mitte/sign-in/code/"
    visitor.enter(newest_code())
    assert visitor.post("sign-in/resend/", follow=False).status_code == 302
    assert len(mail.outbox) == 1


def test_a_code_that_has_been_accepted_is_not_asked_for_again(visitor: Visitor) -> None:
    visitor.sign_in(FAMILY)
    assert visitor.get("sign-in/code/").headers["Location"] == "/berlin-mitte/sign-in/member/"
    assert visitor.enter("00000000").headers["Location"] == "/berlin-mitte/sign-in/member/"
    assert visitor.post("sign-in/resend/", follow=True).redirect_chain[-1][0] == "/berlin-mitte/sign-in/member/"
    assert len(mail.outbox) == 1
