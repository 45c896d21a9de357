"""The form field: what counts as signed, what a refusal says, what the page shows again."""

import base64
import json
import re
import subprocess
import sys
from html import unescape

import html5lib
import pytest
from django import forms

from selfservice.signature.field import SignatureField
from tests.signature.drawing import SIGNED, assert_plain_svg, drawing, wave


class Form(forms.Form):
    signature = SignatureField(label="Signature")


class Optional(forms.Form):
    signature = SignatureField(label="Signature", required=False)


def cleaned(**data: str) -> str:
    form = Form(data)
    assert form.is_valid(), form.errors
    signature = form.cleaned_data["signature"]
    assert type(signature) is str
    return base64.b64decode(signature, validate=True).decode("utf-8")


def message(**data: str) -> str:
    (error,) = Form(data).errors["signature"]
    return str(error)


def test_a_drawing_cleans_to_the_svg_in_base64() -> None:
    svg = cleaned(signature=SIGNED)
    assert len(assert_plain_svg(svg)) == 1
    assert 'stroke="#000"' in svg


def test_a_typed_name_cleans_to_the_svg_in_base64() -> None:
    svg = cleaned(signature_name="Ada Lovelace")
    assert len(assert_plain_svg(svg)) == 11
    assert "stroke" not in svg


def test_what_was_drawn_wins() -> None:
    assert cleaned(signature=SIGNED, signature_name="Ada Lovelace") == cleaned(signature=SIGNED)


def test_an_empty_pad_leaves_the_typed_name() -> None:
    assert cleaned(signature=drawing(), signature_name="Ada") == cleaned(signature_name="Ada")


@pytest.mark.parametrize("data", [{}, {"signature": "", "signature_name": " "}, {"signature": drawing()}])
def test_nothing_yet(data: dict[str, str]) -> None:
    assert message(**data) == "Please sign in the box or type your name."
    form = Optional(data)
    assert form.is_valid()
    assert form.cleaned_data["signature"] == ""


@pytest.mark.parametrize(
    ("data", "start"),
    [
        ({"signature": drawing([(1, 1)])}, "That looks too short for a signature."),
        ({"signature": "<svg/>"}, "We could not read the drawing. Please clear it and sign again."),
        ({"signature": "\0"}, "We could not read the drawing."),
        ({"signature": "<svg/>", "signature_name": "Ada Lovelace"}, "We could not read the drawing."),
        ({"signature": " " * 200_000}, "The drawing is too large."),
        ({"signature_name": "A"}, "That looks too short for a name."),
        ({"signature_name": "A" * 81}, "That is too long for a name."),
        ({"signature_name": "Ada 😀"}, "Our handwriting has no “😀”."),
        ({"signature_name": "Ada % \u202e"}, "Our handwriting has no “U+202E”."),
    ],
)
def test_a_refusal_says_what_to_do(data: dict[str, str], start: str) -> None:
    assert message(**data).startswith(start)
    assert not Optional(data).is_valid()


def test_changed_means_signed() -> None:
    assert not Form({"signature": "", "signature_name": ""}).has_changed()
    assert Form({"signature": SIGNED}).has_changed()
    assert Form({"signature_name": "Ada"}).has_changed()


def page(form: forms.Form) -> str:
    html = form.as_div()
    html5lib.HTMLParser(strict=True).parse(f"<!DOCTYPE html><html><head><title>x</title></head><body>{html}")
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    for attribute in ("for", "aria-describedby"):
        for references in re.findall(rf'\s{attribute}="([^"]*)"', html):
            assert set(references.split()) <= set(ids)
    return html


def value(html: str, name: str) -> str:
    (tag,) = re.findall(rf'<input[^>]* name="{name}"[^>]*>', html)
    return unescape(re.search(r' value="([^"]*)"', tag)[1])  # type: ignore[index]  # no value fails the test as it should


def test_the_group_is_a_fieldset_with_a_legend() -> None:
    html = page(Form())
    assert html.index("<fieldset>") < html.index("<legend>Signature:</legend>") < html.index("data-signature")
    assert "aria-invalid" not in html
    assert "required" not in html


def test_without_javascript_only_the_typed_name_is_there() -> None:
    html = page(Form())
    assert "<div data-signature-draw hidden>" in html
    assert "<div data-signature-type>" in html
    assert "data-signature-switch hidden" in html


def test_an_error_is_tied_to_the_group_and_to_the_typed_name() -> None:
    html = page(Form({"signature_name": "A"}))
    assert '<fieldset aria-describedby="id_signature_error">' in html
    assert html.count('aria-invalid="true"') == 1
    assert 'aria-describedby="id_signature_name_help id_signature_error" aria-invalid="true"' in html
    assert 'class="signature is-invalid" id="id_signature" tabindex="-1"' in html


def test_two_signatures_on_one_page_keep_apart() -> None:
    class Two(forms.Form):
        member = SignatureField()
        parent = SignatureField()

    html = page(Two({"parent_name": "Grace Hopper"}, auto_id=True))
    assert value(html, "parent_name") == "Grace Hopper"
    assert value(html, "member_name") == ""


def test_ids_are_there_even_when_the_form_gives_none() -> None:
    assert 'for="id_signature_name"' in page(Form(auto_id=False))


def test_a_rejected_form_keeps_what_was_drawn_in_our_own_words() -> None:
    raw = SIGNED.replace('{"width"', ' {\n "strokes": [[[1, 1]]], "width"').replace("[40, 80]", "[-40, 80]", 1)
    kept = value(page(Form({"signature": raw, "signature_name": "Ada"})), "signature")
    assert kept == json.dumps(json.loads(kept), separators=(",", ":"))
    assert json.loads(kept) == {"width": 320, "height": 160, "strokes": [[[0, 80], *(list(p) for p in wave()[1:])]]}


@pytest.mark.parametrize("raw", ['"><script>alert(1)</script>', drawing([(1, 1)]), SIGNED + "<svg>", " " * 200_000])
def test_a_drawing_that_was_refused_never_comes_back(raw: str) -> None:
    html = page(Form({"signature": raw}))
    assert value(html, "signature") == ""
    assert "<script" not in html


@pytest.mark.parametrize("name", ["Zoë", "A", '"><script>alert(1)</script>{{ form }}', "a" * 10_000])
def test_the_typed_name_is_still_there(name: str) -> None:
    html = page(Form({"signature_name": name}))
    assert value(html, "signature_name") == name
    assert "<script" not in html


def test_the_page_asks_for_its_own_files_only_and_defers_scripts() -> None:
    media = Form().media.render()
    assert media.count("<script") == media.count(" defer></script>") == 2
    assert 'href="/static/css/signature.css"' in media
    assert media.index("signature_pad.umd.min.js") < media.index("js/signature.js")


def test_fonts_are_read_only_when_somebody_types() -> None:
    program = "import sys, selfservice.signature.field; sys.exit('fontTools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
