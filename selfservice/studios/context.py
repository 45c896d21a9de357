"""What every template knows about the studio."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from .contact import contact_of


def studio(request: HttpRequest) -> dict[str, Any]:
    """Add `studio`, how to reach it, and where its pages begin and end; nothing on pages that belong to no studio."""
    found = getattr(request, "studio", None)
    if found is None:
        return {"studio": None, "studio_contact": None}
    desk = getattr(request, "desk", None)
    return {
        "studio": found,
        "desk": desk,
        "studio_contact": contact_of(found),
        "signed_in": getattr(request, "signed_in", None),
        "home_url": reverse("desk-search" if desk else "home", kwargs={"studio": found.slug}),
        "sign_out_url": reverse("sign-out", kwargs={"studio": found.slug}),
    }
