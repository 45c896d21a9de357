"""What a signature looks like in tests: points as a hand makes them."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

Path = Sequence[tuple[float, float]]


def wave(left: float = 40, right: float = 280, middle: float = 80, points: int = 25) -> list[tuple[int, int]]:
    """One long wavy stroke."""
    step = (right - left) / (points - 1)
    return [(round(left + i * step), round(middle + 30 * math.sin(i / 2))) for i in range(points)]


def drawing(*strokes: Iterable[object], width: object = 320, height: object = 160) -> str:
    """The JSON that the pad sends for these strokes."""
    return json.dumps({"width": width, "height": height, "strokes": [list(stroke) for stroke in strokes]})


SIGNED = drawing(wave())


ATTRIBUTES = {
    "svg": {"viewBox", "width", "height"},
    "path": {"d", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"},
}


def assert_plain_svg(svg: str) -> list[str]:
    """Nothing but paths with the attributes that we write; returns their outlines."""
    root = ET.fromstring(svg)
    for element in root.iter():
        name = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
        assert set(element.attrib) <= ATTRIBUTES[name]
        assert not element.text
        assert not element.tail
    paths = [element.get("d", "") for element in root]
    assert paths
    assert all(re.fullmatch(r"[MLQHVZhv0-9., -]+", path) for path in paths)
    return paths
