"""What PerfectGym answers: frozen views of the raw JSON that tolerate everything they do not know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self, cast
from urllib.parse import urlsplit

from .errors import Garbled

INT64_MAX = 2**63 - 1
LONGEST_NAME = 100
LONGEST_CONTACT = 500
# Facts about a data set rather than values of it; never shown as a field, never sent back.
NOT_VALUES = frozenset({"id", "amendmentConfigurationStatus", "pendingAmendment", "requireSignature"})


class AmendmentConfigurationStatus(StrEnum):
    """What the studio allows for a data set: nothing, a change it verifies first, a change that applies at once."""

    READ = "READ"
    CHANGES_REQUIRE_VERIFICATION = "CHANGES_REQUIRE_VERIFICATION"
    CHANGES_WITHOUT_VERIFICATION = "CHANGES_WITHOUT_VERIFICATION"


@dataclass(frozen=True, slots=True)
class _Raw:
    """An object as it came; kept out of repr() because it holds personal data."""

    raw: Mapping[str, Any] = field(repr=False)

    def text(self, name: str) -> str:
        """Return the text or number called `name` for display; "" when missing, null, true, false, list or object."""
        value = self.raw.get(name)
        return str(value) if value is not None and self.is_plain(name) else ""

    def is_plain(self, name: str) -> bool:
        """Say whether what is called `name` can be shown: it is a text, a number or missing."""
        value = self.raw.get(name)
        return value is None or (isinstance(value, str | int | float) and not isinstance(value, bool))


@dataclass(frozen=True, slots=True)
class _Values(_Raw):
    @property
    def values(self) -> dict[str, Any]:
        """A new dict of the values alone, unknown ones included, each exactly as it came."""
        return {name: value for name, value in self.raw.items() if name not in NOT_VALUES}

    @property
    def requires_signature(self) -> bool:
        """Whether a change request needs a signature (payment only); anything but a real true is no."""
        return self.raw.get("requireSignature") is True


@dataclass(frozen=True, slots=True)
class Amendment(_Values):
    """A requested change. `id` is None when upstream sent none that could be used to withdraw it."""

    id: int | None

    @classmethod
    def parse(cls, body: object) -> Self:
        """Read an amendment; raises Garbled when it is no object."""
        raw = _object(body)
        return cls(raw=raw, id=_int64(raw.get("id")))


@dataclass(frozen=True, slots=True)
class SelfServiceData(_Values):
    """One data set. `status` is None when unknown or missing; `pending` is the change that waits for the studio."""

    status: AmendmentConfigurationStatus | None
    pending: Amendment | None = field(repr=False)

    @classmethod
    def parse(cls, body: object) -> Self:
        """Read a data set; raises Garbled when it, or its pending amendment, is no object."""
        raw = _object(body)
        pending = raw.get("pendingAmendment")
        nothing = pending is None or pending == {}
        return cls(raw=raw, status=_status(raw), pending=None if nothing else Amendment.parse(pending))

    @property
    def editable(self) -> bool:
        """Whether the studio lets members change this set; it says nothing about a change already pending."""
        return self.status not in (None, AmendmentConfigurationStatus.READ)


@dataclass(frozen=True, slots=True)
class Customer(_Raw):
    """A customer of the studio; texts are "" when upstream sent none."""

    id: int

    @classmethod
    def parse(cls, body: object) -> Self:
        """Read a customer; raises Garbled without a usable id."""
        raw = _object(body)
        number = _int64(raw.get("id"))
        if number is None:
            raise Garbled(reason="customer without an id")
        return cls(raw=raw, id=number)

    @classmethod
    def parse_list(cls, body: object) -> list[Self]:
        """Read a search answer, passing over customers without a usable id.

        Raises Garbled when it is no list, or when nobody in it is usable: that is not the same as nobody found.
        """
        if not isinstance(body, list):
            raise Garbled(reason="not a list")
        found = [cls.parse(one) for one in body if isinstance(one, dict) and _int64(one.get("id")) is not None]
        if body and not found:
            raise Garbled(reason="customers without an id")
        return found

    @property
    def customer_number(self) -> str:
        """The membership number people know, such as 1-12345."""
        return self.text("customerNumber")

    @property
    def first_name(self) -> str:
        """The first name."""
        return self.text("firstName")

    @property
    def last_name(self) -> str:
        """The last name."""
        return self.text("lastName")

    @property
    def email(self) -> str:
        """The e-mail address; several customers may share one."""
        return self.text("email")

    @property
    def city(self) -> str:
        """The city of the address, where the studio's system sends it along."""
        return self.text("city")

    @property
    def status(self) -> str:
        """MEMBER, PROSPECT or FORMER_MEMBER as it came, or a word nobody knows yet."""
        return self.text("status")

    @property
    def date_of_birth(self) -> date | None:
        """The date of birth, None unless upstream sent a real one as YYYY-MM-DD."""
        value = self.text("dateOfBirth")
        try:
            return date.fromisoformat(value) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None
        except ValueError:
            return None

    @property
    def preferred_language(self) -> str | None:
        """A language tag such as "de" or "de-CH", None when there is none or it is no tag."""
        value = self.raw.get("preferredLanguage")
        given = _Raw(value if isinstance(value, dict) else {})
        language, country = given.text("languageCode").lower(), given.text("countryCode").upper()
        if not re.fullmatch("[a-z]{2,3}", language):
            return None
        return f"{language}-{country}" if re.fullmatch("[A-Z]{2}", country) else language


@dataclass(frozen=True, slots=True)
class StudioInformation(_Raw):
    """How people reach the studio; texts are "" when upstream sent none, or one that is too long to stand on a page."""

    @classmethod
    def parse(cls, body: object) -> Self:
        """Read a studio's information; raises Garbled when it is no object."""
        return cls(raw=_object(body))

    @property
    def name(self) -> str:
        """The studio's own name, cut where no name goes on."""
        name = self.text("name")
        return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"

    @property
    def email(self) -> str:
        """The e-mail address for members, not checked."""
        return self._usable("email")

    @property
    def telephone(self) -> str:
        """The telephone number as the studio writes it."""
        return self._usable("telephone")

    @property
    def website(self) -> str:
        """An http or https address, else ""."""
        return _web_address(self._usable("website"))

    @property
    def logo_url(self) -> str:
        """An http or https address, else ""."""
        return _web_address(self._usable("logoUrl"))

    @property
    def country_code(self) -> str:
        """ISO 3166-1 alpha-2 as it came, not checked."""
        return self.text("countryCode")

    def _usable(self, name: str) -> str:
        """Return a text by which people are to reach the studio; one cut short would lead somewhere else."""
        text = self.text(name)
        return text if len(text) <= LONGEST_CONTACT else ""


def _object(body: object) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise Garbled(reason="not an object")
    return cast("dict[str, Any]", body)  # JSON allows no other keys than text


def _int64(value: object) -> int | None:
    """Return `value` when it can be an id: a whole number that fits int64; true and false are numbers to Python."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int) and 0 <= value <= INT64_MAX else None


def _status(raw: Mapping[str, Any]) -> AmendmentConfigurationStatus | None:
    value = raw.get("amendmentConfigurationStatus")
    return AmendmentConfigurationStatus.__members__.get(value) if isinstance(value, str) else None


def _web_address(text: str) -> str:
    """Return `text` when a page may link to it: http(s) with a host, nothing that breaks out or hides a password."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    return text if usable and text.isprintable() and not re.search(r"[\s\\\"'<>]", text) else ""
