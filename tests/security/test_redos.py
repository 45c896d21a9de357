"""No text keeps the portal busy: every pattern and every field answers a hostile 100 kilobytes in a moment."""

from __future__ import annotations

import ast
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation.trans_real import parse_accept_lang_header

from selfservice.datasets import DATA_SETS
from selfservice.fields import email, iban, phone, postcode, text
from selfservice.fields.country import _names
from selfservice.perfectgym import answers, models
from selfservice.signin.forms import CodeForm, EmailForm
from selfservice.studios import middleware
from tests.pageclient import PageClient

ROOT = Path(__file__).parents[2]
# Reads our own style sheets at development time and nothing that anybody sends.
NOT_SERVED = {"css.py"}
SIZE = 100_000
# A moment, in seconds of this process's own work; a pattern that goes wrong takes minutes to years.
MOMENT = 1.0
SEEDS = [
    *("a", "0", " ", "-", ".", "@", "\n", "\t", "\u0300", "\u200d", "\u202e", "ß", "İ", "😀", "\x00", "\udcff"),
    *("a.", "a@", "a-", "1 ", "- ", "a,", "a;q=1,", "ext", "ext. ", "x1", "+4", "+49 ", "(", "[[", '{"', "\\ud", "\\"),
    *("DE", "DE12 ", "IBAN:", "tel: ", "Tel..", "dw", ", x", "1-1-", "1.1.", "aA0", "xn--", "a@b,", "<a>", "{{", "//"),
]
HOSTILE = [
    variant[:SIZE]
    for seed in SEEDS
    for variant in (
        seed * (SIZE // len(seed)),
        f"a{seed * (SIZE // len(seed) - 2)}!",
        f"{seed * (SIZE // len(seed) - 9)}x1234567!",
        f"{seed * 40}!@b.example",
    )
]


def patterns() -> Iterator[tuple[str, str, set[str]]]:
    """Yield every pattern that the code hands to `re`: the place it stands in, the pattern, and how it is used."""
    for folder in ("selfservice", "portal"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name not in NOT_SERVED and "sandbox" not in path.parts:
                tree = ast.parse(path.read_text("utf-8"))
                for call, pattern in _calls(tree):
                    yield f"{path.relative_to(ROOT)}:{call.lineno}", pattern, _uses(tree, call)


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re")) | ast.Name(id="_matching"), args=[first, *_]):
                if isinstance(first, ast.Constant):
                    yield node, str(first.value)


def _uses(tree: ast.AST, call: ast.Call) -> set[str]:
    """Return the methods by which a pattern reads a text; all of them when that can't be seen."""
    how = call.func.attr if isinstance(call.func, ast.Attribute) else "fullmatch"
    named = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and node.value is call
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    methods = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in named
    }
    return (methods if how == "compile" else {how}) or {"search", "fullmatch"}


class TooSlow(Exception):
    """A moment has passed; raised in the middle of the work, which might not end otherwise."""


@contextmanager
def a_moment(what: str) -> Iterator[None]:
    """Fail when the work takes longer than a moment."""

    def stop(*_: object) -> None:
        raise TooSlow(what)

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOMENT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def quickly(action: Any) -> None:
    """Fail when any of the hostile texts takes longer than a moment."""
    for hostile in HOSTILE:
        with a_moment(ascii(hostile[:20])):
            action(hostile)


@pytest.mark.parametrize(("pattern", "uses"), [pytest.param(text, how, id=place) for place, text, how in patterns()])
def test_patterns(pattern: str, uses: set[str]) -> None:
    for flags in (0, re.IGNORECASE):
        compiled = re.compile(pattern, flags)
        for use in uses:
            quickly(compiled.fullmatch if use == "fullmatch" else compiled.match if use == "match" else compiled.search)


def test_every_pattern_is_found() -> None:
    """If this number falls, patterns are written in a way that the search above does not see."""
    assert len(list(patterns())) >= 25


FORMS: list[type[forms.Form]] = [EmailForm, CodeForm, *(data_set.form for data_set in DATA_SETS.values())]
FIELDS: dict[str, Any] = {
    f"{form.__name__}.{name}": field for form in FORMS for name, field in form.base_fields.items()
}


@pytest.mark.parametrize("name", FIELDS)
def test_fields(name: str) -> None:
    field = FIELDS[name]

    def clean(hostile: str) -> None:
        values = [hostile] * len(getattr(field.widget, "widgets", [])) or hostile
        for value in (values, [hostile, "", ""] if isinstance(values, list) else hostile):
            with suppress(ValidationError):
                field.clean(value)

    quickly(clean)


@pytest.mark.parametrize("box", ["code", "email"])
def test_forms(box: str) -> None:
    form: type[forms.Form] = {"code": CodeForm, "email": EmailForm}[box]
    quickly(lambda hostile: form({box: hostile}).is_valid())


def test_functions_that_take_what_anybody_sent() -> None:
    for function in (
        lambda hostile: email.same_mailbox("a@b.example", hostile),
        iban.mask_iban,
        iban.bank_of,
        lambda hostile: iban.same_iban(hostile, "DE12"),
        lambda hostile: iban.bic_matches("DE02120300000000202051", hostile),
        lambda hostile: text.same_text(hostile, "a"),
        text.drop_invisible,
        middleware.known_language,
        lambda hostile: parse_accept_lang_header(hostile[:500]),
        answers._printable,
        models._web_address,
        phone._PASTED_LABEL.search,
    ):
        quickly(function)


@pytest.mark.parametrize("length", [16, 64])
def test_postcodes_of_every_country(length: int) -> None:
    """Their patterns come from a library; they only ever see 64 characters."""
    for country in [*_names("en"), "", "ZZ", "x" * SIZE]:
        with a_moment(country[:20]):
            for seed in SEEDS:
                with suppress(ValidationError):
                    postcode.clean_postcode((seed * length)[:length], country)


def test_postcodes_of_any_length() -> None:
    def clean(hostile: str) -> None:
        with pytest.raises(ValidationError):
            postcode.clean_postcode(f"1{hostile}1", "DE")

    quickly(clean)


@pytest.mark.parametrize("seed", ["a-", "de,", "de;q=0.1,", "*", ";", "a" * 8 + "-", "0", "\xe4"])
def test_the_language_of_a_request(client: PageClient, studios: Any, db: None, seed: str) -> None:
    header = {"accept-language": seed * (SIZE // len(seed))}
    with a_moment(seed):
        assert client.get("/berlin-mitte/sign-in/", headers=header).status_code == 200


@pytest.mark.parametrize("name", ["email", "code", "csrfmiddlewaretoken", "next", "customer", "x"])
def test_a_form_as_large_as_may_be(client: PageClient, studios: Any, db: None, name: str) -> None:
    for path in ("sign-in/", "sign-in/code/", "sign-in/member/"):
        for seed in ("a@", "0", "/berlin-mitte/", "\u0300"):
            with a_moment(seed):
                client.post(f"/berlin-mitte/{path}", {name: seed * (120_000 // len(seed.encode()))})
