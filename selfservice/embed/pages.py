"""What the pages around a frame may know of the pages in it: names from a list of our own, never an address."""

from django.http import HttpRequest
from django.urls import reverse

from ..datasets import DATA_SETS
from ..studios.studio import Studio

OVERVIEW = "profile"
ERROR = "error"
NAMES = {"home": OVERVIEW, "overview": OVERVIEW, "confirm": "confirm", "withdraw": "withdraw"}


def routes(studio: Studio) -> dict[str, str]:
    """Return the pages that a web site may open in its frame: their names, and the path of each."""
    sets = {slug: reverse("profile:data-set", kwargs={"studio": studio.slug, "slug": slug}) for slug in DATA_SETS}
    return {OVERVIEW: reverse("profile:overview", kwargs={"studio": studio.slug})} | sets


def page_name(request: HttpRequest) -> str:
    """Return the name of the page that answers: of a data set, of a step on the way, or `error`."""
    match = request.resolver_match
    if match is None:
        return ERROR
    name = match.url_name or ""
    if name == "data-set":
        slug = str(match.kwargs.get("slug", ""))
        return slug if slug in DATA_SETS else ERROR
    return name if name.startswith("sign-") else NAMES.get(name, ERROR)
