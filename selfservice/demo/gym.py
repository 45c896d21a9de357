"""The simulated gym as this portal's studios."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from ..sandbox import Sandbox

# The demo's gym web site, unless it was asked for on another port.
SITE = "http://127.0.0.1:8001"
STUDIOS = f"""\
[berlin-mitte]
name = "Fit Berlin Mitte"
base_url = "{{url}}"
api_key_env = "DEMO_BERLIN_KEY"
accent = "#0b6e4f"
country = "DE"
language = "en"
embed_origins = ["{SITE}"]

[madrid-centro]
name = "Fit Madrid Centro"
base_url = "{{url}}"
api_key_env = "DEMO_MADRID_KEY"
accent = "#8a1c4a"
country = "ES"
language = "en"
embed_origins = ["{SITE}"]
"""
KEYS = {"DEMO_BERLIN_KEY": "sandbox-berlin", "DEMO_MADRID_KEY": "sandbox-madrid"}


@contextmanager
def studios_of(api: Sandbox, site: str = SITE) -> Iterator[None]:
    """Let the portal serve the simulated API's two studios, framed by `site`, from a studios file like anybody's."""
    os.environ.update(KEYS)
    with TemporaryDirectory() as folder:
        settings.STUDIOS_FILE = Path(folder) / "studios.toml"
        settings.STUDIOS_FILE.write_text(STUDIOS.format(url=api.base_url).replace(SITE, site), encoding="utf-8")
        yield
