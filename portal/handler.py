"""How WSGI requests become Django's: in UTF-8 and nothing else."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    """A request that a browser can't make us read in a character set of its choice.

    Django takes any codec that Python knows, also ones that take minutes (punycode) or are none for text (zlib), and
    decodes the query with it before any middleware runs. RequestGuardMiddleware refuses what names another one.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class PortalHandler(WSGIHandler):
    """Django's handler with requests of ours."""

    request_class = Utf8Request
