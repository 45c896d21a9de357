"""Probes for the machine that watches the portal."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

GetResponse = Callable[[HttpRequest], HttpResponse]


class ProbeMiddleware:
    """Answers probes before anything can be in their way: they come by address instead of by name, and often."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or pass the request on."""
        probe = {"/healthz": alive, "/readyz": ready}.get(request.path_info)
        return probe(request) if probe else self.get_response(request)


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
