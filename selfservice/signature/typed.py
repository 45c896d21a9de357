"""A typed name becomes handwriting: the glyph outlines of an open font, in the same kind of SVG as a drawing."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen, replayRecording
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from .svg import PADDING, SignatureError, document, number

FONT = Path(__file__).parents[2] / "static" / "vendor" / "caveat" / "caveat-latin.woff"
PIXELS_PER_UNIT = 64 / 1000
MIN_LETTERS = 2
MAX_CHARACTERS = 80
# The font has no capital sharp s (SS is its official alternative) and one hyphen only.
REPLACEMENTS = str.maketrans({"ẞ": "SS", "\N{HYPHEN}": "-", "\N{NON-BREAKING HYPHEN}": "-"})
# The pen commands that fontTools records.
Outline: TypeAlias = list[tuple[str, Any]]


class Glyph(NamedTuple):
    """One character of the font, in font units with y upwards; `box` is left, bottom, right, top, None for a blank."""

    outline: Outline
    advance: float
    box: tuple[float, float, float, float] | None


def render_name(name: str) -> str:
    """The name in handwriting as SVG, one path per character.

    Raises SignatureError: "empty", "name_too_short", "name_too_long", or "name_character" with the first character
    that the font lacks.
    """
    glyphs = [_glyphs()[character] for character in _checked(name)]
    starts = accumulate((glyph.advance for glyph in glyphs), initial=0.0)
    placed = [(glyph.outline, start, glyph.box) for glyph, start in zip(glyphs, starts, strict=False) if glyph.box]
    left, top = min(start + box[0] for _, start, box in placed), max(box[3] for *_, box in placed)
    right, bottom = max(start + box[2] for _, start, box in placed), min(box[1] for *_, box in placed)
    paths = (f'<path d="{_path(outline, start - left, top)}" fill="#000"/>' for outline, start, _ in placed)
    return document(_pixels(right - left) + 2 * PADDING, _pixels(top - bottom) + 2 * PADDING, paths)


def _checked(name: str) -> str:
    # Before normalising: its time grows with the square of a run of combining marks.
    if len(name) > 4 * MAX_CHARACTERS:
        raise SignatureError("name_too_long")
    text = " ".join(unicodedata.normalize("NFC", name).split()).translate(REPLACEMENTS)
    if len(text) > MAX_CHARACTERS:
        raise SignatureError("name_too_long")
    if missing := next((character for character in text if character not in _glyphs()), ""):
        raise SignatureError("name_character", _visible(missing))
    if sum(map(str.isalpha, text)) < MIN_LETTERS:
        raise SignatureError("name_too_short" if text else "empty")
    return text


def _visible(character: str) -> str:
    """The character as a message can show it: a mark on a dotted circle, an invisible one as its code point."""
    if unicodedata.category(character).startswith("M"):
        return f"\N{DOTTED CIRCLE}{character}"
    return character if character.isprintable() else f"U+{ord(character):04X}"


def _path(outline: Outline, x: float, top: float) -> str:
    """SVG path data of a glyph that starts at `x`, turned so that y grows downwards from `top` (both font units)."""
    svg = SVGPathPen(None, ntos=number)
    flip = (PIXELS_PER_UNIT, 0, 0, -PIXELS_PER_UNIT, PADDING + _pixels(x), PADDING + _pixels(top))
    replayRecording(outline, TransformPen(svg, flip))
    return str(svg.getCommands())


def _pixels(units: float) -> float:
    return units * PIXELS_PER_UNIT


@lru_cache(maxsize=1)
def _glyphs() -> dict[str, Glyph]:
    """The font's visible characters and the space, read at once (0.1 s): one by one is not safe in threads."""
    with TTFont(FONT) as font:
        glyphs = font.getGlyphSet()
        return {chr(code): _read(name, glyphs) for code, name in font.getBestCmap().items() if chr(code).isprintable()}


def _read(name: str, glyphs: Mapping[str, Any]) -> Glyph:
    outline, bounds = DecomposingRecordingPen(glyphs), BoundsPen(glyphs)
    glyphs[name].draw(outline)
    glyphs[name].draw(bounds)
    return Glyph(outline.value, glyphs[name].width, bounds.bounds)
