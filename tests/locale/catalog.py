"""The texts of the portal: those in its sources, and those of its translations."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
SOURCES = ("portal", "selfservice", "templates")
# Which arguments are texts to translate, "c" marking a context; as makemessages has it.
KEYWORDS = {
    f"{name}{lazy}": arguments
    for lazy in ("", "_lazy")
    for name, arguments in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
} | {"_": None, "gettext_noop": None}

Id: TypeAlias = str | tuple[str, ...]
Key: TypeAlias = tuple[Id, str | None]


def file(language: str, suffix: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / f"django.{suffix}"


@cache
def source_of(language: str) -> Catalog:
    """The translations as people write them."""
    with file(language, "po").open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def compiled_of(language: str) -> Catalog:
    """The translations as the portal reads them."""
    with file(language, "mo").open("rb") as stream:
        return read_mo(stream)


def messages(catalog: Catalog) -> dict[Key, Message]:
    return {_key(message.id, message.context): message for message in catalog if message.id}


def forms(text: Id | list[str] | None) -> tuple[str, ...]:
    """The singular alone, or singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def texts_in_sources() -> dict[Key, str]:
    """Every text marked for translation, with the file where it stands; what makemessages would collect."""
    found: dict[Key, str] = {}
    for path in (path for top in SOURCES for path in sorted((ROOT / top).rglob("*"))):
        for _line, text, _comments, context in extract("python", BytesIO(_python_of(path)), keywords=KEYWORDS):
            found[_key(text, context)] = str(path.relative_to(ROOT))
    return found


def _python_of(path: Path) -> bytes:
    if path.suffix == ".py":
        return path.read_bytes()
    if path.suffix in (".html", ".txt"):
        # Django turns a template into calls of gettext between noise; in parentheses its indentation means nothing.
        return f"({templatize(path.read_text(encoding='utf-8'), origin=str(path))})".encode()
    return b""


def _key(text: Id | list[str], context: str | None) -> Key:
    return (text if isinstance(text, str) else tuple(text)), context
