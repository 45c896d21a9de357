"""What a gym pastes into its web site, in words for whoever does it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import CommandError

from ..studios.studio import Studio
from .loader import loader

SNIPPET = """\
<script async src="{base}/embed.js{version}" data-studio="{slug}"{pin}></script>
<noscript><a href="{base}/{slug}/">{name}</a></noscript>"""
TEXT = """
Paste this where the portal shall stand:

{snippet}

{listed}

To pin the script to the bytes that it has now, paste this instead. After an update of the portal that changes the
script, browsers refuse it until you have printed and pasted it anew:

{pinned}

docs/embedding.md has options, events, and what the site's own content policy needs.
"""


def own_address() -> str:
    """Return where the portal is, by its settings; raise CommandError when they don't name one host."""
    host = next(iter(settings.ALLOWED_HOSTS), "")
    if not host or host.startswith((".", "*")):
        raise CommandError("ALLOWED_HOSTS names no single host first; say with --base-url where the portal is.")
    return f"https://{host}"


def instructions(studio: Studio, base_url: str) -> str:
    """Return the snippet with what somebody needs to know; raise CommandError for what is no address."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.path.strip("/") or '"' in base_url:
        raise CommandError(f"{base_url} is no address such as https://portal.gym.example.")
    base = f"{parts.scheme}://{parts.netloc}"
    file = loader()
    pin = f' integrity="{file.integrity}" crossorigin="anonymous"'
    return TEXT.format(
        snippet=_snippet(studio, base),
        pinned=_snippet(studio, base, f"?v={file.version}", pin),
        listed=_listed(studio),
    )


def _snippet(studio: Studio, base: str, version: str = "", pin: str = "") -> str:
    name = "Mitgliederportal" if studio.language == "de" else "Member portal"
    return SNIPPET.format(base=base, slug=studio.slug, version=version, pin=pin, name=name)


def _listed(studio: Studio) -> str:
    if not studio.embed_origins:
        return f"No site may show it yet: name yours in embed_origins of [{studio.slug}] in studios.toml, then restart."
    return f"It works on: {', '.join(studio.embed_origins)}"
