"""Signing in a real browser, under a content security policy without exceptions."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.signature.drawing import SIGNED, assert_plain_svg, wave
from tests.signature.pad import Pad, box_of

OpenPad = Callable[..., AbstractContextManager[Pad]]


def test_a_mouse_signs(pad_page: Pad) -> None:
    pad_page.draw(wave())
    expect(pad_page.status).to_have_text("Signature drawn.")
    pad_page.send()
    (path,) = assert_plain_svg(pad_page.svg())
    assert path.count("Q") > 15


def test_a_finger_signs_and_the_page_stays_put(open_pad: OpenPad) -> None:
    with open_pad(has_touch=True, is_mobile=True) as pad:
        pad.draw_with_finger([(40 + i * 6, 20 + (i % 2) * 110) for i in range(40)])
        assert pad.page.evaluate("scrollY") == 0
        assert len(pad.sent().strokes) == 1
        assert pad.page.evaluate("getComputedStyle(document.querySelector('canvas')).touchAction") == "none"
        pad.send()
        assert_plain_svg(pad.svg())


def test_the_ink_is_where_the_pen_was(pad_page: Pad) -> None:
    pad_page.draw(wave(40, 280, 80))
    assert pad_page.ink() == pytest.approx([40, 50, 280, 110], abs=3)
    assert pad_page.sent().points[0] == pytest.approx([40, 80], abs=1)
    assert pad_page.sent().points[-1] == pytest.approx(wave()[-1], abs=1)


@pytest.mark.parametrize("ratio", [1.5, 3])
def test_a_sharp_screen_gets_sharp_ink_and_the_same_points(open_pad: OpenPad, ratio: float) -> None:
    with open_pad(device_scale_factor=ratio) as pad:
        pad.draw(wave(40, 280, 80))
        width, height = pad.size()
        assert pad.canvas.evaluate("({width, height}) => [width, height]") == pytest.approx(
            [width * ratio, height * ratio], abs=1
        )
        assert pad.ink() == pytest.approx([40, 50, 280, 110], abs=3)
        assert (pad.sent().width, pad.sent().height) == (round(width), round(height))
        assert pad.sent().points[0] == pytest.approx([40, 80], abs=1)


def test_moving_to_a_sharper_screen_redraws_the_ink(pad_page: Pad) -> None:
    pad_page.draw(wave(40, 280, 80))
    screen = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": False}
    browser = pad_page.page.context.new_cdp_session(pad_page.page)
    browser.send("Emulation.setDeviceMetricsOverride", screen)
    browser.send("Page.captureScreenshot")  # media queries speak up when a frame is really drawn, and no earlier
    expect(pad_page.canvas).to_have_js_property("width", round(pad_page.size()[0] * 2))
    assert pad_page.ink() == pytest.approx([40, 50, 280, 110], abs=3)


def test_undo_takes_the_last_stroke_back(pad_page: Pad) -> None:
    pad_page.draw(wave(40, 140))
    pad_page.draw(wave(160, 280))
    pad_page.button("Undo").click()
    expect(pad_page.status).to_have_text("Last stroke removed.")
    assert len(pad_page.sent().strokes) == 1
    assert pad_page.ink()[2] == pytest.approx(140, abs=3)
    pad_page.button("Undo").click()
    expect(pad_page.status).to_have_text("Signature cleared.")
    assert pad_page.is_empty()


def test_clear_empties_the_box_and_undo_brings_it_back(pad_page: Pad) -> None:
    pad_page.draw(wave())
    before = pad_page.sent()
    pad_page.button("Clear").click()
    expect(pad_page.status).to_have_text("Signature cleared.")
    assert pad_page.is_empty()
    expect(pad_page.page.get_by_text("Sign here")).to_be_visible()
    pad_page.button("Undo").click()
    expect(pad_page.status).to_have_text("Signature is back.")
    assert pad_page.sent() == before


def test_undo_goes_back_past_clear(pad_page: Pad) -> None:
    pad_page.draw(wave(40, 140))
    before = pad_page.sent()
    pad_page.button("Clear").click()
    pad_page.draw(wave(160, 280))
    pad_page.button("Undo").click()
    assert pad_page.is_empty()
    pad_page.button("Undo").click()
    assert pad_page.sent() == before


def test_an_empty_pad_is_not_signed(pad_page: Pad) -> None:
    pad_page.send()
    expect(pad_page.page.get_by_text("Please sign in the box or type your name.")).to_be_visible()


def test_buttons_tell_when_there_is_nothing_to_take_back(pad_page: Pad) -> None:
    undo, clear = pad_page.button("Undo"), pad_page.button("Clear")
    expect(undo).to_have_attribute("aria-disabled", "true")
    pad_page.draw(wave())
    expect(clear).to_have_attribute("aria-disabled", "false")
    clear.focus()
    pad_page.page.keyboard.press("Enter")
    expect(clear).to_have_attribute("aria-disabled", "true")
    expect(clear).to_be_focused()
    expect(undo).to_have_attribute("aria-disabled", "false")


def test_leaving_the_canvas_keeps_every_point_inside(pad_page: Pad) -> None:
    width, height = pad_page.size()
    pad_page.draw(
        [(40, 80), (100, 20), (160, -60), (220, 40), (width + 30, 80), (200, height + 90), (60, 120), (50, 60)]
    )
    sent = pad_page.sent()
    assert sent.inside()
    assert {0, round(height)} <= {y for _, y in sent.points}
    assert len(sent.strokes) == 1


def test_letting_go_outside_ends_the_stroke(pad_page: Pad) -> None:
    pad_page.draw([*wave(), (300, 400)])
    pad_page.page.mouse.move(*pad_page.path([(20, 20)])[0])
    assert len(pad_page.sent().strokes) == 1
    pad_page.draw(wave(40, 140))
    assert len(pad_page.sent().strokes) == 2


@pytest.mark.parametrize("size", [(740, 360), (320, 568), (1280, 800)])
def test_turning_the_phone_keeps_the_ink(open_pad: OpenPad, size: tuple[int, int]) -> None:
    with open_pad(is_mobile=True, has_touch=True) as pad:
        pad.draw_with_finger(wave())
        before, ink, width = pad.sent(), pad.ink(), pad.size()[0]
        pad.resize(*size)
        turned, scale = pad.sent(), pad.size()[0] / width
        assert scale != 1
        assert (turned.width, turned.height) == tuple(round(side) for side in pad.size())
        assert turned.inside()
        assert pad.ink() == pytest.approx([edge * scale for edge in ink], abs=3)
        pad.resize(360, 740)
        assert pad.sent() == before
        pad.send()
        assert_plain_svg(pad.svg())


def test_turning_it_again_and_again_wears_nothing_away(pad_page: Pad) -> None:
    pad_page.draw(wave())
    before = pad_page.sent()
    for _ in range(10):
        pad_page.resize(320, 568)
        pad_page.resize(740, 360)
    pad_page.resize(360, 740)
    assert pad_page.sent() == before


def test_a_stroke_under_way_survives_a_change_of_size(pad_page: Pad) -> None:
    wide = pad_page.size()[0]
    pad_page.draw(wave(60, 330), lift=False)
    pad_page.resize(320, 568)
    scale = pad_page.size()[0] / wide
    for x, y in pad_page.path([(200, 20), (150, 40), (100, 100)]):
        pad_page.page.mouse.move(x, y)
    pad_page.page.mouse.up()
    (stroke,) = pad_page.sent().strokes
    assert pad_page.sent().inside()
    assert max(x for x, _ in stroke) == pytest.approx(330 * scale, abs=2)
    assert stroke[-1] == pytest.approx([100, 100], abs=1)
    assert pad_page.ink()[0] == pytest.approx(60 * scale, abs=3)
    pad_page.draw(wave(40, 140))
    assert len(pad_page.sent().strokes) == 2


def test_what_was_cleared_before_turning_comes_back_in_the_new_size(pad_page: Pad) -> None:
    wide = pad_page.size()[0]
    pad_page.draw(wave(30, 330))
    pad_page.button("Clear").click()
    pad_page.resize(320, 568)
    pad_page.button("Undo").click()
    assert pad_page.ink()[2] == pytest.approx(330 * pad_page.size()[0] / wide, abs=3)


def test_typing_instead_and_back(pad_page: Pad) -> None:
    pad_page.draw(wave())
    drawn = pad_page.sent()
    pad_page.button("Type your name instead").click()
    expect(pad_page.name).to_be_focused()
    expect(pad_page.canvas).to_be_hidden()
    assert pad_page.value() == ""
    pad_page.name.fill("Ada Lovelace")
    pad_page.resize(740, 360)
    pad_page.resize(360, 740)
    pad_page.button("Draw your signature instead").click()
    expect(pad_page.name).to_be_hidden()
    assert pad_page.sent() == drawn
    assert pad_page.ink()


def test_what_is_on_show_is_what_signs(pad_page: Pad) -> None:
    pad_page.draw(wave())
    pad_page.button("Type your name instead").click()
    pad_page.name.fill("Ada Lovelace")
    pad_page.send()
    assert len(assert_plain_svg(pad_page.svg())) == 11


def test_a_hidden_name_does_not_sign(pad_page: Pad) -> None:
    pad_page.button("Type your name instead").click()
    pad_page.name.fill("Ada Lovelace")
    pad_page.button("Draw your signature instead").click()
    pad_page.send()
    expect(pad_page.page.get_by_text("Please sign in the box or type your name.")).to_be_visible()


def test_everything_works_by_keyboard(pad_page: Pad) -> None:
    keyboard = pad_page.page.keyboard
    for _ in range(3):
        keyboard.press("Tab")
    expect(pad_page.button("Type your name instead")).to_be_focused()
    keyboard.press("Enter")
    keyboard.type("Ada Lovelace")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.type("Ada")
    keyboard.press("Enter")
    assert len(assert_plain_svg(pad_page.svg())) == 11


def test_without_javascript_one_types(open_pad: OpenPad) -> None:
    with open_pad(java_script_enabled=False) as pad:
        expect(pad.canvas).to_be_hidden()
        expect(pad.page.get_by_role("button", name="instead")).to_have_count(0)
        pad.name.fill("Ada Lovelace")
        pad.send()
        assert len(assert_plain_svg(pad.svg())) == 11


def test_a_form_rejected_for_another_reason_shows_the_drawing_again(pad_page: Pad) -> None:
    pad_page.draw(wave())
    pad_page.draw(wave(60, 120, 100))
    sent, ink = pad_page.sent(), pad_page.ink()
    pad_page.send(holder="")
    expect(pad_page.page.get_by_text("This field is required.")).to_be_visible()
    pad_page.settle()
    assert pad_page.sent() == sent
    assert pad_page.ink() == pytest.approx(ink, abs=2)
    pad_page.button("Undo").click()
    assert len(pad_page.sent().strokes) == 1
    pad_page.send()
    assert len(assert_plain_svg(pad_page.svg())) == 1


@pytest.mark.parametrize("size", [(320, 568), (1280, 800)])
def test_a_drawing_comes_back_in_the_size_of_the_present_screen(open_pad: OpenPad, size: tuple[int, int]) -> None:
    with open_pad(*size) as pad:
        pad.page.goto(f"{pad.page.url}?signature={quote(SIGNED)}")
        width = pad.size()[0]
        assert pad.ink() == pytest.approx([edge * width / 320 for edge in (40, 50, 280, 110)], abs=3)
        assert pad.sent().width == round(width) != 320


def test_of_both_ways_the_drawing_is_shown_because_it_counts(open_pad: OpenPad) -> None:
    with open_pad() as pad:
        pad.page.goto(f"{pad.page.url}?signature={quote(SIGNED)}&signature_name=Ada")
        expect(pad.name).to_be_hidden()
        assert pad.ink()


def test_a_typed_name_is_there_again(pad_page: Pad) -> None:
    pad_page.button("Type your name instead").click()
    pad_page.name.fill("Ada Lovelace")
    pad_page.send(holder="")
    expect(pad_page.name).to_have_value("Ada Lovelace")
    expect(pad_page.canvas).to_be_hidden()


def test_going_back_finds_the_drawing(pad_page: Pad) -> None:
    pad_page.draw(wave())
    sent, ink = pad_page.sent(), pad_page.ink()
    pad_page.page.evaluate("document.title = 'Kept'")
    pad_page.page.goto(pad_page.page.url + "?elsewhere")
    pad_page.page.evaluate("() => { setTimeout(() => history.back()); }")
    expect(pad_page.page).to_have_title("Kept")
    assert pad_page.sent() == sent
    assert pad_page.ink() == ink


def test_no_amount_of_scribbling_meets_a_limit_of_the_server(pad_page: Pad) -> None:
    stroke = [(20 + i * 37 % 290, 10 + i * 53 % 140) for i in range(60)]
    pad_page.page.evaluate(SCRIBBLE, [pad_page.path(stroke), 90])
    expect(pad_page.status).to_have_text(re.compile("The box is full."))
    assert len(pad_page.sent().strokes) == 80
    assert len(pad_page.sent().points) <= 4000
    pad_page.send()
    assert len(assert_plain_svg(pad_page.svg())) == 80


# The pen's own events, dispatched inside the page: five thousand of them one by one would take a minute.
SCRIBBLE = """([path, times]) => {
  const canvas = document.querySelector("canvas");
  const send = (type, [x, y], buttons) => canvas.dispatchEvent(
    new PointerEvent(type, { clientX: x, clientY: y, buttons, pointerId: 7, bubbles: true, cancelable: true }));
  for (let i = 0; i < times; i += 1) {
    send("pointerdown", path[0], 1);
    for (const point of path) send("pointermove", point, 1);
    send("pointerup", path[path.length - 1], 0);
  }
}"""


COLOURS = """(paper) => [
  getComputedStyle(paper).backgroundColor,
  ...paper.querySelector("canvas").getContext("2d").getImageData(40, 80, 1, 1).data,
]"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ink_is_dark_on_white_paper_in_both_schemes(open_pad: OpenPad, scheme: str) -> None:
    with open_pad(color_scheme=scheme) as pad:
        pad.draw(wave())
        assert pad.page.locator("[data-signature-paper]").evaluate(COLOURS) == ["rgb(255, 255, 255)", 0, 0, 0, 255]


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_it_fits_and_every_target_is_large_enough(open_pad: OpenPad, width: int) -> None:
    with open_pad(width, 740) as pad:
        assert pad.page.evaluate("document.documentElement.scrollWidth") == width
        for name in ("Undo", "Clear", "Type your name instead"):
            box = box_of(pad.button(name))
            assert box["height"] >= 44
            assert box["width"] >= 44


def test_a_low_window_leaves_room_to_scroll_past_the_pad(open_pad: OpenPad) -> None:
    with open_pad(740, 360, is_mobile=True, has_touch=True) as pad:
        assert pad.size()[1] < 360 * 0.7
