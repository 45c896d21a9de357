"""What the contract demands of a requested data set, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from .people import ADDRESS, CONTACT, MASTER, PAYMENT
from .refusals import Refusal
from .svg import refuse_bad_signature

_ISO_3166 = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH
KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY
UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRY_CODES = frozenset(_ISO_3166.split())
# Properties of the answer that a request can't set; a client that sends them back is not refused for it.
SERVER_OWNED = frozenset({"id", "amendmentConfigurationStatus", "pendingAmendment", "requireSignature", "signature"})


class Field(NamedTuple):
    """One property of a data set. `kind` names its rule and the refusal that a broken rule gets."""

    name: str
    required: bool = False
    kind: str = "text"


def _optional(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in names)


FIELDS: dict[str, tuple[Field, ...]] = {
    CONTACT: _optional("email", "phonePrivate", "phonePrivateMobile", "phoneBusiness", "phoneBusinessMobile"),
    ADDRESS: (
        Field("street", required=True),
        Field("zipCode", required=True),
        Field("city", required=True),
        Field("countryCode", required=True, kind="country"),
        *_optional("houseNumber", "province", "provinceCode", "secondStreet", "cityPart", "district", "streetType"),
        *_optional("streetBlock", "portal", "stairway", "door", "additionalAddressInformation", "floor"),
        *_optional("buildingName"),
    ),
    MASTER: (
        Field("firstName", required=True),
        Field("lastName", required=True),
        Field("gender", required=True, kind="gender"),
        Field("dateOfBirth", required=True, kind="date"),
        Field("customerTitle", required=True, kind="title"),
        Field("countryOfBirth", kind="country"),
    ),
    PAYMENT: (
        Field("accountHolder", required=True),
        Field("bankName", required=True),
        Field("iban", required=True, kind="iban"),
        Field("bic", required=True),
    ),
}


def is_iban(value: str) -> bool:
    """Whether the IBAN's length can be one and its checksum (ISO 7064, mod 97) is right; blanks are ignored."""
    compact = value.replace(" ", "")
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", compact, re.ASCII):
        return False
    digits = "".join(str(int(character, 36)) for character in compact[4:] + compact[:4])
    return int(digits) % 97 == 1


def is_date(value: object) -> bool:
    """Whether the value is a calendar date written YYYY-MM-DD."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


class _Rule(NamedTuple):
    holds: Callable[[str], bool]
    refusal: str
    # A value that the gym itself holds may go back unchanged although the documented list lacks it.
    keeps_stored: bool = True


_RULES: dict[str, _Rule] = {
    "text": _Rule(lambda _value: True, "type"),
    "country": _Rule(COUNTRY_CODES.__contains__, "country"),
    "gender": _Rule({"MALE", "FEMALE", "UNISEX"}.__contains__, "enum"),
    "title": _Rule({"NONE", "PROF", "DR"}.__contains__, "enum"),
    "date": _Rule(is_date, "date", keeps_stored=False),
    "iban": _Rule(is_iban, "iban", keeps_stored=False),
}


def checked_values(data_set: str, body: object, current: Mapping[str, Any]) -> dict[str, Any]:
    """The whole set as it would be stored, unknown properties included; raises Refusal 400 for the first bad field."""
    if not isinstance(body, dict):
        raise Refusal(400, "type")
    for field in FIELDS[data_set]:
        _check(field, body.get(field.name), current.get(field.name))
    known = {field.name for field in FIELDS[data_set]}
    return {name: value for name, value in body.items() if _is_kept(name, value, known)}


def checked_signature(body: object) -> str:
    """The submitted signature (base64 of an SVG); raises Refusal 400 when it is missing or no such thing."""
    signature = body.get("signature") if isinstance(body, dict) else None
    encoded = signature.get("base64SvgSignature") if isinstance(signature, dict) else None
    if not isinstance(encoded, str) or not encoded:
        raise Refusal(400, "signature", "signature.base64SvgSignature")
    refuse_bad_signature(encoded)
    return encoded


def _is_kept(name: str, value: object, known: set[str]) -> bool:
    return name not in SERVER_OWNED and not (value is None and name in known)


def _check(field: Field, value: object, stored: object) -> None:
    if value is None:
        if field.required:
            raise Refusal(400, "required", field.name)
        return
    if not isinstance(value, str):
        raise Refusal(400, "type", field.name)
    if field.required and not value.strip():
        raise Refusal(400, "required", field.name)
    rule = _RULES[field.kind]
    if not rule.holds(value) and not (rule.keeps_stored and value == stored):
        raise Refusal(400, rule.refusal, field.name)
