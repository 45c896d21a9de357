"""Reading studios.toml: every mistake is one sentence that names the file, the studio and the property."""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import rules
from .studio import Studio


class StudiosFileError(ValueError):
    """The file is missing or wrong; the message is one sentence for the person who wrote it, without any key."""


def load_studios(path: Path, environ: Mapping[str, str] = os.environ) -> dict[str, Studio]:
    """Return the studios of a TOML file by slug; raise StudiosFileError at the first mistake."""
    tables = _tables(path)
    if not tables:
        raise StudiosFileError(f"{path}: names no studio; studios.example.toml shows how one is written.")
    return {slug: _studio(path, slug, table, environ) for slug, table in tables.items()}


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StudiosFileError(f"{path}: there is no such file; copy studios.example.toml and fill it in.") from None
    except OSError:
        raise StudiosFileError(f"{path}: the file can't be read; check its permissions.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The parser's message quotes positions, not values.
        raise StudiosFileError(f"{path}: this is not valid TOML: {error}.") from None


def _studio(path: Path, slug: str, table: object, environ: Mapping[str, str]) -> Studio:
    where = f"{path}: studio {slug}"
    if not isinstance(table, dict):
        raise StudiosFileError(
            f"{path}: {slug} stands outside a studio; begin a studio with a line such as [my-studio]."
        )
    try:
        rules.check_slug(slug)
    except ValueError as error:
        raise StudiosFileError(f"{where}: {error}.") from None
    if unknown := sorted(set(table) - set(PROPERTIES) - KEY_SOURCES):
        known = ", ".join([*PROPERTIES, *sorted(KEY_SOURCES)])
        raise StudiosFileError(
            f"{where}, property {unknown[0]}: there is no such property; the known ones are {known}."
        )
    values = {name: _checked(where, name, table[name]) for name in PROPERTIES if name in table}
    for name in ("name", "base_url"):
        if name not in values:
            raise StudiosFileError(f"{where}, property {name}: it is missing.")
    return Studio(slug=slug, api_key=_api_key(where, table, environ), **values)


def _checked(where: str, name: str, value: object) -> Any:  # noqa: ANN401  # each property has a type of its own
    try:
        return PROPERTIES[name](value)
    except ValueError as error:
        raise StudiosFileError(f"{where}, property {name}: {error}.") from None


def _api_key(where: str, table: Mapping[str, object], environ: Mapping[str, str]) -> str:
    sources = sorted(KEY_SOURCES & set(table))
    if len(sources) != 1:
        raise StudiosFileError(f"{where}: set exactly one of the properties api_key_env and api_key_file.")
    source = sources[0]
    named = table[source]
    if not isinstance(named, str) or not named:
        raise StudiosFileError(f"{where}, property {source}: it should be a text.")
    key = environ.get(named, "") if source == "api_key_env" else _key_file(where, Path(named))
    key = key.strip()
    if not key:
        holder = f"the environment variable {named}" if source == "api_key_env" else f"the file {named}"
        raise StudiosFileError(f"{where}, property {source}: {holder} holds no API key.")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise StudiosFileError(f"{where}, property {source}: the API key has characters that no key has.")
    return key


def _key_file(where: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise StudiosFileError(f"{where}, property api_key_file: the file {path} can't be read.") from None


KEY_SOURCES = {"api_key_env", "api_key_file"}
PROPERTIES: dict[str, Callable[[object], Any]] = {
    "name": rules.text,
    "base_url": rules.base_url,
    "embed_origins": rules.origins,
    "accent": rules.accent,
    "country": rules.country,
    "language": rules.language,
}
