"""Members who are signed in, and what they do on a data set's pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail

from selfservice.datasets import notification, service
from selfservice.sandbox import Sandbox
from tests.pageclient import PageClient, form_values, texts


class Member:
    """A signed-in member in front of their pages; `slug` is a data set's."""

    def __init__(self, client: PageClient, sandbox: Sandbox, customer_id: int, studio: str) -> None:
        self.client, self.sandbox, self.customer_id, self.studio = client, sandbox, customer_id, studio
        now = int(time.time())
        session = client.session
        session["member"] = {"studio": studio, "customer": customer_id, "since": now, "seen": now}
        session.save()

    def url(self, path: str = "") -> str:
        return f"/{self.studio}/profile/{path}"

    def get(self, path: str = "") -> Any:
        return self.client.get(self.url(path))

    def read(self, path: str = "") -> str:
        """Return the words of a page."""
        return texts(self.get(path))

    def open(self, slug: str) -> dict[str, str]:
        """Open a data set's form and return what it would send as it stands."""
        return form_values(self.get(f"{slug}/"))

    def send(self, slug: str, values: dict[str, Any], **more: Any) -> Any:
        return self.client.post(self.url(f"{slug}/"), {**values, **more})

    def change(self, slug: str, **more: Any) -> Any:
        """Open the form, type, send."""
        return self.send(slug, self.open(slug), **more)

    def withdraw(self, slug: str) -> Any:
        return self.client.post(self.url(f"{slug}/withdraw/"), form_values(self.get(f"{slug}/withdraw/")))

    def sent(self, method: str = "POST") -> list[Any]:
        """Return the bodies that reached the API."""
        return [call.body for call in self.sandbox.requests if call.method == method]

    def values(self, slug: str) -> dict[str, Any]:
        return self.sandbox.gym.values(self.customer_id, f"{slug}-data")

    def pending(self, slug: str) -> Any:
        return self.sandbox.gym.pending(self.customer_id, f"{slug}-data")


SignIn = Callable[..., Member]


@pytest.fixture
def sign_in(db: None, studios: object, sandbox: Sandbox, page: PageClient) -> SignIn:
    """Return a function that signs a member in: sign_in(1001), sign_in(2001, "madrid-centro")."""

    def as_member(customer_id: int, studio: str = "berlin-mitte") -> Member:
        return Member(page, sandbox, customer_id, studio)

    return as_member


@pytest.fixture
def anna(sign_in: SignIn) -> Member:
    """Every change is checked first; a new bank account wants a signature."""
    return sign_in(1001)


@pytest.fixture
def jonas(sign_in: SignIn) -> Member:
    """Every change takes effect at once, without a signature."""
    return sign_in(1002)


@pytest.fixture
def miriam(sign_in: SignIn) -> Member:
    """A change waits in every data set."""
    return sign_in(1003)


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look three times without the pauses between."""
    monkeypatch.setattr(service, "LOOKS", (0.0, 0.01, 0.02))


@pytest.fixture(autouse=True)
def _mails_delivered() -> Iterator[None]:
    yield
    wait_for_mails()


def wait_for_mails() -> list[Any]:
    """Return the mails when all that were on their way have arrived: when every worker is free at the same time."""
    pool = notification.workers()
    everybody = threading.Barrier(pool._max_workers)
    for job in [pool.submit(everybody.wait, 10) for _ in range(pool._max_workers)]:
        job.result()
    return list(mail.outbox)
