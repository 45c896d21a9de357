"""The pad as a test handles it: strokes by mouse or finger, the paper's pixels, what would be sent."""

import json
from typing import NamedTuple

from playwright.sync_api import CDPSession, FloatRect, Locator, Page

from tests.signature.drawing import Path

# Where there is ink, in CSS pixels of the canvas: left, top, right, bottom; [] without ink.
INK = """canvas => {
  const { width, height } = canvas, { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  let box = null;
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] < 128) continue;
    const x = ((i - 3) / 4) % width, y = Math.floor((i - 3) / 4 / width);
    box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y];
  }
  return (box ?? []).map((edge) => edge * canvas.getBoundingClientRect().width / width);
}"""


class Sent(NamedTuple):
    width: int
    height: int
    strokes: list[list[list[int]]]

    @property
    def points(self) -> list[list[int]]:
        return [point for stroke in self.strokes for point in stroke]

    def inside(self) -> bool:
        return all(0 <= x <= self.width and 0 <= y <= self.height for x, y in self.points)


class Pad:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = page.locator("canvas")
        self.name = page.get_by_label("Your full name")
        self.status = page.get_by_role("status")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def size(self) -> tuple[float, float]:
        box = self.box()
        return box["width"], box["height"]

    def box(self) -> FloatRect:
        self.canvas.scroll_into_view_if_needed()
        return box_of(self.canvas)

    def path(self, path: Path) -> list[tuple[float, float]]:
        box = self.box()
        return [(box["x"] + x, box["y"] + y) for x, y in path]

    def draw(self, path: Path, *, lift: bool = True) -> None:
        (x, y), *rest = self.path(path)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for x, y in rest:
            self.page.mouse.move(x, y)
        if lift:
            self.page.mouse.up()

    def draw_with_finger(self, path: Path) -> None:
        finger = self.page.context.new_cdp_session(self.page)
        first, *rest = self.path(path)
        touch(finger, "touchStart", first)
        for point in rest:
            touch(finger, "touchMove", point)
        touch(finger, "touchEnd")

    def value(self) -> str:
        return self.page.locator("input[name=signature]").input_value()

    def sent(self) -> Sent:
        return Sent(**json.loads(self.value()))

    def is_empty(self) -> bool:
        return not self.value() and not self.ink()

    def ink(self) -> list[float]:
        box: list[float] = self.canvas.evaluate(INK)
        return box

    def resize(self, width: int, height: int) -> None:
        """Returns when the pad has seen the new size."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.settle()

    def settle(self) -> None:
        """Returns when the page is there and the pad has had two frames to draw in."""
        self.page.wait_for_load_state()
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def send(self, holder: str = "Ada Lovelace") -> None:
        self.page.get_by_label("Account holder").fill(holder)
        self.button("Send").click()

    def svg(self) -> str:
        return self.page.locator("#svg").inner_text()


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box
    return box


def touch(finger: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
