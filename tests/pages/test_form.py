"""Forms as crispy draws them here: labels, help and errors tied to their boxes, and no slower than they must be."""

import sys
from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import Element

import crispy_bootstrap5
import html5lib
import pytest
from django import forms
from django.template import Context, Engine, engines
from django.template.loader import get_template
from django.test import Client

from tests.pages import guide

pytestmark = pytest.mark.usefixtures("guide_settings")
STOCK = Path(crispy_bootstrap5.__file__).parent / "templates"


def page(client: Client, path: str) -> Element:
    """Return a page of the style guide as a tree."""
    tree: Element = html5lib.parse(client.get(path).content.decode(), namespaceHTMLElements=False)
    return tree


def by_id(tree: Element, name: str) -> Element:
    """Return the element with this id; there is exactly one."""
    (found,) = (element for element in tree.iter() if element.get("id") == name)
    return found


def words(element: Element) -> str:
    """Return the text of an element with its blanks folded."""
    return " ".join("".join(element.itertext()).split())


def described(tree: Element, name: str) -> str:
    """Return what a screen reader says about the box beside its label."""
    return " / ".join(words(by_id(tree, part)) for part in (by_id(tree, name).get("aria-describedby") or "").split())


def label(tree: Element, name: str) -> str:
    """Return the words of the label of a box."""
    (found,) = (element for element in tree.iter("label") if element.get("for") == name)
    return words(found)


def test_optional_fields_say_so_and_required_ones_do_not(client: Client) -> None:
    tree = page(client, "/form/")
    assert label(tree, "id_phone") == "Mobile phone (optional)"
    assert label(tree, "id_email") == "Email"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("id_email", "Error: Enter a valid email address."),
        ("id_phone", "For example 0171 1234567"),
        ("id_country_code", "Error: Choose a country."),
        ("id_title", "Error: This field is required."),
        ("div_id_gender", "As it stands in your contract. / Error: This field is required."),
        ("id_confirm", "The studio relies on them. / Error: This field is required."),
    ],
)
def test_help_and_error_belong_to_their_box(client: Client, name: str, said: str) -> None:
    assert described(page(client, "/form/?errors"), name) == said


def test_boxes_in_error_are_marked(client: Client) -> None:
    tree = page(client, "/form/?errors")
    boxes = ["id_email", "id_zip_code", "id_country_code", "id_title", "id_confirm", "id_date_of_birth_day"]
    assert {by_id(tree, name).get("aria-invalid") for name in boxes} == {"true"}
    assert "is-invalid" in (by_id(tree, "id_email").get("class") or "")
    assert "is-invalid" in (by_id(tree, "id_country_code").get("class") or "")
    assert by_id(tree, "id_phone").get("aria-invalid") is None


def test_a_group_of_boxes_has_a_legend(client: Client) -> None:
    fieldset = by_id(page(client, "/form/"), "div_id_gender")
    assert fieldset.tag == "fieldset"
    assert words(fieldset[0]) == "Gender"
    assert fieldset[0].tag == "legend"


def test_what_was_typed_stays_and_is_escaped() -> None:
    text = get_template("guide/form.html").render({"form": guide.EverythingForm({"zip_code": '1"><b>', "title": "DR"})})
    assert 'name="zip_code" value="1&quot;&gt;&lt;b&gt;"' in text
    assert '<option value="DR" selected>' in text
    assert 'autocomplete="email"' in text


def test_a_widget_of_its_own_class_or_template_is_drawn_by_django() -> None:
    class Odd(forms.Form):
        """Boxes that the short way does not cover."""

        note = forms.CharField(widget=forms.Textarea)
        code = forms.CharField(widget=forms.TextInput({"class": "code"}))

    text = get_template("guide/form.html").render({"form": Odd()})
    assert '<textarea name="note" cols="40" rows="10" class="textarea form-control"' in text
    assert 'class="code textinput form-control"' in text


def test_the_summary_links_every_error_to_its_first_box(client: Client) -> None:
    tree = page(client, "/form/?errors")
    (summary,) = (element for element in tree.iter() if element.get("class") == "error-summary")
    links = {(link.get("href") or "").lstrip("#"): words(link) for link in summary.iter("a")}
    assert list(links) == [
        "id_email",
        "id_zip_code",
        "id_country_code",
        "id_title",
        "id_gender_0",
        "id_date_of_birth_day",
        "id_confirm",
    ]
    assert {by_id(tree, name).tag for name in links} == {"input", "select"}
    assert links["id_zip_code"] == "Postcode: This field is required."
    assert "Postcode and city do not belong together. Check both." in words(summary)


def test_an_error_of_a_group_without_boxes_leads_to_its_frame() -> None:
    class Pad(forms.Widget):
        """A widget that draws no box."""

        use_fieldset = True
        template_name = "guide/pad.html"

    class PadForm(forms.Form):
        """A form with such a widget."""

        signature = forms.CharField(widget=Pad)

    text = get_template("partials/error_summary.html").render({"form": PadForm({})})
    assert 'href="#div_id_signature"' in text


def test_no_summary_without_errors(client: Client) -> None:
    assert "error-summary" not in client.get("/form/").content.decode()


def calls(engine: Engine, form: type[forms.Form]) -> int:
    """Return how many calls it takes to draw one form with the templates of this engine; no busy machine changes it."""
    template = engine.get_template("bootstrap5/uni_form.html")
    context = {"form": form(), "field_template": "bootstrap5/field.html", "form_show_labels": True}
    template.render(Context(context))  # the templates are read and compiled once
    count = Counter[str]()
    sys.setprofile(lambda _frame, event, _argument: count.update([event]))
    try:
        template.render(Context(context))
    finally:
        sys.setprofile(None)
    return count["call"] + count["c_call"]


def test_the_lean_templates_earn_their_keep() -> None:
    ours = engines["django"].engine  # type: ignore[attr-defined]  # the stubs know only what all engines share
    loaders = [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])]
    stock = Engine(dirs=[str(STOCK)], loaders=loaders, libraries=ours.libraries, builtins=ours.builtins)
    assert calls(ours, guide.EighteenForm) < 0.6 * calls(stock, guide.EighteenForm)
