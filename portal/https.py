"""What differs between a portal behind TLS and one on this machine's loopback address."""

from typing import Any


def over_https(https: bool) -> dict[str, Any]:  # noqa: FBT001  # the one question this module answers
    """Return the settings for cookies and transport: strict behind TLS, usable without it."""
    prefix = "__Host-" if https else ""
    year = 365 * 24 * 60 * 60
    return {
        "SESSION_COOKIE_NAME": f"{prefix}session",
        "CSRF_COOKIE_NAME": f"{prefix}csrftoken",
        "LANGUAGE_COOKIE_NAME": f"{prefix}language",
        "KNOWN_COOKIE_NAME": f"{prefix}known",
        "KNOWN_STAFF_COOKIE_NAME": f"{prefix}known-staff",
        "DESK_COOKIE_NAME": f"{prefix}desk",
        "SIGN_IN_COOKIE_NAME": f"{prefix}sign-in",
        "EMBED_COOKIE_NAME": f"{prefix}embed",
        "SESSION_COOKIE_SECURE": https,
        "CSRF_COOKIE_SECURE": https,
        "LANGUAGE_COOKIE_SECURE": https,
        "SECURE_SSL_REDIRECT": https,
        "SECURE_HSTS_SECONDS": year if https else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": https,
        "SECURE_HSTS_PRELOAD": https,
    }
