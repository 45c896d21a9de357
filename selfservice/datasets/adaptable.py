"""What a data set's form may adapt: every method here has an answer that fits most sets."""

from typing import Any

from django.forms import Field

from ..text import Text
from .proofs import Proof


class Adaptable:
    """The points at which one data set differs from the others; its own module overrides what it needs."""

    fields: dict[str, Field]

    def prepare(self) -> None:
        """Adapt the fields to the studio and the values; called once, before anything is checked or shown."""

    def layout(self) -> tuple[Any, ...]:
        """Return the parts of the page's form in their order: field names and crispy layout objects."""
        return tuple(self.fields)

    def refresh(self) -> Text:
        """Fill in what follows from the values typed so far, asked for without sending; return what to say of it."""
        return ""

    def extras(self) -> dict[str, Any]:
        """Return what goes with a change but is no value of the set, by the API's names."""
        return {}

    def warnings(self) -> list[Text]:
        """Return what the person should look at again although the change can be sent."""
        return []

    def proofs(self) -> tuple[Proof, ...]:
        """Return whose agreement a change needs beside the sign-in, in the order in which they are asked."""
        return ()

    @property
    def about(self) -> str:
        """Which notice a change calls for: "" for the usual one, else the infix of another (notice_ABOUT_requested)."""
        return ""

    # The API's names of what people sign in with: their other sessions end when it changes.
    opens_with: frozenset[str] = frozenset()
