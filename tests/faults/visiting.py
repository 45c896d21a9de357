"""A member in front of a portal that may be gone at any moment."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import requests

from tests.faults.serving import Api, Portal
from tests.pageclient import form_values, texts

KEY = {"X-API-KEY": "sandbox-berlin"}


class Visitor:
    """A signed-in member, with a browser of their own; at the studio in Berlin unless another is named."""

    def __init__(self, portal: Portal, customer_id: int, signs_in_as: str = "", studio: str = "berlin-mitte") -> None:
        """Carry the cookie of somebody who has signed in, or sign in as people do."""
        self.portal, self.customer_id, self.studio = portal, customer_id, studio
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.headers["Accept-Language"] = "en"
        if signs_in_as:
            self.sign_in(signs_in_as)
        else:
            name, key = portal.sign_in(customer_id, studio).split("=")
            self.browser.cookies.set(name, key, domain="127.0.0.1")

    def sign_in(self, email: str) -> None:
        """Ask for a code, read it in the newest mail, enter it."""
        url = f"http://127.0.0.1:{self.portal.port}/{self.studio}/sign-in/"
        code_page = self.browser.post(url, form_values(self.browser.get(url)) | {"email": email}, timeout=20)
        mails = sorted((self.portal.folder / "mails").iterdir(), key=lambda path: path.stat().st_mtime)
        found = re.search(r"Subject: (\d{4} \d{4}) ", mails[-1].read_text())
        assert found
        form = form_values(code_page, 0) | {"code": found[1]}
        self.browser.post(f"{url}code/", form, timeout=20).raise_for_status()

    def url(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.portal.port}/{self.studio}/profile/{path}"

    def get(self, path: str = "") -> requests.Response:
        return self.browser.get(self.url(path), timeout=20, allow_redirects=False)

    def read(self, path: str = "") -> str:
        return texts(self.get(path))

    def send(self, slug: str, values: dict[str, str]) -> requests.Response | None:
        """Send a form; None when the portal was gone before it answered."""
        headers = {"Connection": "close"}
        try:
            return self.browser.post(self.url(f"{slug}/"), values, timeout=20, allow_redirects=False, headers=headers)
        except requests.RequestException:
            return None


def held(api: Api, customer_id: int, name: str) -> tuple[str | None, int | None]:
    """Return what PerfectGym holds or has been asked for as a contact value, and the id of what waits."""
    path = f"/v1/customers/{customer_id}/self-service/contact-data"
    found = requests.get(api.url + path, headers=KEY, timeout=10).json()
    pending = found.get("pendingAmendment") or {}
    return pending.get(name) or found.get(name), pending.get("id")


def clear(api: Api, customer_id: int, amendment_id: int) -> None:
    """Withdraw what waits, past the portal."""
    path = f"/v1/customers/{customer_id}/self-service/amendment/{amendment_id}"
    requests.delete(api.url + path, headers=KEY, timeout=10).raise_for_status()


def trail(portal: Portal) -> list[dict[str, Any]]:
    """Return the audit trail as it stands in the database."""
    with sqlite3.connect(portal.database, timeout=10) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute("SELECT * FROM selfservice_auditentry ORDER BY id").fetchall()
    database.close()
    return [dict(row) for row in rows]
