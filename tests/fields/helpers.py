"""What all tests of form fields need."""

import time
from collections.abc import Callable
from typing import Any

import hypothesis
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import strategies as st

# Text as browsers and clients of all kinds send it: any character, and much of what the fields look for.
hostile_text = st.one_of(
    st.text(),
    st.text(alphabet="0123456789 +-()/.x#,;=ABDEIXNTLextdw\u00a0\u200b\u202e\u2066\ud800\x00١٢߉９ßı￫", max_size=40),
)


def given(*strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Ask hypothesis for examples without its time limit: the first look-up of a country reads files."""
    unhurried = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
    return lambda test: unhurried(hypothesis.given(*strategies)(test))


def outcome(clean: Callable[..., object], *args: object) -> object:
    """Return what `clean` returns, or the messages of its ValidationError joined by " | "."""
    try:
        return clean(*args)
    except ValidationError as error:
        return " | ".join(error.messages)


def accepts_again(clean: Callable[[object], object], value: object) -> None:
    """Check that only ValidationError comes out, and that a cleaned value is its own cleaned value."""
    try:
        cleaned = clean(value)
    except ValidationError:
        return
    assert clean(cleaned) == cleaned


def quickest(call: Callable[[], object]) -> float:
    """Return the seconds of CPU the quickest of three calls took, whatever else the machine does."""

    def once() -> float:
        start = time.process_time()
        call()
        return time.process_time() - start

    return min(once() for _ in range(3))


def bound(field: forms.Field, **data: str) -> forms.Form:
    """Return a bound form with the one field "value"."""
    return form_of(field)(data)


def form_of(field: forms.Field) -> type[forms.Form]:
    """Return a form class with the one field "value"."""
    return type("OneField", (forms.Form,), {"value": field})
