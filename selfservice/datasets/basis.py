"""What a form was built from, as keyed digests: enough to notice a change, nothing to read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac

DIGEST_LENGTH = 20


@dataclass(frozen=True)
class Basis:
    """One digest per field of a form; `scope` ties them to a studio, a customer and a data set."""

    scope: str
    digests: Mapping[str, str]

    @classmethod
    def of(cls, scope: str, texts: Mapping[str, str]) -> "Basis":
        """Return the basis of a form that shows these texts."""
        return cls(scope, {name: _digest(scope, name, text) for name, text in texts.items()})

    @classmethod
    def read(cls, scope: str, names: list[str], token: str) -> "Basis":
        """Return the basis that a browser sent back; whatever can't be one matches no text."""
        parts = token.split(".")
        return cls(scope, dict(zip(names, parts, strict=True)) if len(parts) == len(names) else {})

    @property
    def token(self) -> str:
        """The digests as they travel in the form."""
        return ".".join(self.digests.values())

    def shows(self, name: str, text: str) -> bool:
        """Say whether the form showed this text in this field."""
        return constant_time_compare(self.digests.get(name, ""), _digest(self.scope, name, text))


def _digest(scope: str, name: str, text: str) -> str:
    return salted_hmac(f"selfservice.basis:{scope}", f"{name}:{text}", algorithm="sha256").hexdigest()[:DIGEST_LENGTH]
