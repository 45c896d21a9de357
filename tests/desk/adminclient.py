"""A client for Django's own pages: what they must hold to is less than what ours do, and still checked."""

from typing import Any

import html5lib
from django.test import Client

from tests.pageclient import PageClient, check_page

CATALOG = "/admin/jsi18n/"


class AdminClient(PageClient):
    """Looks in Django's pages for what our policy would stop, and for who may keep or frame them."""

    def request(self, **request: Any) -> Any:
        """Fetch, then check."""
        response = Client.request(self, **request)
        has_body = request.get("REQUEST_METHOD") != "HEAD" and not 300 <= response.status_code < 400
        if has_body and response.headers.get("Content-Type", "").startswith("text/html"):
            djangos = any("admin/base.html" in str(one.name) for one in response.templates)
            check_djangos_page(response) if djangos else check_page(response)
        return response


def check_djangos_page(response: Any) -> None:
    """Fail when a page holds something that the browser will not run, show or post because of our policy."""
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cache-Control"] == "private, no-store"
    tree = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    assert len("".join(tree.find("head/title").itertext()).strip()) > 3, "the page has no title"
    assert not list(tree.iter("style")), "a style inside of the page"
    for script in tree.iter("script"):
        source = script.get("src") or ""
        assert source.startswith("/static/") or source == CATALOG, "a script inside of the page, or from elsewhere"
    for element in tree.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"], element.tag
        for name in ("href", "src", "action"):
            assert not (element.get(name) or "").strip().lower().startswith(("javascript:", "http", "//"))
