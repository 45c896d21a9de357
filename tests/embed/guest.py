"""Somebody on a gym's web site, with the portal in a frame of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.embed.web import Web
from tests.signin.visitor import ANNA, newest_code

if TYPE_CHECKING:
    from playwright.sync_api import Frame, FrameLocator, Locator, Page

    from selfservice.sandbox import Sandbox

# Everything that the page is told, and everything that is posted into it, from its very beginning.
LISTEN = """window.told = []; window.posted = [];
for (const name of ["ready", "resize", "page", "signedIn", "signedOut", "busy"])
  document.addEventListener(`memberportal:${name}`, ({ detail: { portal, ...rest } }) => told.push([name, rest]));
addEventListener("message", ({ data, origin }) => posted.push([origin, data]));"""


class Guest:
    """One window of a browser; `frame` is the portal in it."""

    def __init__(self, page: Page, web: Web, sandbox: Sandbox) -> None:
        self.page, self.web, self.sandbox = page, web, sandbox
        self.console: list[str] = []
        self.errors: list[str] = []
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.add_init_script(f"if (self === top) {{ {LISTEN} }}")

    def open(self, html: str = "", **where: str) -> None:
        """Put a page on the gym's web site, by default the usual one with the snippet, and go there."""
        self.page.goto(self.web.put(html or self.web.gym_page(), **where))

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe").first

    @property
    def inner(self) -> Frame:
        """The frame as something to run scripts in."""
        return next(frame for frame in self.page.frames if frame.parent_frame and "portal." in frame.url)

    @property
    def iframe(self) -> Locator:
        return self.page.locator("iframe").first

    def heading(self, name: str) -> Locator:
        return self.frame.get_by_role("heading", name=name, exact=True, level=1)

    def sees(self, heading: str) -> None:
        expect(self.heading(heading)).to_be_visible()
        expect(self.iframe).to_have_css("opacity", "1")

    def press(self, button: str) -> None:
        self.frame.get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str) -> None:
        self.frame.get_by_role("link", name=link, exact=True).click()

    def write(self, label: str, text: str) -> None:
        self.frame.get_by_label(label, exact=True).fill(text)

    def sign_in(self, email: str = ANNA) -> None:
        """Sign in as people do."""
        self.sign_in_and_see("Your data", email)

    def sign_in_and_see(self, heading: str, email: str = ANNA) -> None:
        """Sign in, and come to the page that the site has asked for."""
        self.write("E-mail address", email)
        self.press("Send me a code")
        self.sees("Enter your code")
        self.write("Code", newest_code())
        self.press("Sign in")
        self.sees(heading)

    def sign_in_in_any_language(self) -> None:
        self.frame.locator("[name=email]").fill(ANNA)
        self.frame.locator("main .btn-primary").click()
        expect(self.frame.locator("[name=code]")).to_be_visible()
        self.frame.locator("[name=code]").fill(newest_code())
        self.frame.locator("main .btn-primary").click()
        expect(self.frame.locator(".panels")).to_be_visible()

    def told(self, name: str) -> list[dict[str, Any]]:
        """Return what the page was told under this name, in order."""
        found: list[tuple[str, dict[str, Any]]] = self.page.evaluate("told")
        return [detail for each, detail in found if each == name]

    def portal(self, call: str) -> Any:
        """Call something of the page's first portal: `goTo("contact")`."""
        return self.page.evaluate(f"MemberPortal.portals[0].{call}")

    def height(self) -> float:
        return float(self.page.evaluate("document.querySelector('iframe').getBoundingClientRect().height"))

    def content_height(self) -> float:
        return float(self.inner.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)"))
