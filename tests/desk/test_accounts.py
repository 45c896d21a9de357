"""Setting up a staff account with the link: password, app, backup codes."""

from __future__ import annotations

import re
import threading
from base64 import b32decode
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from selfservice.desk import accounts, factors
from selfservice.models import SetUpLink
from tests.desk.conftest import AtDesk
from tests.desk.desk import PASSWORD, Desk, code_of_key, entries
from tests.pageclient import PageClient, form_values, texts


class Newcomer:
    """Somebody with a set-up link."""

    def __init__(self, email: str = "new@fit.example", studio: str = "berlin-mitte") -> None:
        self.account, token = accounts.add(email, [studio], manager=False, actor="operator")
        self.path = f"/{studio}/desk/set-up/{token}/"
        self.client = PageClient(headers={"accept-language": "en"})

    def get(self) -> Any:
        return self.client.get(self.path)

    def open(self) -> dict[str, str]:
        """Open the page and return what it would send with the code of an app that has scanned its picture."""
        page = self.get()
        if page.status_code != 200:
            return {"password": PASSWORD, "password_again": PASSWORD, "code": "000000"}
        code = code_of_key(b32decode(page.context["secret"].replace(" ", "")).hex())
        return {"key": form_values(page)["key"], "password": PASSWORD, "password_again": PASSWORD, "code": code}

    def finish(self, **typed: str) -> Any:
        return self.client.post(self.path, self.open() | typed)

    def is_ready(self) -> bool:
        return accounts.is_ready(self.account) and User.objects.get(pk=self.account.pk).check_password(PASSWORD)


def main_part(page: Any) -> str:
    """The page without its foot, which may come later."""
    return str(page.content.decode().partition("<main")[2].partition("</main>")[0])


@pytest.fixture
def newcomer(db: None, studios: object) -> Newcomer:
    return Newcomer()


def test_the_page_shows_a_picture_and_the_key_for_the_app(newcomer: Newcomer) -> None:
    page = newcomer.get().content.decode()
    assert 'src="data:image/svg+xml' in page
    assert "otpauth://totp/Fit%20Berlin%20Mitte%3Anew%40fit.example?secret=" in page
    assert re.search(r'<code class="secret">([A-Z2-7]{4} ){7}[A-Z2-7]{4}</code>', page)


def test_password_and_code_make_the_account_ready(newcomer: Newcomer) -> None:
    page = newcomer.finish()
    assert page.status_code == 200
    assert "Your account is ready" in texts(page)
    assert newcomer.is_ready()
    assert ("berlin-mitte", "new@fit.example", "set-up") in entries("account")


def test_backup_codes_are_shown_once_and_kept_as_hashes(newcomer: Newcomer) -> None:
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", newcomer.finish().content.decode())
    assert len(set(codes)) == 10
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in codes}
    assert not any(code in newcomer.get().content.decode() for code in codes)


@pytest.mark.parametrize(
    "password", ["short1!", "password1234", "new@fit.example", "            ", ""], ids=lambda password: password or "-"
)
def test_weak_passwords_are_refused_and_never_shown_again(newcomer: Newcomer, password: str) -> None:
    page = newcomer.finish(password=password, password_again=password)
    assert page.status_code == 200
    assert "password" in page.context["form"].errors
    assert f'value="{password}"' not in page.content.decode() or password == "new@fit.example"
    assert not newcomer.is_ready()


def test_the_password_has_to_be_typed_twice_alike(newcomer: Newcomer) -> None:
    page = newcomer.finish(password_again=PASSWORD + " ")
    assert "This is not the same as above." in texts(page)
    assert not newcomer.is_ready()


def test_a_code_of_another_key_is_refused(newcomer: Newcomer) -> None:
    page = newcomer.finish(code=newcomer.open()["code"])
    assert "This is not the code that your app should show." in texts(page)
    assert not newcomer.is_ready()


def test_a_bad_password_does_not_use_up_the_code(newcomer: Newcomer) -> None:
    filled_in = newcomer.open()
    for mistake in ({"password": "short"}, {"password_again": "another one"}):
        again = newcomer.client.post(newcomer.path, filled_in | mistake)
        assert form_values(again)["key"]
    newcomer.client.post(newcomer.path, filled_in)
    assert newcomer.is_ready()


def test_a_page_that_comes_back_has_the_same_key(newcomer: Newcomer) -> None:
    filled_in = newcomer.open()
    again = newcomer.client.post(newcomer.path, filled_in | {"password": "short"})
    code = code_of_key(b32decode(again.context["secret"].replace(" ", "")).hex())
    assert code == filled_in["code"]
    assert newcomer.client.post(newcomer.path, filled_in | {"key": form_values(again)["key"]}).status_code == 200
    assert newcomer.is_ready()


def test_whoever_only_looked_at_the_page_does_not_know_the_key(newcomer: Newcomer) -> None:
    seen = newcomer.get().context["secret"]
    newcomer.finish()
    device = TOTPDevice.objects.get(user=newcomer.account)
    assert device.key != b32decode(seen.replace(" ", "")).hex()


@pytest.mark.parametrize("key", ["", "made-up", "3132333435363738393031323334353637383930"])
def test_a_key_of_somebodys_own_choice_is_not_taken(newcomer: Newcomer, key: str) -> None:
    code = code_of_key("3132333435363738393031323334353637383930")
    assert "This is not the code" in texts(newcomer.finish(key=key, code=code))
    assert not newcomer.is_ready()


def test_codes_can_be_typed_with_a_blank(newcomer: Newcomer) -> None:
    filled_in = newcomer.open()
    code = filled_in["code"]
    newcomer.client.post(newcomer.path, filled_in | {"code": f" {code[:3]} {code[3:]} "})
    assert newcomer.is_ready()


def test_a_link_works_once(newcomer: Newcomer) -> None:
    newcomer.finish()
    assert newcomer.get().status_code == 404
    answer = newcomer.finish(password="another password", password_again="another password")
    assert answer.status_code == 404
    assert newcomer.is_ready()


def test_a_link_is_valid_for_a_day(newcomer: Newcomer, pass_time: Callable[..., None]) -> None:
    pass_time(hours=23, minutes=59)
    assert newcomer.get().status_code == 200
    pass_time(minutes=1)
    assert newcomer.get().status_code == 404
    assert newcomer.finish().status_code == 404
    assert not newcomer.is_ready()


def test_a_new_link_ends_the_one_before_and_its_key(newcomer: Newcomer) -> None:
    key = newcomer.get().context["secret"]
    again = Newcomer()
    assert newcomer.get().status_code == 404
    assert again.get().context["secret"] != key


def test_unknown_ended_and_disabled_links_are_answered_alike(newcomer: Newcomer) -> None:
    accounts.disable(newcomer.account, "operator")
    of_disabled = newcomer.get()
    newcomer.path = "/berlin-mitte/desk/set-up/nothing/"
    unknown = newcomer.get()
    assert of_disabled.status_code == unknown.status_code == 404
    assert main_part(of_disabled) == main_part(unknown)


def test_links_are_kept_as_hashes(newcomer: Newcomer) -> None:
    token = newcomer.path.split("/")[-2]
    assert token not in str(list(SetUpLink.objects.values()))


def test_only_one_password_counts_when_two_use_a_link(newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*_: object) -> bool:
        monkeypatch.undo()
        accounts.set_up(newcomer.path.split("/")[-2], newcomer.account, PASSWORD, factors.new_key())
        return True

    monkeypatch.setattr("selfservice.desk.forms.factors.fits", meanwhile)
    slower = newcomer.finish(password="the slower password", password_again="the slower password")
    assert slower.status_code == 404
    assert "This link does not work any more" in texts(slower)
    assert newcomer.is_ready()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_link_and_two_codes(studios: object) -> None:
    newcomer = Newcomer()
    answers: list[int] = []
    barrier = threading.Barrier(2)

    def finish(typed: dict[str, str]) -> None:
        client = PageClient()
        barrier.wait()
        answers.append("ready" in texts(client.post(newcomer.path, typed, headers={"accept-language": "en"})))
        connection.close()

    threads = [threading.Thread(target=finish, args=(newcomer.open(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, True]
    assert StaticToken.objects.count() == 10


def test_the_tries_with_a_link_are_limited(newcomer: Newcomer) -> None:
    for _ in range(8):
        assert newcomer.finish(code="000000").status_code == 200
    page = newcomer.finish()
    assert page.status_code == 429
    assert "Too many tries" in texts(page)
    assert not newcomer.is_ready()


def test_a_new_account_opens_nothing_before_it_is_set_up(newcomer: Newcomer) -> None:
    newcomer.account.set_password(PASSWORD)
    newcomer.account.save()
    newcomer.client.post(
        "/berlin-mitte/desk/sign-in/",
        {"email": "new@fit.example", "password": PASSWORD, "code": newcomer.open()["code"]},
    )
    assert newcomer.client.get("/berlin-mitte/desk/").status_code == 302


def test_resetting_takes_everything_from_an_account(staff: Desk) -> None:
    token = accounts.reset(staff.account, "operator")
    assert not staff.is_open()
    assert staff.client.get(staff.url(f"set-up/{token}/")).status_code == 200
    assert not accounts.is_ready(staff.account)
    assert not User.objects.get(pk=staff.account.pk).check_password(PASSWORD)
    assert not StaticToken.objects.exists()
    assert entries("account")[-1] == ("berlin-mitte", "operator", "reset")


def test_disabling_ends_a_session_for_good(staff: Desk) -> None:
    accounts.disable(staff.account, "operator")
    assert not staff.is_open()
    _, token = accounts.add(staff.name, ["berlin-mitte"], manager=False, actor="operator")
    assert token
    assert not staff.is_open()


def test_another_studio_needs_no_new_link(staff: Desk) -> None:
    account, token = accounts.add(staff.name.upper(), ["madrid-centro"], manager=False, actor="operator")
    assert (account, token) == (staff.account, "")
    assert accounts.studios_of(account) == ["berlin-mitte", "madrid-centro"]
    assert staff.is_open()


def test_nobody_can_grant_a_manager_by_adding_a_studio(at_desk: AtDesk) -> None:
    boss = at_desk("boss@fit.example", manager=True)
    account, _ = accounts.add(boss.name, ["madrid-centro"], manager=False, actor="operator")
    assert account.is_staff
    assert entries("account", account=boss.name)[-1] == ("madrid-centro", "operator", "added")
