"""What a property of a studio may hold. Each rule returns the value or raises ValueError with half a sentence."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from babel import Locale
from django.conf import settings

RESERVED_SLUGS = {"admin", "static", "healthz", "readyz", "language", "demo", "sign-in"}
HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII)


def check_slug(slug: str) -> None:
    """Accept a slug that can stand in a URL and hides none of the portal's own paths."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug) or len(slug) > 50:
        raise ValueError("the name in brackets should be lower-case letters, digits and single dashes, at most 50")
    if slug in RESERVED_SLUGS:
        raise ValueError("this name is taken by a page of the portal itself; choose another")


def text(value: object) -> str:
    """A short text of one line."""
    if not isinstance(value, str) or not value.strip() or len(value) > 100 or not value.isprintable():
        raise ValueError("it should be a text of 1 to 100 characters")
    return value.strip()


def base_url(value: object) -> str:
    """The address of the studio's API: https, or plain http to a loopback address, with or without a path."""
    parts = _url(value)
    if parts.query or parts.fragment:
        raise ValueError("it should be an address without ? and #")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise ValueError("plain http is only for a loopback address; write https")
    return parts.geturl().rstrip("/")


def origins(value: object) -> tuple[str, ...]:
    """The web sites that may frame the portal: scheme and host, nothing else, no wildcard."""
    if not isinstance(value, list):
        raise ValueError('it should be a list such as ["https://www.gym.example"]')  # noqa: TRY004  # see the module
    return tuple(_origin(item) for item in value)


def _origin(value: object) -> str:
    if isinstance(value, str) and "*" in value:
        raise ValueError("a wildcard would let others frame the portal; name each site in full")
    parts = _url(value)
    if parts.path or parts.query or parts.fragment or str(value).endswith(("?", "#")):
        raise ValueError("a site is scheme and host only, such as https://www.gym.example, without a path or a slash")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise ValueError("a site that frames the portal must use https")
    # Browsers leave out the usual port when they say where a page comes from.
    usual = ":443" if parts.scheme == "https" else ":80"
    return parts._replace(netloc=parts.netloc.removesuffix(usual)).geturl()


def _url(value: object) -> SplitResult:
    problem = ValueError("it should be an address such as https://www.gym.example")
    if not isinstance(value, str) or not value.isascii() or re.search(r"[\s;,'\"\\<>]", value):
        raise problem
    try:
        parts = urlsplit(value)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        raise problem from None
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not port_ok or not (_is_ip(host) or HOST.fullmatch(host)):
        raise problem
    if "@" in parts.netloc:
        raise ValueError("an address must not hold a user name or a password")
    return parts._replace(netloc=parts.netloc.lower())


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)


def accent(value: object) -> str:
    """A colour as #rrggbb that can be read on white: contrast of at least 4.5:1 (WCAG 2.2, 1.4.3)."""
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError("it should be a colour such as #0b6e4f")
    contrast = 1.05 / (_luminance(value) + 0.05)
    if contrast < 4.5:
        raise ValueError(
            f"its contrast on white is {contrast:.1f}:1 and should be at least 4.5:1; choose a darker colour"
        )
    return value.lower()


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def country(value: object) -> str:
    """A country as ISO 3166-1 alpha-2."""
    known = Locale("en").territories
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2}", value) or value not in known:
        raise ValueError("it should be a country in two capital letters, such as DE")
    return value


def language(value: object) -> str:
    """One of the portal's own languages."""
    codes = [code for code, _ in settings.LANGUAGES]
    if value not in codes:
        raise ValueError(f"the portal speaks {', '.join(codes)}")
    return str(value)
