"""The style guide as a website of its own."""

import copy
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, override_settings


class QuietHandler(WSGIRequestHandler):
    """Answers without writing a line per request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the class above
        """Stay silent."""


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """One thread per request, so that style sheets load side by side."""

    daemon_threads = True


@pytest.fixture(scope="module")
def guide_settings() -> Iterator[None]:
    """Settings under which the style guide is the whole site, with the portal's own security policy."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [settings.BASE_DIR / "templates", Path(__file__).parent / "templates"]
    middleware = ["csp.middleware.CSPMiddleware", "django.middleware.csrf.CsrfViewMiddleware"]
    with override_settings(ROOT_URLCONF="tests.pages.guide", TEMPLATES=templates, MIDDLEWARE=middleware):
        yield


@pytest.fixture(scope="module")
def site(guide_settings: None) -> Iterator[str]:
    """Return the address of the style guide, served on loopback."""
    application = StaticFilesHandler(WSGIHandler())
    server = make_server("127.0.0.1", 0, application, server_class=ThreadingServer, handler_class=QuietHandler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client() -> Client:
    """A plain one: the guide shows parts of pages, served without the rules that hold for whole ones."""
    return Client()
