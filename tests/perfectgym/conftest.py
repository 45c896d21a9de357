"""What the client's tests share: servers, clients, and a fresh connection pool for each test."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from selfservice.perfectgym import transport
from selfservice.perfectgym.client import GymClient
from tests.perfectgym.wire import Server

KEY = "k3y-very-secret"


class MemoryCache:
    """As much of Django's cache as the client uses."""

    def __init__(self) -> None:
        self.kept: dict[str, object] = {}
        self.timeouts: list[float | None] = []

    def get(self, key: str, default: object = None) -> object:
        return self.kept.get(key, default)

    def set(self, key: str, value: object, timeout: float | None) -> None:
        self.kept[key] = value
        self.timeouts.append(timeout)


@pytest.fixture(autouse=True)
def _closed_connections() -> Iterator[None]:
    yield
    transport.engine().session.close()


@pytest.fixture
def fresh_engine() -> Callable[[], None]:
    """Return what makes the next call build its session anew."""
    return transport.renew_engine


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    with ExitStack() as stack:
        yield lambda *steps, **options: stack.enter_context(Server(*steps, **options))


@pytest.fixture
def cache() -> MemoryCache:
    return MemoryCache()


@pytest.fixture
def gym_at(cache: MemoryCache) -> Callable[[Server | str], GymClient]:
    """Return a client of a server, or of a base URL."""
    return lambda where: GymClient(where if isinstance(where, str) else where.url, KEY, cache, "berlin")


@pytest.fixture
def trusting(certificates: Path, fresh_engine: Callable[[], None]) -> Iterator[None]:
    """Trust the tests' own CA, and no other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport, "DEFAULT_CA_BUNDLE_PATH", str(certificates / "ca.pem"))
        fresh_engine()
        transport.engine()
        yield
    fresh_engine()


def _openssl(*args: str) -> None:
    subprocess.run(["openssl", *args], check=True, capture_output=True)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with ca.pem, and for each of localhost and elsewhere NAME.pem (certificate and key)."""
    folder = tmp_path_factory.mktemp("tls")
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    ca, ca_key = str(folder / "ca.pem"), str(folder / "ca.key")
    _openssl("req", "-x509", *new_key, "-keyout", ca_key, "-out", ca, "-days", "2", "-subj", "/CN=Test CA")
    for name, host in (("localhost", "localhost"), ("elsewhere", "elsewhere.example")):
        key, request, signed, extra = (str(folder / f"{name}.{end}") for end in ("key", "csr", "crt", "ext"))
        Path(extra).write_text(f"subjectAltName=DNS:{host}\n")
        _openssl("req", "-new", *new_key, "-keyout", key, "-out", request, "-subj", f"/CN={host}")
        signing = ("-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2", "-extfile", extra)
        _openssl("x509", "-req", "-in", request, *signing, "-out", signed)
        (folder / f"{name}.pem").write_text(Path(signed).read_text() + Path(key).read_text())
    return folder
