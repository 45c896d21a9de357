"""One studio: a branch of a gym with an API key of its own."""

from dataclasses import dataclass, field
from functools import cached_property

from django.core.cache import cache

from ..perfectgym.client import GymClient


@dataclass(frozen=True)
class Studio:
    """A studio as studios.toml describes it; every value has been checked when it was loaded.

    `name` is shown until the API answers with the studio's own; `language` is used when the browser asks for none
    that the portal has; `country` (ISO 3166-1 alpha-2) is the region of phone numbers without a country prefix.
    """

    slug: str
    name: str
    base_url: str
    api_key: str = field(repr=False)
    embed_origins: tuple[str, ...] = ()
    accent: str = ""
    country: str = "DE"
    language: str = "en"

    @cached_property
    def gym(self) -> GymClient:
        """The client for this studio's PerfectGym API."""
        return GymClient(self.base_url, self.api_key, cache, self.slug)
