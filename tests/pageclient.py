"""A test client that looks at every page it fetches, so that no test has to think of it."""

import itertools
import re
from typing import Any

import html5lib
from django.test import Client

# Not ours to judge: an older parser than the standard, and what a hostile browser sent and is shown again.
HARMLESS = {"unexpected-char-in-doctype", "invalid-codepoint"}


class PageClient(Client):
    """Django's client; every HTML answer has to be a whole, honest and private page."""

    def request(self, **request: Any) -> Any:
        """Fetch, then check."""
        response = super().request(**request)
        kind = response.headers.get("Content-Type", "")
        has_body = request.get("REQUEST_METHOD") != "HEAD" and not 300 <= response.status_code < 400
        if has_body and kind.startswith("text/html"):
            check_page(response)
        return response


def check_page(response: Any) -> None:
    """Fail when a page breaks a rule that holds for all pages."""
    html = response.content.decode()
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(html)
    wrong = [code for _position, code, _data in parser.errors if code not in HARMLESS]
    assert not wrong, f"not valid HTML: {wrong}"
    _check_outline(tree)
    _check_ids(tree)
    _check_labels(tree)
    _check_policy(tree, response)
    assert response.headers["Cache-Control"] == "private, no-store"


def _check_outline(tree: Any) -> None:
    assert tree.get("lang"), "the page does not say its language"
    title = "".join(tree.find("head/title").itertext()).strip()
    assert len(title) > 3, "the page has no title"
    headings = [heading for heading in tree.iter("h1") if "".join(heading.itertext()).strip()]
    assert len(headings) == 1, f"{len(headings)} h1 instead of one"
    levels = [int(element.tag[1]) for element in tree.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), f"jumping {levels}"


def _check_ids(tree: Any) -> None:
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"ids that stand twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    for element in tree.iter():
        for reference in ("aria-describedby", "aria-labelledby", "for", "aria-controls"):
            for target in (element.get(reference) or "").split():
                assert target in ids, f"{reference} points to {target}, which is not there"


def _check_labels(tree: Any) -> None:
    labelled = {label.get("for") for label in tree.iter("label")}
    for label in tree.iter("label"):
        labelled |= {inner.get("id") for inner in label.iter() if inner.get("id")}
    for element in _controls(tree):
        if element.get("type") in ("hidden", "submit") or element.get("hidden") is not None:
            continue
        named = element.get("id") in labelled or element.get("aria-label") or element.get("aria-labelledby")
        assert named, f"{element.get('name')} has no label"
    for button in (button for button in tree.iter("button") if button.get("hidden") is None):
        assert "".join(button.itertext()).strip() or button.get("aria-label"), "a button without words"


def _controls(tree: Any) -> list[Any]:
    return [element for element in tree.iter() if element.tag in ("input", "select", "textarea")]


def _check_policy(tree: Any, response: Any) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for element in [*tree.iter("script"), *tree.iter("style")]:
        if element.get("src"):
            assert element.get("src").startswith("/static/"), "a script from elsewhere"
        else:
            assert f"'nonce-{element.get('nonce')}'" in policy, f"inline {element.tag} without the page's nonce"
    sources = [element.get("src") for element in tree.iter("script") if element.get("src")]
    assert len(sources) == len(set(sources)), "a script that runs twice"
    for element in tree.iter():
        inline = [name for name in element.attrib if name.startswith("on") or name == "style"]
        assert not inline, f"{element.tag} has inline {inline}"


def texts(response: Any) -> str:
    """Return the words of a page in one line, as a person reads them."""
    tree = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    return re.sub(r"\s+", " ", " ".join(tree.find("body").itertext())).strip()


def form_values(response: Any, number: int = -1) -> dict[str, str]:
    """Return what a browser would send for a form of the page as it stands; by default the page's last."""
    tree = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    form = [form for form in tree.iter("form") if _is_of_the_page(form)][number]
    values: dict[str, str] = {}
    for element in _controls(form):
        name, kind = element.get("name"), element.get("type", "text")
        if name and (kind not in ("radio", "checkbox") or element.get("checked") is not None):
            values[name] = _value(element)
    return values


def _is_of_the_page(form: Any) -> bool:
    return not any(word in (form.get("action") or "") for word in ("/language/", "/sign-out/"))


def _value(element: Any) -> str:
    if element.tag == "select":
        chosen = [option for option in element.iter("option") if option.get("selected") is not None]
        return str((chosen or list(element.iter("option")))[0].get("value", ""))
    if element.tag == "textarea":
        return "".join(element.itertext())
    return str(element.get("value") or "")
