"""A page with nothing but the signature, served on loopback under a strict content security policy."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django import forms
from django.template import engines
from playwright.sync_api import Browser, Page

from selfservice.signature.field import SignatureField
from tests.signature.pad import Pad

STATIC = Path(__file__).parents[2] / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; font-src 'self'; form-action 'self'"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/css/bootstrap.css">{{ form.media }}</head>
<body><main class="container py-3">{% if svg %}
<pre id="svg">{{ svg }}</pre>{% else %}
<form method="post" novalidate>{{ form.as_div }}
<button class="btn btn-primary">Send</button></form>{% endif %}</main></body></html>"""


class PageForm(forms.Form):
    signature = SignatureField(label="Signature")
    holder = forms.CharField(label="Account holder")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path.startswith("/static/"):
            self.answer((STATIC / path.removeprefix("/static/")).read_bytes(), guess_type(path)[0] or "")
        else:
            self.page(PageForm(dict(parse_qsl(query)) or None))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.page(PageForm(dict(parse_qsl(body, keep_blank_values=True))))

    def page(self, form: PageForm) -> None:
        svg = base64.b64decode(form.cleaned_data["signature"]).decode() if form.is_valid() else ""
        html = engines["django"].from_string(PAGE).render({"form": form, "svg": svg})
        self.answer(html.encode(), "text/html; charset=utf-8")

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the standard library
        """Tests are silent."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class PadFactory:
    """Opens the page in a fresh context; whatever the browser complained about fails the test at its end."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site
        self.complaints: list[str] = []

    @contextmanager
    def __call__(self, width: int = 360, height: int = 740, **context: Any) -> Iterator[Pad]:
        opened = self.browser.new_context(viewport={"width": width, "height": height}, **context)
        page = opened.new_page()
        self.watch(page)
        page.goto(self.site)
        yield Pad(page)
        opened.close()

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)


@pytest.fixture
def open_pad(browser: Browser, site: str) -> Iterator[PadFactory]:
    factory = PadFactory(browser, site)
    yield factory
    assert factory.complaints == []


@pytest.fixture
def pad_page(open_pad: PadFactory) -> Iterator[Pad]:
    with open_pad() as pad:
        yield pad
