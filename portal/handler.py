"""How WSGI requests become Django's: in UTF-8 and nothing else."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import parse_cookie
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import cached_property
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    """A request that a browser can't make us read in a character set of its choice.

    Django takes any codec that Python knows, also ones that take minutes (punycode) or are none for text (zlib), and
    decodes the query with it before any middleware runs. RequestGuardMiddleware refuses what names another one.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except Exception:  # noqa: BLE001  # the standard library raises whatever it comes to; all of it means the same
            # Parameters may name character sets too: refused by the guard like a form in an unknown one, with a page.
            self.content_type, self.content_params = "", {"charset": "unreadable"}

    @cached_property
    def COOKIES(self) -> dict[str, str]:  # type: ignore[override]  # noqa: N802  # Django's name and kind
        """The cookies whose names are written as ours are.

        Django strips every kind of blank from a name. A neighbouring host may set a cookie that begins with a rare one,
        which browsers then don't see as `__Host-`, and which we would.
        """
        pairs = self.environ.get("HTTP_COOKIE", "").split(";")
        named = [pair for pair in pairs if pair.partition("=")[0].strip(" \t").isascii()]
        clean = [pair for pair in named if pair.partition("=")[0].strip() == pair.partition("=")[0].strip(" \t")]
        return parse_cookie(";".join(clean).encode("latin-1", "replace").decode("utf-8", "replace"))

    def _load_post_and_files(self) -> None:
        try:
            super()._load_post_and_files()
        except (TypeError, LookupError) as error:  # what the headers of a part can make the standard library raise
            raise MultiPartParserError("a part's header can't be read") from error


class PortalHandler(WSGIHandler):
    """Django's handler with requests of ours."""

    request_class = Utf8Request
