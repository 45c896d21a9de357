"""Who may frame a page: on pages of a studio's members the web sites that the studio lists, elsewhere nobody."""

from typing import Any

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase

from ..studios.studio import Studio

# What follows the studio in the addresses of its members' pages. Whatever is added is not framed until it stands here.
MEMBER_PARTS = frozenset({"", "embed", "language", "profile", "session", "sign-in", "sign-out"})
DESK = "desk"


class FramingPolicyMiddleware(CSPMiddleware):
    """The content policy with the studio's own list of sites; stands behind the middleware for X-Frame-Options."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002  # the signature is the library's
        """Return the parts of the policy; where it names sites, X-Frame-Options stays away, for it knows no list."""
        parts = super().get_policy_parts(request, response, report_only)
        if origins := framing_origins(request):
            parts.replace = {**(parts.replace or {}), "frame-ancestors": list(origins)}
            response.xframe_options_exempt = True  # type: ignore[attr-defined]  # where Django looks for it
        return parts


def framing_origins(request: HttpRequest) -> tuple[str, ...]:
    """Return the sites that may frame the answer to this request, none for what is not a page of a studio's members."""
    studio: Studio | None = getattr(request, "studio", None)
    return studio.embed_origins if studio and _is_for_members(request) else ()


def _is_for_members(request: HttpRequest) -> bool:
    part = request.path_info.lstrip("/").partition("/")[2].partition("/")[0]
    # An address that leads nowhere, or that was refused before it led anywhere: an error page with nobody's data.
    leads_nowhere = request.resolver_match is None and part != DESK
    return part in MEMBER_PARTS or leads_nowhere
