"""The script for a gym's web site, as it is sent: small, compressed, and with the hash that pins it."""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Loader:
    """The script's bytes, plain and compressed; `version` changes with every byte of it."""

    content: bytes
    compressed: bytes
    version: str
    integrity: str


def loader() -> Loader:
    """Return the script; read once per process."""
    return _read(Path(settings.BASE_DIR) / "static" / "js" / "embed.js")


@cache
def _read(path: Path) -> Loader:
    content = path.read_bytes()
    digest = hashlib.sha384(content).digest()
    integrity = f"sha384-{base64.b64encode(digest).decode()}"
    return Loader(content, gzip.compress(content, 9, mtime=0), digest.hex()[:12], integrity)
