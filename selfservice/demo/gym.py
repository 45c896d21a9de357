"""The simulated gym as this portal's studios."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from ..sandbox import Sandbox

STUDIOS = """\
[berlin-mitte]
name = "Fit Berlin Mitte"
base_url = "{url}"
api_key_env = "DEMO_BERLIN_KEY"
accent = "#0b6e4f"
country = "DE"
language = "en"

[madrid-centro]
name = "Fit Madrid Centro"
base_url = "{url}"
api_key_env = "DEMO_MADRID_KEY"
accent = "#8a1c4a"
country = "ES"
language = "en"
"""
KEYS = {"DEMO_BERLIN_KEY": "sandbox-berlin", "DEMO_MADRID_KEY": "sandbox-madrid"}


@contextmanager
def studios_of(api: Sandbox) -> Iterator[None]:
    """Let the portal serve the two studios of the simulated API, from a studios file like anybody's."""
    os.environ.update(KEYS)
    with TemporaryDirectory() as folder:
        settings.STUDIOS_FILE = Path(folder) / "studios.toml"
        settings.STUDIOS_FILE.write_text(STUDIOS.format(url=api.base_url), encoding="utf-8")
        yield
