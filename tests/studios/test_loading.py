"""studios.toml: every mistake is one sentence that names the file, the studio and the property, and never the key."""

from pathlib import Path
from typing import Any

import pytest

from selfservice.studios.loading import StudiosFileError, load_studios

KEY = "s3cret-key"
GOOD = """
[berlin-mitte]
name = "Fit Berlin Mitte"
base_url = "https://fit.open-api.perfectgym.com"
api_key_env = "BERLIN_API_KEY"
embed_origins = ["https://www.fit-berlin.example"]
accent = "#0B6E4F"
country = "DE"
language = "de"
"""


def load(tmp_path: Path, text: str, **environ: str) -> Any:
    path = tmp_path / "studios.toml"
    path.write_text(text, encoding="utf-8")
    return load_studios(path, environ or {"BERLIN_API_KEY": KEY})


def test_a_studio_is_read(tmp_path: Path) -> None:
    studio = load(tmp_path, GOOD)["berlin-mitte"]
    assert (studio.slug, studio.name, studio.base_url) == (
        *("berlin-mitte", "Fit Berlin Mitte"),
        "https://fit.open-api.perfectgym.com",
    )
    assert studio.api_key == KEY
    assert studio.embed_origins == ("https://www.fit-berlin.example",)
    assert (studio.accent, studio.country, studio.language) == ("#0b6e4f", "DE", "de")
    assert KEY not in repr(studio)


def test_the_example_of_the_repository_is_right() -> None:
    example = Path(__file__).parents[2] / "studios.example.toml"
    assert load_studios(example, {"BERLIN_API_KEY": KEY})["berlin-mitte"].language == "de"


def test_most_properties_can_be_left_out(tmp_path: Path) -> None:
    studio = load(tmp_path, '[a]\nname="A"\nbase_url="http://127.0.0.1:9400/"\napi_key_env="BERLIN_API_KEY"\n')["a"]
    assert (studio.embed_origins, studio.accent, studio.base_url) == ((), "", "http://127.0.0.1:9400")


def test_a_base_url_keeps_its_path(tmp_path: Path) -> None:
    text = GOOD.replace("https://fit.open-api.perfectgym.com", "https://mock.example/_mock/openapi/")
    assert load(tmp_path, text)["berlin-mitte"].base_url == "https://mock.example/_mock/openapi"


def test_a_key_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n", encoding="utf-8")
    text = GOOD.replace('api_key_env = "BERLIN_API_KEY"', f'api_key_file = "{tmp_path / "key"}"')
    assert load(tmp_path, text)["berlin-mitte"].api_key == KEY


WRONG = [
    ("name =", "nmae =", "property nmae: there is no such property"),
    ('name = "Fit Berlin Mitte"', "", "property name: it is missing"),
    ('base_url = "https://fit.open-api.perfectgym.com"', "", "property base_url: it is missing"),
    ('name = "Fit Berlin Mitte"', "name = 7", "property name: it should be a text"),
    ('"https://fit.open-api.perfectgym.com"', '"http://fit.example"', "property base_url: plain http is only for"),
    ('"https://fit.open-api.perfectgym.com"', '"ftp://fit.example"', "property base_url: it should be an address"),
    ('"https://fit.open-api.perfectgym.com"', '"fit.example"', "property base_url: it should be an address"),
    ('"https://fit.open-api.perfectgym.com"', '"https://u:p@fit.example"', "must not hold a user name or a password"),
    ('"https://fit.open-api.perfectgym.com"', '"https://fit.example/?a=1"', "without ? and #"),
    ('"https://fit.open-api.perfectgym.com"', '"https://fit.example:99999"', "property base_url: it should be"),
    ("https://www.fit-berlin.example", "https://*.fit.example", "property embed_origins: a wildcard would let others"),
    ("https://www.fit-berlin.example", "*", "property embed_origins: a wildcard"),
    (
        "https://www.fit-berlin.example",
        "https://fit.example/",
        "property embed_origins: a site is scheme and host only",
    ),
    ("https://www.fit-berlin.example", "https://fit.example/a", "property embed_origins: a site is scheme and host"),
    ("https://www.fit-berlin.example", "http://fit.example", "property embed_origins: a site that frames"),
    ("https://www.fit-berlin.example", "https://a.example; script-src *", "property embed_origins:"),
    ("https://www.fit-berlin.example", "https://a.example b.example", "property embed_origins:"),
    ('["https://www.fit-berlin.example"]', '"https://a.example"', "property embed_origins: it should be a list"),
    ("#0B6E4F", "#7fd0b0", "property accent: its contrast on white is 1.8:1"),
    ("#0B6E4F", "green", "property accent: it should be a colour"),
    ("#0B6E4F", "#0B6E4F;}", "property accent: it should be a colour"),
    ('country = "DE"', 'country = "Germany"', "property country: it should be a country"),
    ('country = "DE"', 'country = "QX"', "property country: it should be a country"),
    ('language = "de"', 'language = "xx"', "property language: the portal speaks en, de"),
    ('api_key_env = "BERLIN_API_KEY"', "", "exactly one of the properties api_key_env and api_key_file"),
    ('api_key_env = "BERLIN_API_KEY"', 'api_key_env = "OTHER"', "property api_key_env: the environment variable OTHER"),
    ('api_key_env = "BERLIN_API_KEY"', "api_key_env = 5", "property api_key_env: it should be a text"),
    ('api_key_env = "BERLIN_API_KEY"', 'api_key_file = "/none"', "property api_key_file: the file /none can't be read"),
]


@pytest.mark.parametrize(("good", "wrong", "says"), WRONG)
def test_a_mistake_is_one_sentence(tmp_path: Path, good: str, wrong: str, says: str) -> None:
    assert good in GOOD
    with pytest.raises(StudiosFileError) as caught:
        load(tmp_path, GOOD.replace(good, wrong))
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'studios.toml'}: studio berlin-mitte")
    assert says in message
    assert "\n" not in message
    assert KEY not in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no studio"),
        ("[a\n", "this is not valid TOML"),
        ('name = "x"\n', "stands outside a studio"),
        (GOOD.replace("berlin-mitte", "Berlin_Mitte"), "lower-case letters, digits and single dashes"),
        (GOOD.replace("berlin-mitte", "static"), "taken by a page of the portal itself"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(StudiosFileError, match=says):
        load(tmp_path, text)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StudiosFileError, match="copy studios.example.toml"):
        load_studios(tmp_path / "none.toml", {})


@pytest.mark.parametrize("key", ["two words", "sn\u00f6w", "line\nbreak", "   "])
def test_a_key_that_can_be_none_is_not_repeated(tmp_path: Path, key: str) -> None:
    with pytest.raises(StudiosFileError) as caught:
        load(tmp_path, GOOD, BERLIN_API_KEY=key)
    assert key.strip() == "" or key not in str(caught.value)
