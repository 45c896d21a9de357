"""Text for people: written out, or to be translated when it is shown."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text: TypeAlias = "str | _StrPromise"
# Far beyond everything that people are called or live in.
LONGEST_SHOWN = 500


def shortened(text: str) -> str:
    """Return what a page shows of a text that nobody can have meant; the value itself stays whole."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
