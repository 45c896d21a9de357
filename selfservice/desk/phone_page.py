"""The page on the member's own phone that takes a signature, and the question of the desk whether it is there."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ..errors import not_allowed
from ..studios.studio import Studio
from . import phone, session
from .signing import SigningForm, signature_of


@require_http_methods(["GET", "HEAD", "POST"])
def sign_on_phone(request: HttpRequest, studio: Studio, token: str) -> HttpResponse:
    """Show what is to be signed, and take the signature once."""
    shown = phone.asked(studio, token)
    if shown is None:
        return render(request, "desk/phone_ended.html", status=404)
    form = SigningForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "desk/phone.html", {"form": form, "lines": shown})
    if not phone.sign(studio, token, signature_of(request.POST)):
        return render(request, "desk/phone_ended.html", status=404)
    return render(request, "desk/phone_done.html")


@require_http_methods(["GET", "HEAD", "POST"])
def is_signed(request: HttpRequest, studio: Studio) -> HttpResponse:
    """Tell the script of a page of the desk that waits; asking is no sign that somebody is there."""
    if request.method != "POST":
        return not_allowed(request, ["POST"])
    request.asked_by_script = True  # type: ignore[attr-defined]  # for the middleware of sessions
    return JsonResponse({"signed": session.is_open(request) and phone.is_signed(studio, request.POST.get("phone", ""))})
