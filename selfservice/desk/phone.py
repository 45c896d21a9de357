"""A signature that comes from the member's own phone: asked for once, for ten minutes, readable with the link alone.

The link is in the QR code on the desk's screen and nowhere else. What it asks for, and the signature, are sealed with a
key that comes from the link, so that the database holds nothing that anybody could read.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ..models import PhoneSigning
from ..studios.studio import Studio

VALID = timedelta(minutes=10)


def ask(studio: Studio, shown: list[list[str]]) -> str:
    """Ask for a signature below these lines (label and text); return the secret part of the link."""
    now, token = timezone.now(), secrets.token_urlsafe(32)
    PhoneSigning.objects.filter(expires__lt=now).delete()
    PhoneSigning.objects.create(
        studio=studio.slug, token_hash=_hash(token), expires=now + VALID, asked=_seal(token, shown)
    )
    return token


def asked(studio: Studio, token: str) -> list[list[str]] | None:
    """Return the lines to sign, None when the link was used, has run out, or never was."""
    waiting = _row(studio, token).filter(signed=None).first()
    lines = _unseal(token, waiting.asked) if waiting else None
    return lines if isinstance(lines, list) else None


def sign(studio: Studio, token: str, signature: Mapping[str, str]) -> bool:
    """Take a signature, once; say whether it was still waited for."""
    return _row(studio, token).filter(signed=None).update(signed=_seal(token, dict(signature))) == 1


def is_signed(studio: Studio, token: str) -> bool:
    """Say whether the signature is there."""
    return _row(studio, token).exclude(signed=None).exists()


def has_ended(studio: Studio, token: str) -> bool:
    """Say whether nobody can sign any more."""
    return not _row(studio, token).exists()


def collect(studio: Studio, token: str) -> dict[str, str] | None:
    """Return the signature and forget it, None when it is not there."""
    signed = _row(studio, token).exclude(signed=None).first()
    if signed is None or signed.signed is None:
        return None
    found = _unseal(token, signed.signed)
    signed.delete()
    return found if isinstance(found, dict) else None


def _row(studio: Studio, token: str) -> QuerySet[PhoneSigning]:
    return PhoneSigning.objects.filter(studio=studio.slug, token_hash=_hash(token), expires__gt=timezone.now())


def _hash(token: str) -> str:
    return salted_hmac("selfservice.desk.phone", token, algorithm="sha256").hexdigest()


def _seal(token: str, content: object) -> bytes:
    return _lock(token).encrypt(json.dumps(content).encode())


def _unseal(token: str, sealed: bytes | memoryview) -> object:
    try:
        return json.loads(_lock(token).decrypt(bytes(sealed)))
    except InvalidToken:
        return None


def _lock(token: str) -> Fernet:
    key = salted_hmac("selfservice.desk.phone.key", token, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
