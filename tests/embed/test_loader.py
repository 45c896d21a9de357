"""/embed.js as a browser gets it: small, cached, and pinned by its hash where somebody wants that."""

import base64
import gzip
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from selfservice.datasets import DATA_SETS
from tests.pageclient import PageClient

STATIC = Path(__file__).parents[2] / "static" / "js"
SOURCE = (STATIC / "embed.js").read_text("utf-8")
TYPES = (STATIC / "embed.d.ts").read_text("utf-8")
PAGES = ["profile", *DATA_SETS]


@pytest.fixture
def ask(client: PageClient, studios: object) -> Any:
    return lambda query="", **headers: client.get(f"/embed.js{query}", headers=headers)


def test_it_is_at_most_four_kilobytes(ask: Any) -> None:
    answer = ask(accept_encoding="gzip, br")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) <= 4096
    assert gzip.decompress(answer.content).decode() == SOURCE
    assert ask().content.decode() == SOURCE


@pytest.mark.parametrize("accepted", ["gzip", "GZIP;q=0.001", "br;q=0, gzip ; q=1.0", "deflate,gzip,br"])
def test_who_takes_it_compressed_gets_it_so(ask: Any, accepted: str) -> None:
    assert ask(accept_encoding=accepted).headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0, br", "br,gzip ;q=0.000", "gzipped"])
def test_who_does_not_gets_it_plain(ask: Any, accepted: str) -> None:
    answer = ask(accept_encoding=accepted)
    assert (answer.content.decode(), answer.headers.get("Content-Encoding")) == (SOURCE, None)


def test_it_is_cached_for_a_while_and_a_version_for_good(ask: Any) -> None:
    version = hashlib.sha384(SOURCE.encode()).hexdigest()[:12]
    assert ask().headers["Cache-Control"] == "public, max-age=600"
    assert ask("?v=old").headers["Cache-Control"] == "public, max-age=600"
    assert ask(f"?v={version}").headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_browser_that_has_it_is_told_so_and_may_go_on_using_it(ask: Any) -> None:
    tag = ask().headers["ETag"]
    again = ask(if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    for name in ("Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy", "Cache-Control"):
        assert again.headers[name] == ask().headers[name]
    assert ask(if_none_match='W/"other"').status_code == 200


def test_it_sets_and_needs_no_cookie(ask: Any) -> None:
    answer = ask()
    assert not answer.cookies
    assert "Cookie" not in answer.headers["Vary"]


def test_it_depends_on_nothing_and_leaves_nothing_open() -> None:
    assert not re.search(r"""\bimport\b|\beval\b|innerHTML|insertAdjacentHTML|document\.write|["']\*["']""", SOURCE)
    assert not re.search(r"""innerHTML|["']\*["']""", (STATIC / "frame.js").read_text("utf-8"))


def test_script_and_types_know_the_pages_there_are() -> None:
    listed = re.search(r"PAGES = \[(.*?)\]", SOURCE)
    typed = re.search(r"type Page = (.*?);", TYPES)
    assert listed
    assert typed
    assert re.findall(r'"(\w+)"', listed[1]) == PAGES
    assert re.findall(r'"(\w+)"', typed[1]) == PAGES


def test_the_types_name_what_the_script_has() -> None:
    for name in re.findall(r"^    (\w+)\(.*\) \{$", SOURCE, re.MULTILINE):
        assert name == "constructor" or f"{name}(" in TYPES, name
    for option in ("studio", "page", "language", "minHeight", "topOffset", "colorScheme"):
        assert f"{option}" in TYPES
        assert option in SOURCE


def test_its_hash_is_what_the_command_prints(capsys: pytest.CaptureFixture[str], listed: Any, settings: Any) -> None:
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["portal.example"]
    call_command("studio", "embed", "berlin-mitte")
    printed = capsys.readouterr().out
    digest = base64.b64encode(hashlib.sha384(SOURCE.encode()).digest()).decode()
    assert f'integrity="sha384-{digest}"' in printed
    assert 'src="https://portal.example/embed.js" data-studio="berlin-mitte"' in printed
