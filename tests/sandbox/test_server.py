"""The server itself: connections, threads, prefix, TLS, latency, recording."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import requests

from selfservice.sandbox import Gym, Sandbox, start
from selfservice.sandbox.recording import Headers, RecordedRequest, Recording
from tests.sandbox.client import AT_ONCE, CONTACT, NEW_EMAIL, Ask, asking, call, port_of

KEY = {"X-API-KEY": "sandbox-berlin"}


def eventually(holds: Callable[[], bool], seconds: float = 2.0) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.005)
    return holds()


def test_one_connection_serves_many_calls(sandbox: Sandbox) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port_of(sandbox), timeout=5)) as connection:
        connection.connect()
        local = connection.sock.getsockname()
        for path in (CONTACT, "/v1/nothing", "/_faults", CONTACT):
            connection.request("GET", path, headers=KEY)
            response = connection.getresponse()
            assert len(response.read()) == int(response.headers["Content-Length"])
        assert connection.sock.getsockname() == local


def test_of_twenty_parallel_requests_exactly_one_is_accepted(ask: Ask, sandbox: Sandbox) -> None:
    def post(number: int) -> int:
        return ask("POST", CONTACT, {"email": f"n{number}@example.com"}).status

    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(post, range(20)))

    assert statuses == [200] + [409] * 19
    assert sandbox.gym.pending(1001, "contact-data") is not None


def test_sixty_four_connections_at_once() -> None:
    with start(latency=0.1) as sandbox, ThreadPoolExecutor(64) as pool:
        begun = time.monotonic()
        statuses = list(pool.map(lambda _: call(sandbox, "GET", CONTACT).status, range(64)))
        took = time.monotonic() - begun

    assert statuses == [200] * 64
    # One after the other it would be 6.4 seconds.
    assert took < 3


def test_latency_precedes_every_answer() -> None:
    with start(latency=0.1) as sandbox:
        begun = time.monotonic()
        call(sandbox, "GET", CONTACT)
        assert time.monotonic() - begun >= 0.095


def test_a_client_that_gives_up_has_not_undone_its_request() -> None:
    with start(latency=60) as sandbox, asking(sandbox, AT_ONCE, "POST", NEW_EMAIL):
        assert eventually(lambda: sandbox.gym.member(1002).email == "new@example.com")


def test_latency_does_not_swallow_a_request_sent_early() -> None:
    with start(latency=0.02) as sandbox, asking(sandbox) as connection:
        connection.sendall(
            b"GET /v1/none HTTP/1.1\r\nHost: x\r\nX-API-KEY: sandbox-berlin\r\nConnection: close\r\n\r\n"
        )
        received = b""
        while part := connection.recv(65536):
            received += part

    assert received.count(b"HTTP/1.1 ") == 2


@pytest.mark.parametrize("fault", ["stall", "drip-header", "drip-body", "latency"])
def test_closing_ends_silent_connections_and_their_threads(fault: str) -> None:
    before = set(threading.enumerate())
    sandbox = start()
    sandbox.faults.add_document({"fault": fault, "interval" if fault.startswith("drip") else "seconds": 60})
    with asking(sandbox) as connection:
        assert eventually(lambda: bool(sandbox.requests))
        begun = time.monotonic()
        sandbox.close()
        assert time.monotonic() - begun < 1
        while connection.recv(65536):
            pass
    assert eventually(lambda: set(threading.enumerate()) <= before)


@pytest.mark.parametrize("fault", ["stall", "drip-header", "huge"])
def test_a_client_that_hangs_up_leaves_no_thread(sandbox: Sandbox, fault: str) -> None:
    option = {"stall": "seconds", "drip-header": "interval", "huge": "megabytes"}[fault]
    before = threading.active_count()
    sandbox.faults.add_document({"fault": fault, option: 3000})
    with asking(sandbox):
        assert eventually(lambda: threading.active_count() > before)

    assert eventually(lambda: threading.active_count() == before)


def test_closing_ends_idle_and_half_sent_connections() -> None:
    sandbox = start()
    with ExitStack() as stack:
        for sent in (b"", b"GET /v1 HT", b"POST /v1 HTTP/1.1\r\nContent-Length: 9\r\n\r\n1"):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port_of(sandbox)), timeout=5))
            connection.sendall(sent)
        begun = time.monotonic()
        sandbox.close()
        sandbox.close()
        assert time.monotonic() - begun < 1


def test_a_body_cut_short_is_not_carried_out(sandbox: Sandbox) -> None:
    with socket.create_connection(("127.0.0.1", port_of(sandbox)), timeout=5) as connection:
        connection.sendall(b"POST " + CONTACT.encode() + b" HTTP/1.1\r\nContent-Length: 90\r\n\r\n{}")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""

    assert sandbox.requests == []


def test_the_api_under_a_prefix() -> None:
    prefix = "/_mock/apis/perfectgym/openapi/openapi"
    with start(prefix=prefix + "/") as sandbox:
        assert sandbox.base_url.endswith(prefix)
        sandbox.faults.add("status", path=CONTACT, status=500)
        assert requests.get(sandbox.base_url + CONTACT, headers=KEY, timeout=5).status_code == 500
        assert requests.get(sandbox.base_url + CONTACT, headers=KEY, timeout=5).status_code == 200
        assert sandbox.requests[-1].path == CONTACT
        bare = sandbox.base_url.removesuffix(prefix)
        assert requests.get(bare + CONTACT, headers=KEY, timeout=5).status_code == 404
        assert requests.get(sandbox.studio_url, timeout=5).status_code == 200


def test_two_gyms_share_nothing() -> None:
    gym = Gym.demo()
    with start(gym=gym) as one, start() as other:
        assert one.gym is gym
        call(one, "POST", CONTACT, {"email": "x@example.com"})
        assert "pendingAmendment" not in call(other, "GET", CONTACT).json
        assert other.requests[0].method == "GET"


def test_a_port_in_use_is_an_error(sandbox: Sandbox) -> None:
    with pytest.raises(OSError, match="in use"):
        start(port_of(sandbox))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    pem = folder / "both.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=sandbox"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(pem), "-out", str(folder / "cert.pem")]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    pem.write_text(pem.read_text() + (folder / "cert.pem").read_text())
    return pem


def test_tls(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with start(ssl_context=context) as sandbox:
        with socket.create_connection(("127.0.0.1", port_of(sandbox))) as silent:
            assert sandbox.base_url.startswith("https://127.0.0.1:")
            answer = requests.get(sandbox.base_url + CONTACT, headers=KEY, verify=str(certificate), timeout=5)
            assert answer.json()["email"] == "anna.berger@example.com"
            silent.sendall(b"GET / HTTP/1.1\r\n\r\n")
        sandbox.faults.add("stall", seconds=60)
        with pytest.raises(requests.exceptions.Timeout):
            requests.get(sandbox.base_url + CONTACT, headers=KEY, verify=str(certificate), timeout=0.1)


def test_requests_are_recorded(ask: Ask, sandbox: Sandbox) -> None:
    ask("GET", "/v1/customers/by?customerNumber=1-1001", headers={"Accept-Language": "de"})
    ask("POST", CONTACT, {"email": "x@example.com"})
    ask("POST", CONTACT, b"\xff")

    found, asked, broken = sandbox.requests
    assert (found.method, found.path, found.query) == ("GET", "/v1/customers/by", "customerNumber=1-1001")
    assert found.headers["accept-language"] == found.headers["Accept-Language"] == "de"
    assert found.headers["X-API-KEY"] == "sandbox-berlin"
    assert (found.body, asked.body, broken.body) == (None, {"email": "x@example.com"}, b"\xff")
    assert found.at < asked.at
    assert "sandbox-berlin" not in repr(found)
    sandbox.forget_requests()
    assert sandbox.requests == []


def test_recorded_requests_over_http_hide_the_key(ask: Ask) -> None:
    ask("POST", CONTACT, {"email": "x@example.com"})
    ask("POST", CONTACT, b"\xff")

    listed = ask("GET", "/_requests", key=None)

    assert [(each["method"], each["path"]) for each in listed.json] == [("POST", CONTACT), ("POST", CONTACT)]
    assert listed.json[0]["body"] == {"email": "x@example.com"}
    assert b"sandbox-berlin" not in listed.body
    assert ask("DELETE", "/_requests").json == []
    assert ask("PUT", "/_requests").status == 405
    assert ask("GET", "/_requests/1").status == 404


def test_the_recording_forgets_the_oldest() -> None:
    recording = Recording()
    for number in range(2500):
        recording.add(RecordedRequest("GET", str(number), "", Headers({}), None, 0.0))

    assert len(recording.all()) == 2000
    assert recording.all()[-1].path == "2499"


def test_a_mistake_of_the_gym_is_reported_without_what_it_was_about(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sandbox.gym, "read", lambda *_: dict[str, str]()["anna.berger@example.com"])

    with pytest.raises(http.client.RemoteDisconnected):
        call(sandbox, "GET", CONTACT)

    assert caplog.messages == ["The simulated API failed with KeyError."]


def test_nothing_is_printed(ask: Ask, capfd: pytest.CaptureFixture[str]) -> None:
    ask("GET", CONTACT)
    ask("GET", "/v1/none", key="wrong")

    assert capfd.readouterr() == ("", "")
