"""What stands on the pages: boxes that phones fill in, headings, and nothing personal in an address."""

import re
from typing import Any

import html5lib
import pytest

from tests.signin.visitor import ANNA, FAMILY, NOBODY, Page, Visitor, newest_code, wrong_code


def attributes(page: Page, name: str) -> dict[str, str]:
    (found,) = [tag for tag in re.findall(r"<input[^>]*>", page.content.decode()) if f'name="{name}"' in tag]
    return dict(re.findall(r'([a-z-]+)="([^"]*)"', found))


def test_the_address_box_helps_phones(visitor: Visitor) -> None:
    box = attributes(visitor.get("sign-in/"), "email")
    assert (box["type"], box["autocomplete"], box["autocapitalize"]) == ("email", "email", "none")
    assert "maxlength" not in box


def test_the_code_box_takes_what_phones_and_people_paste(visitor: Visitor) -> None:
    box = attributes(visitor.ask(ANNA), "code")
    assert (box["type"], box["inputmode"], box["autocomplete"]) == ("text", "numeric", "one-time-code")
    assert not {"maxlength", "pattern", "value"} & set(box)


def pages(visitor: Visitor) -> list[Any]:
    shown = [visitor.get("sign-in/"), visitor.ask("x"), visitor.get("sign-in/code/"), visitor.ask(ANNA)]
    shown += [visitor.enter(wrong_code()) for _ in range(5)]
    shown += [visitor.sign_in(NOBODY), visitor.get("sign-in/member/"), visitor.get("sign-out/")]
    visitor.sign_in(FAMILY)
    return [*shown, visitor.get("sign-in/member/"), visitor.post("sign-in/member/", {"customer": "1"})]


def test_every_page_is_whole(visitor: Visitor) -> None:
    for page in pages(visitor):
        text = page.content.decode()
        html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
        (title,) = re.findall("<title>(.*?)</title>", text)
        (heading,) = re.findall(r"<h1>(.*?)</h1>", text)
        assert heading.strip() in title
        assert title.startswith("Error:") == bool(re.search("is-invalid", text))
        assert page.headers["Cache-Control"] == "private, no-store"
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        for address in re.findall(r'(?:href|action)="([^"]*)"', text):
            assert address.startswith(("tel:", "mailto:")) or not re.search("@|anna|code=|customer|[0-9]{4}", address)


def test_the_mail_speaks_the_language_of_the_page(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("selfservice.signin.asking.send_code", lambda *sent: asked.append(sent[3]))
    visitor.post("sign-in/", {"email": ANNA}, headers={"accept-language": "de-AT,en;q=0.5"})
    visitor.post("sign-in/", {"email": ANNA}, headers={"accept-language": "en"})
    assert asked == ["de", "en"]


def test_a_change_of_language_keeps_the_code_alive(visitor: Visitor) -> None:
    visitor.ask(ANNA)
    visitor.client.post("/language/", {"language": "de", "next": "/berlin-mitte/sign-in/resend/"}, follow=True)
    visitor.enter(newest_code())
    assert visitor.is_in()
