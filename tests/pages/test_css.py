"""The style sheets: small, complete, and free of what the security policy forbids."""

import gzip
import re
from pathlib import Path

import pytest

from portal import css

SHEETS = [css.TARGET, css.OURS]
SAMPLE = (
    '@charset "UTF-8";/*! licence */:root,[data-bs-theme=light]{--bs-a:1px;--bs-b:var(--bs-a);--bs-c:2px;--bs-d:"x;y"}'
    "[data-bs-theme=dark]{--bs-b:3px}.used{width:var(--bs-b)}.unused{top:0}.used,.used.unused{left:0}"
    '.used{background:url("data:image/svg+xml,a;b");right:0}@media (min-width:1px){.unused{top:0}}'
    "@media (min-width:2px){.used-md{top:0}}.used:not(.unused):active{bottom:0}@keyframes spin{to{top:0}}"
)


def built(*used: str) -> str:
    """Return the sample, cut down to these classes."""
    return css.build(SAMPLE, used, "")


def test_every_bootstrap_class_in_use_is_there() -> None:
    known = css.classes_of_css(css.SOURCE.read_text("utf-8"))
    there = css.classes_of_css(css.TARGET.read_text("utf-8"))
    missing = (css.spelled_out(css.used_classes(), known) & known) - there
    assert not missing, f"run `make css`: {sorted(missing)}"


def test_a_class_that_nobody_generated_would_be_missed(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('<p class="carousel">', "utf-8")
    assert css.used_classes(tmp_path) == {"carousel"}
    assert "carousel" not in css.classes_of_css(css.TARGET.read_text("utf-8"))


def test_classes_are_found_in_branches_variables_and_tag_arguments() -> None:
    text = (
        '<p class="a{% if x == "y" %} b{% endif %} c-{{ d }}"><i class=\'e\'>'
        "{% crispy_field field 'class' 'f g' %}{% include 'x' with class=\"h\" %}{# class=\"no\" #}"
    )
    assert css.classes_of_template(text) == {"a", "b", "c-*", "e", "f", "g", "h"}


def test_classes_are_found_in_form_layouts() -> None:
    source = (
        'Field("zip", css_class="a b")\nTextInput({"class": "c", "size": "no"})\nattrs["class"] = "d"\n'
        'helper.form_class = "e" if x else "f"\ntitle = "no"'
    )
    assert css.classes_of_module(source) == {"a", "b", "c", "d", "e", "f"}


def test_only_used_rules_stay() -> None:
    sheet = built("used")
    assert "unused" not in sheet.replace(":not(.unused)", "")
    assert ".used:not(.unused):active{bottom:0}" in sheet
    assert "used-md" not in sheet
    assert "keyframes" not in sheet
    assert "@media (min-width:2px){.used-md{top:0}}" in built("used-*")


def test_dark_follows_the_device() -> None:
    sheet = built("used")
    assert "@media (prefers-color-scheme:dark){:root{--bs-b:3px}}" in sheet
    assert "data-bs-theme" not in sheet


def test_properties_that_nothing_reads_are_dropped_in_turn() -> None:
    assert ":root{--bs-a:1px;--bs-b:var(--bs-a)}" in built("used")
    assert "--bs-" not in css.build(SAMPLE, ["other"], "")
    assert "--bs-c:2px" in css.build(SAMPLE, ["other"], "a{top:var(--bs-c)}")


def test_the_licence_stays_and_drawings_in_data_urls_go() -> None:
    assert built("used").startswith("/*! licence */")
    assert ".used{right:0}" in built("used")


def test_the_vendored_file_is_bootstrap_5_with_its_licence() -> None:
    assert re.search(r"Bootstrap +v5\.3\.\d+ ", css.SOURCE.read_text("utf-8"))
    assert "MIT" in (css.SOURCE.parent / "LICENSE").read_text("utf-8")


def test_the_generated_file_is_small() -> None:
    content = css.TARGET.read_bytes()
    assert len(content) <= 40 * 1024
    assert len(gzip.compress(content)) <= 7 * 1024


def test_both_files_leave_room_for_the_page_in_the_first_15_kb() -> None:
    assert sum(len(gzip.compress(sheet.read_bytes())) for sheet in SHEETS) <= 11 * 1024


@pytest.mark.parametrize("sheet", [css.SOURCE, *SHEETS], ids=lambda sheet: sheet.name)
def test_no_source_map(sheet: Path) -> None:
    assert "sourceMappingURL" not in sheet.read_text("utf-8")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_is_loaded_from_elsewhere(sheet: Path) -> None:
    assert not re.search(r"url\(|@import", sheet.read_text("utf-8"))
