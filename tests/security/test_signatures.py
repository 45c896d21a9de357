"""Hostile signatures: whatever a browser sends becomes a drawing that the portal wrote itself, or nothing."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from selfservice.signature.field import SignatureField

PEN = r'(?:fill="none" stroke="#000" stroke-width="2\.5" stroke-linecap="round" stroke-linejoin="round"|fill="#000")'
PLAIN = re.compile(
    r'<svg xmlns="http://www\.w3\.org/2000/svg" viewBox="0 0 [0-9.]+ [0-9.]+" width="[0-9.]+" height="[0-9.]+">'
    rf'(?:<path d="[MLQCHVZhmlqcz0-9., -]*" {PEN}/>)+</svg>'
)
NUMBERS = st.integers(-200, 400) | st.sampled_from([0, 10**5, -(10**5), 2**63, 10**400])
STRANGE: st.SearchStrategy[Any] = st.sampled_from([None, True, 1.5, float("nan"), "1", '"/><script>', [], {}, [[1, 2]]])
POINTS = st.lists(NUMBERS, min_size=2, max_size=2) | st.lists(NUMBERS | STRANGE, max_size=3)
GOOD = st.lists(st.lists(st.integers(-200, 400), min_size=2, max_size=2), min_size=12, max_size=60)
LINES = st.lists(GOOD, min_size=1, max_size=4) | st.lists(st.lists(POINTS, max_size=20) | STRANGE, max_size=5)
SIDES = st.sampled_from([300, 40, 4096]) | NUMBERS | STRANGE
WHOLE = [[[x * 9, x * x % 80] for x in range(20)]]
LIST: list[Any] = [
    "<svg onload=alert(1)>",
    '{"width":300,"height":100,"strokes":"<script>"}',
    {"width": 300, "height": 100, "strokes": [[["1", "2"]] * 20]},
    {"width": '300"/><script>alert(1)</script>', "height": 100, "strokes": WHOLE},
    {"width": 300, "height": 100, "strokes": WHOLE, "svg": "<svg/>"},
    {"width": 300, "height": 100, "strokes": WHOLE, "__proto__": {}},
    {"width": 1e308, "height": 100, "strokes": WHOLE},
    {"width": 300, "height": 100, "strokes": [[[True, False]] * 30]},
    {"width": 300, "height": 100, "strokes": [[[float("inf"), 1]] * 30]},
    {"width": 300, "height": 100, "strokes": [[[x, x] for x in range(4001)]]},
    {"width": 300, "height": 100, "strokes": WHOLE * 81},
    [[[1, 2]] * 20],
    "[" * 50_000,
    '{"width":' * 20_000,
    "9" * 100_000,
    "\x00",
    "\ud800",
    "data:image/svg+xml;base64,PHN2Zy8+",
]


def signed(drawing: str, name: str) -> str | None:
    """Return the SVG that goes to PerfectGym, None when it was refused."""
    try:
        return base64.b64decode(SignatureField().clean([drawing, name])).decode()
    except ValidationError:
        return None


@given(st.builds(dict, width=SIDES, height=SIDES, strokes=LINES))
def test_a_drawing_becomes_plain_paths_or_nothing(drawing: dict[str, Any]) -> None:
    svg = signed(json.dumps(drawing), "")
    assert svg is None or (PLAIN.fullmatch(svg) and len(svg) < 300_000)


@given(st.text(max_size=100) | st.from_regex(r"[<>\"'&;/a-z ]{2,80}", fullmatch=True))
def test_a_name_becomes_plain_paths_or_nothing(name: str) -> None:
    svg = signed("", name)
    assert svg is None or PLAIN.fullmatch(svg)


def test_a_real_one_passes() -> None:
    svg = signed(json.dumps({"width": 300, "height": 100, "strokes": WHOLE}), "")
    assert svg is not None
    assert PLAIN.fullmatch(svg)


@pytest.mark.parametrize("drawing", LIST, ids=lambda one: ascii(one)[:40])
def test_known_tricks_are_refused(drawing: Any) -> None:
    assert signed(drawing if isinstance(drawing, str) else json.dumps(drawing), "") is None
