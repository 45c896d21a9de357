"""Many requests at once over real HTTP: five tries stay five, one code opens one session."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.core import mail
from pytest_django.live_server_helper import LiveServer

from selfservice.models import AuditEntry, SignInChallenge
from selfservice.signin import codes
from tests.signin.visitor import ANNA, FAMILY, newest_code


class Net:
    """A browser over the network."""

    def __init__(self, root: str) -> None:
        self.root = f"{root}/berlin-mitte/"
        self.cookies: dict[str, str] = {}

    def send(self, path: str, data: dict[str, str] | None = None) -> requests.Response:
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        method, body = ("GET", None) if data is None else ("POST", data | token)
        return requests.request(
            method,
            self.root + path,
            data=body,
            cookies=self.cookies,
            allow_redirects=False,
            timeout=30,
            headers={"Connection": "close", "Accept-Language": "en"},
        )

    def ask(self, email: str) -> None:
        self.cookies |= self.send("sign-in/").cookies.get_dict()
        self.cookies |= self.send("sign-in/", {"email": email}).cookies.get_dict()


@pytest.fixture
def net(transactional_db: None, live_server: LiveServer, studios: object) -> Net:
    net = Net(live_server.url)
    net.ask(ANNA)
    return net


def all_at_once(net: Net, guesses: list[str]) -> list[requests.Response]:
    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(lambda guess: net.send("sign-in/code/", {"code": guess}), guesses))


def opened(answers: list[requests.Response]) -> int:
    return sum(answer.headers.get("Location") == "/berlin-mitte/profile/" for answer in answers)


def test_sixty_guesses_at_once_are_five_tries(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def compare(expected: str, tried: str) -> bool:
        compared.append(tried)
        return expected == tried

    monkeypatch.setattr(codes, "constant_time_compare", compare)
    right = newest_code()
    guesses = [f"{number:08d}" for number in range(60) if f"{number:08d}" != right]
    answers = all_at_once(net, guesses)
    assert {answer.status_code for answer in answers} == {200}
    assert len(compared) == SignInChallenge.objects.get().tries == 5
    assert "Too many wrong codes" in net.send("sign-in/code/", {"code": right}).text
    assert "/sign-in/" in net.send("").headers["Location"]


def test_the_limit_holds_for_requests_at_once(net: Net) -> None:
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: net.send("sign-in/", {"email": ANNA}), range(12)))
    assert {answer.status_code for answer in answers} == {302}
    assert len(mail.outbox) == 3


def test_one_code_opens_one_session_however_often_it_is_sent(net: Net) -> None:
    answers = all_at_once(net, [newest_code()] * 12)
    assert opened(answers) == 1
    assert AuditEntry.objects.filter(outcome="ok").count() == 1
    assert sum("session" in answer.cookies for answer in answers) == 1


def test_one_choice_opens_one_session_however_often_it_is_sent(net: Net) -> None:
    net.ask(FAMILY)
    net.send("sign-in/code/", {"code": newest_code()})
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: net.send("sign-in/member/", {"customer": "1012"}), range(12)))
    assert opened(answers) == 1
    assert AuditEntry.objects.filter(outcome="ok").count() == 1
