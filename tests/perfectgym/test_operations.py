"""What each operation sends, and what it makes of the answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import cast

import pytest

from selfservice.perfectgym import operations
from selfservice.perfectgym.client import Deadline, GymClient
from selfservice.perfectgym.models import AmendmentConfigurationStatus, StudioInformation
from tests.perfectgym.conftest import KEY, MemoryCache
from tests.perfectgym.wire import Server, reply

Serve = Callable[..., Server]
Connect = Callable[[Server | str], GymClient]
SOON = 2.0


def soon() -> Deadline:
    return Deadline.after(SOON)


def test_reads_a_data_set(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({"email": "a@b.example", "amendmentConfigurationStatus": "READ", "future": [1]}))
    data = gym_at(server).read(42, "contact-data", language="de-AT", deadline=soon())
    assert (data.text("email"), data.status) == ("a@b.example", AmendmentConfigurationStatus.READ)
    assert data.values == {"email": "a@b.example", "future": [1]}
    (seen,) = server.seen
    assert (seen.method, seen.target) == ("GET", "/v1/customers/42/self-service/contact-data")
    assert seen.headers["x-api-key"] == KEY
    assert seen.headers["accept-encoding"] == "identity"
    assert seen.headers["accept-language"] == "de"
    assert "content-type" not in seen.headers


def test_requests_a_change(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({"id": 7, "iban": "DE91"}))
    body = {"iban": "DE91", "name": "Jürgen", "signature": {"base64SvgSignature": "eA=="}}
    amendment = gym_at(server).request_change(42, "payment-data", body, language="de", deadline=soon())
    assert (amendment.id, amendment.values) == (7, {"iban": "DE91"})
    (seen,) = server.seen
    assert (seen.method, seen.target) == ("POST", "/v1/customers/42/self-service/payment-data")
    assert seen.json() == body
    assert seen.headers["content-type"] == "application/json"


def test_an_empty_change_is_an_empty_object(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({}))
    assert gym_at(server).request_change(1, "contact-data", {}, language="en", deadline=soon()).id is None
    assert server.seen[0].body == b"{}"


def test_a_change_that_is_no_json_is_our_mistake(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({}))
    with pytest.raises(ValueError, match="not JSON compliant"):
        gym_at(server).request_change(1, "contact-data", {"a": float("nan")}, language="en", deadline=soon())
    assert server.seen == []


@pytest.mark.parametrize("body", [b"", b"ignored", b"<html>"])
def test_withdraws(serve: Serve, gym_at: Connect, body: bytes) -> None:
    server = serve(reply(body))
    gym_at(server).withdraw(42, 0, language="de", deadline=soon())
    assert (server.seen[0].method, server.seen[0].target) == ("DELETE", "/v1/customers/42/self-service/amendment/0")


def test_searches(serve: Serve, gym_at: Connect) -> None:
    found = [{"id": 1, "firstName": "Ann"}, {"id": "2"}, {"id": True}, None, {}, {"id": 2**63}, {"id": 3}]
    server = serve(reply(found))
    born = date(1990, 2, 1)
    customers = gym_at(server).search_customers(email="a@b.example", date_of_birth=born, language="en", deadline=soon())
    assert [one.id for one in customers] == [1, 3]
    assert (server.seen[0].method, server.seen[0].target) == ("POST", "/v1/customers/search")
    assert server.seen[0].json() == {"email": "a@b.example", "dateOfBirth": "1990-02-01"}


def test_refuses_to_search_for_everybody(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply([]))
    with pytest.raises(ValueError, match="at least one"):
        gym_at(server).search_customers(email="", first_name=None, language="en", deadline=soon())
    assert server.seen == []


def test_finds_by_number_and_by_id(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({"id": 5, "customerNumber": "1-5"}))
    gym = gym_at(server)
    assert gym.customer_by_number("1-5&x=/../#é", language="en", deadline=soon()).customer_number == "1-5"
    assert gym.customer(5, language="en", deadline=soon()).id == 5
    assert [one.target for one in server.seen] == [
        "/v1/customers/by?customerNumber=1-5%26x%3D%2F..%2F%23%C3%A9",
        "/v1/customers/5",
    ]


def test_reads_the_studio_and_checks_the_key(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({"name": "Fit"}), reply(b""))
    gym = gym_at(server)
    assert gym.studio_information(language="en", deadline=soon()).name == "Fit"
    gym.check_key(deadline=soon())
    assert [(one.method, one.target) for one in server.seen] == [
        ("GET", "/v1/studios/information"),
        ("HEAD", "/v1/studios/information"),
    ]


@pytest.mark.parametrize("slash", ["", "/"])
def test_keeps_the_path_of_the_base_url(serve: Serve, gym_at: Connect, slash: str) -> None:
    server = serve(reply({"name": "Fit"}))
    gym_at(f"{server.url}/_mock/apis/perfectgym/openapi/openapi{slash}").studio_information(
        language="en", deadline=soon()
    )
    assert server.seen[0].target == "/_mock/apis/perfectgym/openapi/openapi/v1/studios/information"


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("de", "de"),
        ("de-CH", "de-CH"),
        ("DE_ch", "de-CH"),
        ("de-AT", "de"),
        ("pt-BR", "en"),
        ("", "en"),
        ("en-GB", "en-GB"),
        ("tr\r\nX-API-KEY: other", "en"),
        ("fr-LU,de;q=0.8", "fr"),
        ("*", "en"),
    ],
)
def test_tells_upstream_only_languages_it_knows(serve: Serve, gym_at: Connect, asked: str, sent: str) -> None:
    server = serve(reply({}))
    gym_at(server).studio_information(language=asked, deadline=soon())
    assert server.seen[0].headers["accept-language"] == sent


@pytest.mark.parametrize("number", [True, "1", "1/../2", 1.0, None])
def test_takes_only_whole_numbers_for_ids(gym_at: Connect, number: object) -> None:
    gym = gym_at("http://127.0.0.1:9")
    with pytest.raises(TypeError):
        gym.read(cast("int", number), "contact-data", language="en", deadline=soon())
    with pytest.raises(TypeError):
        gym.withdraw(1, cast("int", number), language="en", deadline=soon())


@pytest.mark.parametrize("number", [-1, 2**63])
def test_takes_only_ids_that_fit(gym_at: Connect, number: int) -> None:
    with pytest.raises(ValueError, match="int64"):
        gym_at("http://127.0.0.1:9").customer(number, language="en", deadline=soon())


@pytest.mark.parametrize("resource", ["", "../x", "contact-data/..", "a?b", "a{b}", "contact data", "contact-data\n"])
def test_takes_only_path_segments_for_data_sets(gym_at: Connect, resource: str) -> None:
    with pytest.raises(ValueError, match="data set"):
        gym_at("http://127.0.0.1:9").read(1, resource, language="en", deadline=soon())


@pytest.mark.parametrize(
    "url",
    ["", "fit.example", "ftp://a.example", "https://", "https://u:p@a.example", "https://a.example?x", "//a.example/"],
)
def test_refuses_a_base_url_that_is_none(url: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        GymClient(url, KEY, MemoryCache())


@pytest.mark.parametrize("key", ["", "sécret", "sec ret", "secret\n", "\tsecret"])
def test_refuses_a_key_no_header_can_hold_without_quoting_it(key: str) -> None:
    with pytest.raises(ValueError, match="API key") as caught:
        GymClient("https://a.example", key, MemoryCache())
    assert "cret" not in str(caught.value)


def test_no_request_leaves_the_base_url(serve: Serve, gym_at: Connect) -> None:
    server = serve(reply({}))
    outside = replace(operations.STUDIO_INFORMATION, path="/../../v1/elsewhere")
    with pytest.raises(ValueError, match="below the base URL"):
        gym_at(f"{server.url}/one/two")._call(outside, "en")


def test_a_mistake_of_ours_is_no_upstream_error(serve: Serve, gym_at: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(_answer: object) -> StudioInformation:
        raise ZeroDivisionError

    monkeypatch.setattr(operations, "STUDIO_INFORMATION", replace(operations.STUDIO_INFORMATION, read=mistaken))
    with pytest.raises(ZeroDivisionError):
        gym_at(serve(reply({}))).studio_information(language="en", deadline=soon())
