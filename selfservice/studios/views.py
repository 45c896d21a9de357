"""The front door: the only studio, or a list of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from .registry import all_studios


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the only studio, or let the person choose."""
    studios = list(all_studios().values())
    if len(studios) == 1:
        return redirect("home", studio=studios[0].slug)
    return render(request, "studios/index.html", {"studios": studios})
