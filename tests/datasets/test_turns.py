"""Twenty clicks at once make one amendment, and two changes at once lose neither."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections

from selfservice.datasets import turns
from tests.member import Member
from tests.pageclient import PageClient, texts


def same_browser(member: Member) -> Member:
    """Another tab of the same browser."""
    client = PageClient(headers={"accept-language": "en"})
    client.cookies = member.client.cookies
    return Member(client, member.sandbox, member.customer_id, member.studio)


def at_once(jobs: list[Any]) -> list[Any]:
    def run(job: Any) -> Any:
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", [1001, 1002])
def test_twenty_clicks_make_one_amendment(sign_in: Any, who: int) -> None:
    member = sign_in(who)
    values = member.open("contact") | {"phone_private": "030 23125555"}
    tabs = [same_browser(member) for _ in range(20)]
    answers = at_once([lambda tab=tab: tab.client.post(tab.url("contact/"), values) for tab in tabs])
    assert len(member.sent()) == 1
    assert {answer.status_code for answer in answers} <= {302, 503, 504}
    told = [texts(answer) for answer in answers if answer.status_code == 503]
    assert [words for words in told if "An earlier change is still being sent." not in words] == []


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_lose_neither(sign_in: Any) -> None:
    jonas = sign_in(1002)
    first, second = jonas.open("contact"), jonas.open("contact")
    tabs = [same_browser(jonas), same_browser(jonas)]
    answers = at_once(
        [
            lambda: tabs[0].send("contact", first, phone_business="030 23125111"),
            lambda: tabs[1].send("contact", second, phone_business_mobile="0171 3920077"),
        ]
    )
    said_yes = sum(answer.status_code == 302 for answer in answers)
    held = jonas.values("contact")
    assert said_yes == sum(name in held for name in ("phoneBusiness", "phoneBusinessMobile"))


def test_a_turn_that_does_not_come_sends_nothing(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    values = anna.open("contact")
    monkeypatch.setattr(turns, "ENOUGH_SECONDS", 4.9)
    cache.set("turn:berlin-mitte:1001:contact", "somebody else's", 30)
    response = anna.send("contact", values, phone_private="030 23125555")
    assert response.status_code == 503
    assert "An earlier change is still being sent." in texts(response)
    assert not anna.sent()
    assert cache.get("turn:berlin-mitte:1001:contact") == "somebody else's"


def test_a_cache_that_is_away_is_no_reason_to_refuse(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise ConnectionError

    values = anna.open("contact")
    for method in ("add", "get", "set", "delete"):
        monkeypatch.setattr(cache, method, away)
    assert anna.send("contact", values, phone_private="030 23125555").status_code == 302
