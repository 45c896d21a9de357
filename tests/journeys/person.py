"""Somebody with a browser in front of the portal, as the journeys tell of them."""

from __future__ import annotations

import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from playwright.sync_api import expect

from tests.signin.visitor import newest_code

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Locator, Page, Response

    from selfservice.sandbox import Sandbox

# A page that says what went wrong is no fault of the page; the browser reports its status all the same.
STATUS_OF_A_PAGE = "Failed to load resource: the server responded with a status of "


class Person:
    """One browser window; paths are those after the studio's name."""

    def __init__(self, page: Page, site: str, sandbox: Sandbox, studio: str = "berlin-mitte") -> None:
        self.page, self.site, self.sandbox, self.studio = page, site, sandbox, studio
        self.complaints: list[str] = []
        self.status = 0
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._note_status)

    # --- getting somewhere ---

    def open(self, path: str = "") -> None:
        self.page.goto(f"{self.site}/{self.studio}/{path}")

    def is_signed_in(self, customer_id: int, path: str = "") -> None:
        """Carry the cookie of somebody who has signed in, and open a page of their profile."""
        now = int(time.time())
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session["member"] = {"studio": self.studio, "customer": customer_id, "since": now, "seen": now}
        session.create()
        name, key = settings.SESSION_COOKIE_NAME, str(session.session_key)
        self.page.context.add_cookies([{"name": name, "value": key, "url": self.site}])
        self.open(f"profile/{path}")

    def ask_for_a_code(self, email: str) -> None:
        self.open("sign-in/")
        self.write("E-mail address", email)
        self.press("Send me a code")

    def sign_in(self, email: str) -> None:
        """Sign in as people do."""
        self.ask_for_a_code(email)
        self.confirm_sign_in()

    def confirm_sign_in(self) -> None:
        """Enter the code from the newest mail."""
        self.write("Code", newest_code())
        self.press("Sign in")

    def confirm(self) -> None:
        """Enter the code that a change needs, from the newest mail."""
        expect(self.page.get_by_text("nothing is sent before you confirm it")).to_be_visible()
        self.write("Code", newest_code())
        self.send()

    # --- doing something ---

    def write(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def type(self, **texts: str) -> None:
        """Fill in fields by their names, which are the same in every language."""
        for name, text in texts.items():
            self.page.locator(f"[name={name}]").fill(text)

    def send(self) -> None:
        """Press the page's main button, whatever it says."""
        self.page.locator("main .btn-primary, main .btn-danger").last.click()

    def send_and_come_back(self) -> None:
        """Send, come back from another window before the answer; sessionStorage.blank says what is shown then."""
        self.page.evaluate(
            """() => {
              document.querySelector("main .btn-primary").click();
              setTimeout(() => document.dispatchEvent(new Event("visibilitychange")), 100);
              setTimeout(() => { sessionStorage.blank = document.documentElement.hidden; }, 700);
            }"""
        )

    def press(self, button: str) -> None:
        self.button(button).click()

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link, exact=True).click()

    def choose(self, title: str) -> None:
        """Follow the one link of a data set on the overview."""
        self.card(title).get_by_role("link").click()

    def tab(self, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press("Tab")

    # --- what is on the page ---

    def field(self, label: str) -> Locator:
        """Return the field of the page with this label, whether or not it is optional."""
        found = self.page.get_by_label(label, exact=True)
        return found.or_(self.page.get_by_label(f"{label} (optional)", exact=True))

    def card(self, title: str) -> Locator:
        """Return a data set's part of the overview."""
        return self.page.locator("section").filter(has=self.heading(title))

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name, exact=True)

    def words(self) -> str:
        """Return what a person reads on the page, in one line."""
        return " ".join(self.page.locator("main").inner_text().split())

    # --- what the studio got ---

    def sent(self, method: str = "POST") -> list[Any]:
        """Return the bodies of the calls that changed something."""
        return [each.body for each in self.sandbox.requests if each.method == method and "self-service" in each.path]

    def _note_status(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        of_a_page = "/static/" not in message.location.get("url", "")
        if not (message.text.startswith(STATUS_OF_A_PAGE) and of_a_page):
            self.complaints.append(f"{message.type}: {message.text}")
