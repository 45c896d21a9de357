"""The second factor of staff: codes of an app on their phone (TOTP, RFC 6238), and backup codes that work once each."""

import re
import secrets
import time
from base64 import b32encode
from urllib.parse import quote, urlencode

import segno
from django.contrib.auth.models import User
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

BACKUP_CODES = 10
# Without letters and digits that look alike.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_key() -> str:
    """Return a key for an app, in hexadecimal digits."""
    return str(random_hex(20))


def remove(account: User) -> None:
    """Take all codes from an account."""
    TOTPDevice.objects.filter(user=account).delete()
    StaticDevice.objects.filter(user=account).delete()


def shown(key: str, account: User, issuer: str) -> dict[str, str]:
    """Return a key for an app: a `picture` to scan, the `secret` to type, and the `address` that both stand for."""
    secret = b32encode(bytes.fromhex(key)).decode().rstrip("=")
    label = quote(f"{issuer}:{account.get_username()}")
    address = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")
    return {"picture": picture, "secret": " ".join(re.findall("....?", secret)), "address": address}


def fits(key: str, typed: str) -> bool:
    """Say whether this code comes from an app that has the key."""
    code = _plain(typed)
    return bool(re.fullmatch("[0-9]{6}", code)) and now(key).verify(int(code), tolerance=1)


def enrol(account: User, key: str) -> list[str]:
    """Make this key the account's own, and return new backup codes; they can't be shown again."""
    remove(account)
    # The code that proved it, and those before, count for nothing else.
    TOTPDevice.objects.create(user=account, name="app", key=key, last_t=now(key).t() + 1)
    device = StaticDevice.objects.create(user=account, name="backup")
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(BACKUP_CODES)]
    for code in codes:
        device.token_set.create(token=_kept(code))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def now(key: str) -> TOTP:
    """Return the app that has this key, at this moment."""
    generator = TOTP(bytes.fromhex(key))
    generator.time = time.time()
    return generator


def check(account: User, typed: str) -> Device | None:
    """Return the device that this code belongs to, None when it is wrong, used already, or tried too soon again."""
    code = _plain(typed)
    from_app = bool(re.fullmatch("[0-9]{6}", code))
    kind: type[Device] = TOTPDevice if from_app else StaticDevice
    device: Device | None = kind.objects.filter(user=account, confirmed=True).first()
    if device is None or not code:
        return None
    return verify_token(account, device.persistent_id, code if from_app else _kept(code))


def _plain(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).upper()[:20]


def _kept(code: str) -> str:
    """Return a backup code as the database holds it: whoever reads it there can't type it."""
    return salted_hmac("selfservice.desk.backup", code, algorithm="sha256").hexdigest()[:16]
