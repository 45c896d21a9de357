"""Somebody at the desk who helps members, without a browser."""

from __future__ import annotations

from typing import Any

from tests.desk.desk import Desk, usable_code
from tests.pageclient import form_values


class Helping(Desk):
    """Somebody on duty; `slug` is a data set's."""

    def search(self, typed: str) -> Any:
        return self.post("", {"q": typed})

    def calls(self, part: str) -> list[Any]:
        """Return what reached the API at addresses with this part."""
        return [call for call in self.sandbox.requests if part in call.path]

    def member_url(self, customer_id: int, path: str = "") -> str:
        return self.url(f"members/{customer_id}/{path}")

    def helping(self, customer_id: int, path: str = "") -> Any:
        """Open a page of a member."""
        return self.client.get(self.member_url(customer_id, path))

    def change(self, customer_id: int, slug: str, **more: Any) -> Any:
        """Open the form, type, send."""
        return self.submit(customer_id, slug, self.form(customer_id, slug), **more)

    def press(self, customer_id: int, slug: str, page: Any, **more: Any) -> Any:
        """Send the page that asks how a change is proven."""
        return self.client.post(self.member_url(customer_id, f"{slug}/confirm/"), form_values(page) | more)

    def vouch(self, customer_id: int, slug: str, page: Any, document: str, **more: Any) -> Any:
        """Say that a document was looked at."""
        return self.press(customer_id, slug, page, identity="1", **{"identity-document": document}, **more)

    def code(self) -> str:
        return usable_code(self.account)
