"""Probes for the machine that watches the portal."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers; touches nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Say whether database and cache answer: 200, or 503 naming the one that does not."""
    for name, works in (("database", _database_answers), ("cache", _cache_answers)):
        try:
            answered = works()
        except Exception:  # noqa: BLE001  # whatever the driver raises, the answer is the same
            answered = False
        if not answered:
            return HttpResponse(f"{name} does not answer\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _cache_answers() -> bool:
    cache.set("readyz", "1", 10)
    return bool(cache.get("readyz") == "1")
