"""A new bank account, signed by hand: on a phone that is turned meanwhile, and with a mouse."""

from __future__ import annotations

import base64
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import CDPSession, expect

from tests.journeys.conftest import DESKTOP, Visit
from tests.journeys.person import Person
from tests.signature.drawing import assert_plain_svg, wave
from tests.signature.pad import Pad, touch
from tests.signin.visitor import ANNA_ID

NEW_IBAN, NEW_MASKED = "DE02 1203 0000 0000 2020 51", "DE02 •••• 2051"
UNKNOWN_BANK = "GB82 WEST 1234 5698 7654 32"
OLD_MASKED = "DE12 •••• 9890"


def test_anna_signs_with_her_finger_while_the_phone_turns(person: Person) -> None:
    person.is_signed_in(ANNA_ID, "payment/")
    person.write("IBAN", NEW_IBAN)
    pad = Pad(person.page)
    pad_width, _ = pad.size()
    pad.draw_with_finger(wave(20, 120))
    finger = begin_a_stroke(pad)
    pad.resize(740, 360)
    end_the_stroke(pad, finger)
    pad.resize(360, 740)
    assert len(pad.sent().strokes) == 2
    person.press("Send to the studio")
    confirms_what_is_masked(person)

    expect(person.page.get_by_role("status")).to_contain_text("Your request has been sent")
    (sent,) = person.sent()
    assert (sent["iban"], sent["bic"], sent["bankName"]) == (NEW_IBAN, "BYLADEM1001", "Deutsche Kreditbank Berlin")
    width, height = ink_of(sent)
    assert width == pytest.approx(pad_width * 0.9 - 20, abs=4), "from the first stroke's start to the second's end"
    assert 40 < height < 120
    words = person.words()
    assert f"{OLD_MASKED} Requested: {NEW_MASKED}" in words
    assert "2020 51" not in words
    assert "4898 90" not in words


def confirms_what_is_masked(person: Person) -> None:
    """Read what is asked for, and enter the code."""
    expect(person.field("Code")).to_be_focused()
    words = person.words()
    assert f"{OLD_MASKED} Your entry: {NEW_MASKED}" in words
    assert "2020 51" not in person.page.content()
    assert person.sent() == []
    person.confirm()


def begin_a_stroke(pad: Pad) -> CDPSession:
    """Put the finger on the screen and leave it there."""
    finger = pad.page.context.new_cdp_session(pad.page)
    first, *rest = pad.path(wave(150, 220))
    touch(finger, "touchStart", first)
    for point in rest:
        touch(finger, "touchMove", point)
    return finger


def end_the_stroke(pad: Pad, finger: CDPSession) -> None:
    """Go on with the same finger; what is on the screen has moved below it."""
    width, height = pad.size()
    for point in pad.path([(width * 0.8, height * 0.3), (width * 0.9, height * 0.7)]):
        touch(finger, "touchMove", point)
    touch(finger, "touchEnd")


def test_a_mouse_signs_undoes_clears_and_begins_again(visit: Visit) -> None:
    person = visit(**DESKTOP)
    person.is_signed_in(ANNA_ID, "payment/")
    person.write("IBAN", NEW_IBAN)
    pad = Pad(person.page)
    pad.draw(wave(40, 200))
    pad.draw(wave(220, 300))
    person.press("Undo")
    assert len(pad.sent().strokes) == 1
    person.press("Clear")
    assert pad.is_empty()
    pad.draw(wave(60, 260))
    person.press("Send to the studio")
    person.confirm()
    expect(person.heading("Waiting for the studio")).to_be_visible()
    assert ink_of(person.sent()[0])[0] == pytest.approx(200, abs=2)


def test_an_error_elsewhere_keeps_the_drawing(person: Person) -> None:
    person.is_signed_in(ANNA_ID, "payment/")
    pad = Pad(person.page)
    pad.draw_with_finger(wave(30, 250))
    drawn, ink = pad.sent(), pad.ink()
    person.write("IBAN", "DE02 1203 0000 0000 2020 50")
    person.press("Send to the studio")
    expect(person.page.locator(".error-summary")).to_be_focused()
    pad.settle()
    assert pad.sent() == drawn
    assert pad.ink() == ink
    assert person.sent() == []
    person.write("IBAN", NEW_IBAN)
    person.press("Send to the studio")
    person.confirm()
    expect(person.heading("Waiting for the studio")).to_be_visible()
    assert ink_of(person.sent()[0])[0] == pytest.approx(220, abs=2)


def test_filling_in_the_bank_keeps_the_drawing(person: Person) -> None:
    person.is_signed_in(ANNA_ID, "payment/")
    pad = Pad(person.page)
    pad.draw_with_finger(wave(30, 250))
    drawn = pad.sent()
    person.write("IBAN", NEW_IBAN)
    person.press("Fill in bank and BIC from the IBAN")
    expect(person.field("BIC")).to_have_value("BYLADEM1001")
    assert pad.sent() == drawn


def test_a_new_account_at_an_unknown_bank_does_not_keep_the_old_bank(person: Person) -> None:
    person.sandbox.gym.set_require_signature(ANNA_ID, required=False)
    person.is_signed_in(ANNA_ID, "payment/")
    person.write("IBAN", UNKNOWN_BANK)
    person.press("Send to the studio")
    summary = person.page.locator(".error-summary")
    expect(summary).to_contain_text("BIC: We do not know this bank.")
    expect(summary).to_contain_text("Bank: We do not know this bank.")
    assert person.sent() == []


def ink_of(sent: dict[str, Any]) -> tuple[float, float]:
    """Return width and height of the ink of the signature that was sent; all of it lies inside the drawing."""
    svg = base64.b64decode(sent["signature"]["base64SvgSignature"], validate=True).decode()
    numbers = [float(number) for path in assert_plain_svg(svg) for number in re.findall(r"-?[0-9.]+", path)]
    across, down = numbers[::2], numbers[1::2]
    root = ET.fromstring(svg)
    assert 0 < min(across) < max(across) < float(root.attrib["width"])
    assert 0 < min(down) < max(down) < float(root.attrib["height"])
    return max(across) - min(across), max(down) - min(down)
