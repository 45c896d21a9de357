"""A page as a person sees it: its words, what can be clicked, what a form would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponseBase


@dataclass
class Page:
    """`words` are those of the whole page; `ways` counts the links and buttons that help on.

    They stand in the main part, or at the foot: how to reach the studio. `values` is what the last form would send.
    """

    status: int
    words: str = ""
    heading: str = ""
    ways: int = 0
    values: dict[str, str] = field(default_factory=dict)

    def says(self, *phrases: str) -> bool:
        """Whether one of these stands on the page."""
        return any(phrase in self.words for phrase in phrases)


def read(response: HttpResponseBase) -> Page:
    """Read an answer of the portal; a redirect is a page without words."""
    reader = _Reader(Page(response.status_code))
    content = getattr(response, "content", b"")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        reader.feed(content.decode())
    page = reader.page
    page.words, page.heading = " ".join(page.words.split()), " ".join(page.heading.split())
    return page


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.area: set[str] = set()
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of where we are, and of controls."""
        given = {name: value or "" for name, value in attrs}
        self.area.add(tag)
        if self.area & {"main", "footer"}:
            self.page.ways += tag == "button" or (tag == "a" and "href" in given)
        if "main" in self.area:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "form":
            self.page.values = {}
        if tag == "select":
            self.select = name
        if tag == "option" and ("selected" in given or self.select not in self.page.values):
            self.page.values[self.select] = given.get("value", "")
        chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
        if tag == "input" and name and chosen:
            self.page.values[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Leave an area."""
        self.area.discard(tag)

    def handle_data(self, data: str) -> None:
        """Collect words, but none of scripts and styles."""
        if self.area & {"script", "style"}:
            return
        self.page.words += f" {data}"
        if "h1" in self.area:
            self.page.heading += f" {data}"
