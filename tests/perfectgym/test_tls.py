"""Certificates: whom the client talks to over TLS, and whom it refuses."""

import ssl
from pathlib import Path

import pytest

from selfservice.perfectgym import errors, transport
from tests.perfectgym.asking import GOOD, Connect, Serve, change, failing, read
from tests.perfectgym.wire import Server


@pytest.fixture
def server(serve: Serve, certificates: Path, request: pytest.FixtureRequest) -> Server:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / f"{getattr(request, 'param', 'localhost')}.pem")
    return serve(GOOD, tls=tls)


@pytest.mark.usefixtures("trusting")
def test_trusts_a_known_ca_and_keeps_the_connection(server: Server, gym_at: Connect) -> None:
    gym = gym_at(server)
    read(gym)
    read(gym)
    change(gym)
    assert (len(server.seen), server.connections) == (3, 1)


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("server", ["elsewhere"], indirect=True)
def test_refuses_another_hosts_certificate(server: Server, gym_at: Connect) -> None:
    refused(server, gym_at)


@pytest.mark.usefixtures("trusting")
def test_refuses_a_host_that_is_only_an_address_of_the_right_one(server: Server, gym_at: Connect) -> None:
    server.url = server.url.replace("localhost", "127.0.0.1")
    refused(server, gym_at)


def test_refuses_an_unknown_ca(server: Server, gym_at: Connect) -> None:
    refused(server, gym_at)


def refused(server: Server, gym_at: Connect) -> None:
    error = failing(gym_at(server), change)
    assert (type(error), error.reason, error.retryable) == (errors.Unavailable, "TLS", False)
    assert not error.outcome_unknown
    assert server.seen == []
    assert server.connections <= 1


@pytest.mark.usefixtures("trusting")
def test_reads_the_cas_once(server: Server, gym_at: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[object] = []
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *args, **_: loads.append(args))
    monkeypatch.setattr(transport, "IDLE_SECONDS", 0.0)
    for _ in range(3):
        read(gym_at(server))
    assert (server.connections, loads) == (3, [])
