"""Pen strokes from a browser, checked, and the SVG drawn from them: no markup from outside is ever kept."""

import base64
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TypeAlias

Point: TypeAlias = tuple[int, int]
Line: TypeAlias = tuple[Point, ...]

MAX_BYTES = 128 * 1024
MAX_LINES = 80
MAX_POINTS = 4_000
CANVAS_SIDE = (40, 4_096)
COORDINATE = (-100_000, 100_000)

MIN_POINTS = 8
MIN_INK = 80.0
MIN_WIDTH = 40
MIN_HEIGHT = 12

PADDING = 8
PEN = 'fill="none" stroke="#000" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"'


class SignatureError(ValueError):
    """What was drawn or typed is no signature.

    `code` is "empty", "too_large", "malformed" or "not_a_signature" for a drawing, and "empty", "name_too_short",
    "name_too_long" or "name_character" for a typed name; `character` shows the one that can't be written.
    """

    def __init__(self, code: str, character: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.character = character


@dataclass(frozen=True, slots=True)
class Strokes:
    """A checked drawing: canvas size and lines of points in CSS pixels, every point inside the canvas."""

    width: int
    height: int
    lines: tuple[Line, ...]

    def to_json(self) -> str:
        """The same drawing in the form that `parse` reads, written by us: safe to hand back to the browser."""
        return json.dumps({"width": self.width, "height": self.height, "strokes": self.lines}, separators=(",", ":"))


def parse(raw: str) -> Strokes:
    """Read `{"width": W, "height": H, "strokes": [[[x, y], …], …]}`, integers in CSS pixels.

    Points outside the canvas are moved to its edge: a quick stroke often leaves it. Raises SignatureError and nothing
    else, also when what was drawn is too little for a signature.
    """
    document = _document(raw)
    width, height = (_integer(document[side], *CANVAS_SIDE) for side in ("width", "height"))
    lines = tuple(tuple(_point(point, width, height) for point in line) for line in _lines(document["strokes"]))
    _require_signature(lines)
    return Strokes(width, height, lines)


def render(strokes: Strokes) -> str:
    """The drawing as SVG, one path per stroke, cropped to the ink."""
    left, top, right, bottom = _box(strokes.lines)
    paths = (f'<path d="{_path(_moved(line, PADDING - left, PADDING - top))}" {PEN}/>' for line in strokes.lines)
    return document(right - left + 2 * PADDING, bottom - top + 2 * PADDING, paths)


def document(width: float, height: float, paths: Iterable[str]) -> str:
    """An SVG of this size in pixels around ready-made `<path>` elements."""
    w, h = number(width), number(height)
    start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
    return f"{start}{''.join(paths)}</svg>"


def number(value: float) -> str:
    """A coordinate as SVG text, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def to_base64(svg: str) -> str:
    """The SVG file as the API wants it: UTF-8 in base64."""
    return base64.b64encode(svg.encode("utf-8")).decode("ascii")


def _document(raw: str) -> dict[str, object]:
    if len(raw.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise SignatureError("too_large")
    if not raw.strip():
        raise SignatureError("empty")
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise SignatureError("malformed") from None
    if not isinstance(document, dict) or document.keys() != {"width", "height", "strokes"}:
        raise SignatureError("malformed")
    return document


def _lines(value: object) -> list[list[object]]:
    lines = _list(value)
    if not lines:
        raise SignatureError("empty")
    if len(lines) > MAX_LINES:
        raise SignatureError("too_large")
    points = [_list(line) for line in lines]
    if not all(points):
        raise SignatureError("malformed")
    if sum(map(len, points)) > MAX_POINTS:
        raise SignatureError("too_large")
    return points


def _point(value: object, width: int, height: int) -> Point:
    pair = _list(value)
    if len(pair) != 2:
        raise SignatureError("malformed")
    x, y = (_integer(part, *COORDINATE) for part in pair)
    return min(max(x, 0), width), min(max(y, 0), height)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise SignatureError("malformed")
    return value


def _integer(value: object, low: int, high: int) -> int:
    # bool is a subclass of int, so isinstance would let true and false pass.
    if type(value) is not int or not low <= value <= high:
        raise SignatureError("malformed")
    return value


def _require_signature(lines: tuple[Line, ...]) -> None:
    left, top, right, bottom = _box(lines)
    ink = sum(math.dist(a, b) for line in lines for a, b in pairwise(line))
    too_small = right - left < MIN_WIDTH or bottom - top < MIN_HEIGHT
    if too_small or ink < MIN_INK or sum(map(len, lines)) < MIN_POINTS:
        raise SignatureError("not_a_signature")


def _box(lines: tuple[Line, ...]) -> tuple[int, int, int, int]:
    xs, ys = zip(*chain.from_iterable(lines), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _moved(line: Line, dx: int, dy: int) -> Line:
    return tuple((x + dx, y + dy) for x, y in line)


def _path(line: Line) -> str:
    """Curves through the middle of every two points: smooth without overshooting the ink's box."""
    (x, y), last = line[0], line[-1]
    if len(line) == 1:
        # A segment without length is a dot only in some renderers; a tenth of a pixel is one in all.
        return f"M{x} {y}h.1"
    curves = (
        f"Q{ax} {ay} {number((ax + bx) / 2)} {number((ay + by) / 2)}" for (ax, ay), (bx, by) in pairwise(line[1:])
    )
    return f"M{x} {y}{''.join(curves)}L{last[0]} {last[1]}"
