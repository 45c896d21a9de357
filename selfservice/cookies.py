"""How all cookies of our own are set."""

from django.conf import settings
from django.http import HttpResponse


def set_cookie(response: HttpResponse, name: str, value: str, max_age: int | None = None) -> None:
    """Set a cookie for `max_age` seconds, else for the session; no script reads it, no other site's form sends it."""
    response.set_cookie(
        name, value, max_age=max_age, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
