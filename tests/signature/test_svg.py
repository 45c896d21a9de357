"""What a browser may send as a drawing, and the SVG that is made of it."""

import base64
import json
import re
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfservice.signature.svg import MAX_BYTES, SignatureError, parse, render, to_base64
from tests.machine import in_time
from tests.signature.drawing import SIGNED, assert_plain_svg, drawing, wave

# A busy machine is no defect of the code.
relaxed = settings(deadline=None, database=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def refusal(raw: str) -> str:
    with pytest.raises(SignatureError) as caught:
        parse(raw)
    return caught.value.code


def test_a_signature_becomes_one_path_per_stroke() -> None:
    svg = render(parse(drawing(wave(), wave(60, 200, 100), [(300, 20)])))
    assert len(assert_plain_svg(svg)) == 3


def test_it_is_cropped_to_the_ink_with_padding() -> None:
    svg = render(parse(drawing([(100 + 10 * i, 50 + 5 * (i % 5)) for i in range(11)], width=4000, height=2000)))
    assert 'viewBox="0 0 116 36" width="116" height="36"' in svg
    assert 'd="M8 8Q' in svg


def test_every_point_is_inside_the_picture() -> None:
    svg = render(parse(drawing(wave(), [(0, 0), (320, 160)], [(320, 0)])))
    width, height = (float(side) for side in re.findall(r'(?:width|height)="([\d.]+)"', svg)[:2])
    for path in assert_plain_svg(svg):
        numbers = [float(number) for number in re.findall(r"[\d.]+", path.removesuffix("h.1"))]
        assert all(0 < x < width for x in numbers[::2])
        assert all(0 < y < height for y in numbers[1::2])


def test_a_dot_has_a_length_so_that_every_renderer_shows_it() -> None:
    assert 'd="M18 18h.1"' in render(parse(drawing(wave(40, 280, 80), [(50, 60)])))


def test_base64_holds_the_same_file() -> None:
    svg = render(parse(SIGNED))
    assert base64.b64decode(to_base64(svg), validate=True).decode("utf-8") == svg


def test_points_outside_the_canvas_move_to_its_edge() -> None:
    strokes = parse(drawing([(-50, 80), *wave(), (100_000, -100_000)]))
    assert strokes.lines[0][0] == (0, 80)
    assert strokes.lines[0][-1] == (320, 0)


def test_what_counts_is_the_ink_inside() -> None:
    assert refusal(drawing([(400 + i, 200 + i) for i in range(500)])) == "not_a_signature"


@pytest.mark.parametrize(
    "stroke",
    [
        pytest.param([(100 + 20 * i, 50 + 20 * (i % 2)) for i in range(7)], id="7 points"),
        pytest.param([(100 + 5 * i, 50 + 2 * i) for i in range(9)], id="too little ink"),
        pytest.param([(100 + 39 * (i % 2), 50 + 20 * (i % 2)) for i in range(9)], id="39 wide"),
        pytest.param([(100 + 40 * (i % 2), 50 + 11 * (i % 2)) for i in range(9)], id="11 high"),
        pytest.param([(100, 50)] * 500, id="one spot"),
    ],
)
def test_too_little_for_a_signature(stroke: list[tuple[int, int]]) -> None:
    assert refusal(drawing(stroke)) == "not_a_signature"


def test_just_enough_for_a_signature() -> None:
    assert parse(drawing([(100 + 40 * (i % 2), 50 + 12 * (i % 2)) for i in range(8)]))


def many(strokes: int, points: int) -> str:
    return drawing(*([(i % 300, i % 150) for i in range(points)] for _ in range(strokes)))


def test_limits_are_part_of_what_is_allowed() -> None:
    assert len(parse(many(80, 50)).lines) == 80
    assert parse(SIGNED + " " * (MAX_BYTES - len(SIGNED)))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(many(81, 10), id="81 strokes"),
        pytest.param(many(1, 4001), id="4001 points"),
        pytest.param(many(80, 51), id="4080 points in 80 strokes"),
        pytest.param(SIGNED + " " * (MAX_BYTES - len(SIGNED) + 1), id="one byte too long"),
        pytest.param("é" * (MAX_BYTES // 2 + 1), id="bytes count, not characters"),
        pytest.param(" " * 10_000_000, id="ten megabytes of nothing"),
    ],
)
def test_too_large(raw: str) -> None:
    assert refusal(raw) == "too_large"


@pytest.mark.parametrize("raw", ["", "  \n", drawing()])
def test_nothing_drawn(raw: str) -> None:
    assert refusal(raw) == "empty"


def with_point(point: str) -> str:
    return SIGNED.replace("[40, 80]", point, 1)


NO_STROKES: list[object] = [None, "x", {}, 1, [[]], [None], ["x"], [{}], [1]]
HOSTILE = [
    *(
        "null",
        "0",
        "[]",
        '"x"',
        "{}",
        "{",
        "NaN",
        "\0",
        "\ud800",
        "<svg onload=alert(1)>",
        "[" * 100_000,
        '{"a":' * 20_000,
    ),
    *(
        "9" * 5000,
        "[[" + "1" * 100_000 + "]]",
        "\ufeff" + SIGNED,
        SIGNED + SIGNED,
        SIGNED.replace('"width": 320, ', ""),
    ),
    *(SIGNED.replace('{"width"', '{"onload": 1, "width"'), SIGNED.replace('"width"', '"Width"')),
    *(
        with_point(point)
        for point in ("[40]", "[40, 80, 1]", "[]", "40", "null", '"40 80"', '{"x": 40, "y": 80}', "[[40, 80]]")
    ),
    *(
        with_point(f"[{x}, 80]")
        for x in ("40.0", "40.5", "4e1", "NaN", "Infinity", "-Infinity", "1e999", "true", "null", '"40"')
    ),
    *(
        with_point(f"[{x}, 80]")
        for x in ("100001", "-100001", "9" * 4000, '"/><script>alert(1)</script>"', "[40]", "{}")
    ),
    *(
        drawing(wave(), width=width)
        for width in (0, -1, 39, 4097, 320.0, "320", True, None, [320], float("nan"), 10**100)
    ),
    *(drawing(wave(), height=height) for height in (0, 39, 4097, 160.5, "160", False)),
    *(json.dumps({"width": 320, "height": 160, "strokes": bad}) for bad in NO_STROKES),
    json.dumps({"width": 320, "height": 160, "strokes": [wave(), []]}),
]


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: ascii(raw)[:40])
def test_hostile_input_is_refused_quickly(raw: str) -> None:
    start = time.process_time()
    assert refusal(raw) == "malformed"
    assert in_time(time.process_time() - start, 0.5)


def test_the_largest_drawing_is_quick_and_bounded() -> None:
    raw = drawing(*([(i * 37 % 4096, i * 91 % 4096) for i in range(50)] for _ in range(80)), width=4096, height=4096)
    start = time.process_time()
    encoded = to_base64(render(parse(raw)))
    assert in_time(time.process_time() - start, 0.5)
    assert len(encoded) < 200_000


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
points = st.lists(st.integers(-200_000, 200_000), min_size=2, max_size=2)
nearly = st.fixed_dictionaries(
    {
        "width": st.integers(0, 5000) | anything,
        "height": st.integers(0, 5000) | anything,
        "strokes": st.lists(st.lists(points | anything, max_size=20) | anything, max_size=5) | anything,
    }
)


@relaxed
@given(st.text() | anything.map(json.dumps) | nearly.map(json.dumps))
def test_anything_at_all_is_refused_or_becomes_a_plain_svg(raw: str) -> None:
    with suppress(SignatureError):
        assert_plain_svg(render(parse(raw)))


inside = st.tuples(st.integers(-100_000, 100_000), st.integers(-100_000, 100_000))


@relaxed
@given(st.lists(st.lists(inside, min_size=1, max_size=30), max_size=10), st.integers(320, 4096), st.integers(160, 4096))
def test_every_signature_survives_the_way_back_to_the_browser(
    strokes: list[list[tuple[int, int]]], width: int, height: int
) -> None:
    read = parse(drawing(wave(), *strokes, width=width, height=height))
    assert parse(read.to_json()) == read
    assert all(0 <= x <= width and 0 <= y <= height for line in read.lines for x, y in line)
    assert len(assert_plain_svg(render(read))) == len(strokes) + 1
