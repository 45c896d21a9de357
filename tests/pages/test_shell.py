"""The shell of every page: title, header, messages, footer, and what must hold without any context."""

import re
from pathlib import Path
from types import SimpleNamespace

import html5lib
import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from tests.pages import guide

TEMPLATES = Path(settings.BASE_DIR) / "templates"
NAMES = [str(path.relative_to(TEMPLATES)) for path in sorted(TEMPLATES.rglob("*.html"))]
PAGES = ["/", "/long/", "/?messages", "/form/", "/form/?errors", "/set/", "/sign-in/", "/trouble/"]

pytestmark = pytest.mark.usefixtures("guide_settings")


def base(**context: object) -> str:
    """Return the bare shell, drawn for a request."""
    return get_template("base.html").render(context, RequestFactory().get("/berlin-mitte/profile/?page=2"))


@pytest.mark.parametrize("name", NAMES)
def test_templates_hold_no_style_or_script_of_their_own(name: str) -> None:
    text = (TEMPLATES / name).read_text("utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", text)
    assert all("nonce=" in tag for tag in re.findall(r"<(?:style|script)\b[^>]*>", text))
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_valid_html_with_unique_ids(client: Client, page: str) -> None:
    text = client.get(page).content.decode()
    html5lib.HTMLParser(strict=True).parse(text)
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert text.count("<h1>") == 1


@pytest.mark.parametrize("name", ["base.html", "errors/page.html", "500.html"])
def test_draws_without_any_context(name: str) -> None:
    text = get_template(name).render()
    html5lib.HTMLParser(strict=True).parse(text)
    assert '<main id="main"' in text
    assert "<form" not in text


def test_the_page_for_our_own_failure_needs_no_collected_files(tmp_path: Path) -> None:
    manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    with override_settings(DEBUG=False, STATIC_ROOT=tmp_path, STORAGES={"staticfiles": {"BACKEND": manifest}}):
        assert "css/portal.css" in get_template("500.html").render()
        with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
            get_template("base.html").render()


@pytest.mark.parametrize(
    ("form", "title"),
    [
        (None, "<title>Member portal – Fit Berlin Mitte</title>"),
        (guide.EmailForm(), "<title>Member portal – Fit Berlin Mitte</title>"),
        (guide.EmailForm({"email": "m@fit.example"}), "<title>Member portal – Fit Berlin Mitte</title>"),
        (guide.EmailForm({"email": "m"}), "<title>Error: Member portal – Fit Berlin Mitte</title>"),
    ],
)
def test_title_says_that_there_is_an_error(form: object, title: str) -> None:
    assert title in base(studio=guide.STUDIO, form=form)


def test_title_without_a_studio() -> None:
    assert "<title>Member portal</title>" in base()


def test_the_name_from_perfectgym_comes_first_and_is_escaped() -> None:
    contact = SimpleNamespace(name="Fit <b>& Co", email=None, telephone=None, website=None)
    text = base(studio=guide.STUDIO, studio_contact=contact)
    assert "<title>Member portal – Fit &lt;b&gt;&amp; Co</title>" in text
    assert "Fit Berlin Mitte" not in text


def test_the_accent_is_set_under_the_nonce_of_the_policy(client: Client) -> None:
    response = client.get("/?accent=aa1155")
    nonce = re.search(r"'nonce-([^']+)'", response.headers["Content-Security-Policy"])
    assert nonce is not None
    assert f'<style nonce="{nonce[1]}">:root{{--accent:#aa1155}}</style>' in response.content.decode()


def test_without_an_accent_there_is_no_style_element() -> None:
    assert "<style" not in base(studio=SimpleNamespace(name="Fit", accent=""))


@pytest.mark.parametrize(("signed_in", "shown"), [(True, True), (False, False)])
def test_sign_out_is_a_form_for_who_is_signed_in(signed_in: bool, shown: bool) -> None:
    text = base(signed_in=signed_in, sign_out_url="/berlin-mitte/sign-out/")
    form = re.search(r'<form method="post" action="/berlin-mitte/sign-out/">(.*?)</form>', text, re.DOTALL)
    assert bool(form) is shown
    assert form is None or 'name="csrfmiddlewaretoken"' in form[1]


@pytest.mark.parametrize(("language", "other", "name"), [("en", "de", "Deutsch"), ("de", "en", "English")])
def test_the_other_language_is_one_button_that_comes_back_to_this_page(language: str, other: str, name: str) -> None:
    with translation.override(language):
        text = base()
    assert f'<html lang="{language}" dir="ltr">' in text
    assert f'name="language" value="{other}" lang="{other}">{name}</button>' in text
    assert '<input type="hidden" name="next" value="/berlin-mitte/profile/?page=2">' in text
    assert f'value="{language}" lang=' not in text


def test_switching_the_language_works_without_script(client: Client) -> None:
    response = client.post("/language/", {"language": "de", "next": "/form/"})
    assert response.headers["Location"] == "/form/"
    assert client.get("/form/").status_code == 200


def test_pages_in_arabic_run_from_right_to_left() -> None:
    with translation.override("ar"):
        assert '<html lang="ar" dir="rtl">' in base()


@pytest.mark.parametrize(
    ("level", "role"), [("success", "status"), ("info", "status"), ("warning", "status"), ("error", "alert")]
)
def test_messages_are_announced(level: str, role: str) -> None:
    text = base(messages=[SimpleNamespace(level_tag=level, message="A <b> happened.")])
    assert re.search(rf'<div class="message[^"]*" role="{role}">', text)
    assert "A &lt;b&gt; happened." in text


def test_the_footer_says_how_to_reach_the_studio() -> None:
    text = base(studio=guide.STUDIO, studio_contact=guide.CONTACT)
    assert 'href="tel:+49301234567">+49 30 1234567</a>' in text
    assert 'href="mailto:hallo@fit.example">' in text
    assert 'href="https://www.fit.example" rel="noopener noreferrer" target="_top">www.fit.example</a>' in text


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//evil.example"]
)
def test_a_website_of_another_kind_is_no_link(website: str) -> None:
    contact = SimpleNamespace(name="Fit", website=website)
    text = base(studio_contact=contact)
    assert website in text
    assert f'href="{website}' not in text


def test_contact_values_stay_inside_their_links() -> None:
    contact = SimpleNamespace(name=None, email='a@b.example?bcc=x"><b>', telephone='1"><b>', website=None)
    text = base(studio_contact=contact)
    assert "<b>" not in text
    assert "?bcc=" not in "".join(re.findall(r'href="[^"]*"', text))


def test_an_error_page_says_what_happened_and_what_to_do(client: Client) -> None:
    response = client.get("/trouble/")
    text = response.content.decode()
    assert response.status_code == 503
    assert "<title>The studio’s system is not available right now – Fit Berlin Mitte</title>" in text
    assert "PerfectGym does not take requests at the moment." in text
    assert "Try again in a few minutes." in text
    assert '<a class="btn btn-primary" href="/">Try again</a>' in text
    assert re.search(r'<form method="post" action="/sign-out/"><input type="hidden" name="csrfmiddlewaretoken"', text)
    assert "give them this reference: 7f3a-91" in text


def drawn(name: str, **context: object) -> str:
    """Return a partial as plain text: tags gone, blanks folded."""
    return " ".join(re.sub(r"<[^>]*>", " ", get_template(f"partials/{name}.html").render(context)).split())


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("read_only", "Only the studio can change this"),
        ("needs_verification", "The studio checks changes first"),
        ("at_once", "Changes take effect at once"),
        ("pending", "A change is waiting for the studio"),
        ("not_offered", "Not offered by your studio"),
        ("unavailable", "Not available right now"),
    ],
)
def test_a_status_is_words(status: str, words: str) -> None:
    assert drawn("status", status=status) == words


def test_values_show_what_is_there_and_what_is_not() -> None:
    rows = [SimpleNamespace(label="Floor", value=value) for value in ("0", 0, "", None, "<b>")]
    assert drawn("values", rows=rows) == "Floor 0 Floor 0 Floor not given Floor not given Floor &lt;b&gt;"


def test_a_change_reads_as_now_and_requested() -> None:
    text = drawn("changes", changes=guide.CHANGES[1:])
    assert text == (
        "House number Now: 17 Requested: 140 Additional information Now: c/o Weber Requested: removed "
        "City part Now: not given Requested: Mitte"
    )


def test_a_card_without_an_address_has_no_link() -> None:
    assert drawn("card", title="Payment", status="read_only") == "Payment Only the studio can change this"
    assert drawn("card", title="Payment", status="at_once", url="/", action="Change").endswith("Change – Payment")
