"""Somebody who signs in with a browser of their own."""

import re
from typing import Any, TypeAlias

from django.core import mail
from django.test import Client

from tests.pageclient import PageClient

ANNA, ANNA_ID = "anna.berger@example.com", 1001
Page: TypeAlias = Any  # the test client's answer, whose extra attributes no class declares
Extra: TypeAlias = Any  # what the test client takes beside the data
FAMILY = "familie.sommer@example.com"
NOBODY = "nobody@example.net"


class Visitor:
    """An English browser at one studio; `get` and `post` take the part of the path after the studio."""

    def __init__(self, studio: str = "berlin-mitte", client: Client | None = None) -> None:
        self.studio = studio
        self.client = client or PageClient(headers={"accept-language": "en"})

    def at(self, studio: str) -> "Visitor":
        """The same browser at another studio."""
        return Visitor(studio, self.client)

    def get(self, path: str = "", **extra: Extra) -> Page:
        return self.client.get(f"/{self.studio}/{path}", **extra)

    def post(self, path: str, data: dict[str, Any] | None = None, **extra: Extra) -> Page:
        return self.client.post(f"/{self.studio}/{path}", data or {}, **extra)

    def ask(self, email: str, **extra: Extra) -> Page:
        """Ask for a code and open the page that follows."""
        return self.post("sign-in/", {"email": email} | extra, follow=True)

    def enter(self, code: str, **extra: Extra) -> Page:
        return self.post("sign-in/code/", {"code": code}, **extra)

    def sign_in(self, email: str = ANNA) -> Page:
        self.ask(email)
        return self.enter(newest_code())

    def is_in(self) -> bool:
        """Whether the studio's start page leads to the profile."""
        return bool(self.get().headers["Location"] == f"/{self.studio}/profile/")


def newest_code() -> str:
    """The code in the newest mail that has one, as eight digits."""
    found = [re.match(r"(\d{4}) (\d{4}) ", str(message.subject)) for message in mail.outbox]
    return "".join([match for match in found if match][-1].groups())


def wrong_code() -> str:
    """A code that is not the one in the newest mail."""
    return f"{(int(newest_code()) + 1) % 10**8:08d}"


def words(response: Page) -> str:
    """What a person reads on the page: text without tags and without runs of blanks."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).replace("&#x27;", "'").split())
