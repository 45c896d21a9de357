"""A signed-in member in front of their pages, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from tests.pageclient import PageClient, form_values, texts
from tests.signin.visitor import newest_code

if TYPE_CHECKING:
    from selfservice.sandbox import Sandbox


class Member:
    """A signed-in member in front of their pages; `slug` is a data set's."""

    def __init__(
        self, client: PageClient, sandbox: Sandbox, customer_id: int, studio: str, language: str = "en"
    ) -> None:
        self.client, self.sandbox, self.customer_id, self.studio = client, sandbox, customer_id, studio
        now = int(timezone.now().timestamp())
        session = client.session
        session["member"] = {"studio": studio, "customer": customer_id, "since": now, "seen": now}
        session.save()
        client.cookies["language"] = language

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

    def submit(self, slug: str, values: dict[str, Any], **more: Any) -> Any:
        """Send a form and leave it at that, also when the page then asks for a code."""
        return self.client.post(self.url(f"{slug}/"), {**values, **more})

    def confirm(self, slug: str, page: Any, **more: Any) -> Any:
        """Enter the code from the newest mail on a page that asks for it."""
        return self.client.post(self.url(f"{slug}/confirm/"), form_values(page) | {"code": newest_code()} | more)

    def send(self, slug: str, values: dict[str, Any], **more: Any) -> Any:
        """Send a form, and confirm with every code that is asked for."""
        response = self.submit(slug, values, **more)
        while response.status_code == 200 and "code" in form_values(response):
            response = self.confirm(slug, response)
        return response

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
