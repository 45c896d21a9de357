"""Somebody for the demo's desk, with a password and a key that everybody may know."""

from base64 import b32encode

from django_otp.plugins.otp_totp.models import TOTPDevice

from ..desk import accounts, factors

EMAIL = "desk@fit.example"
PASSWORD = "demo-desk-password"  # noqa: S105  # nosec B105  # of the demo, and printed by it
KEY = "3132333435363738393031323334353637383930"  # the example key of RFC 6238
STUDIOS = ("berlin-mitte", "madrid-centro")


def prepare_staff() -> None:
    """Make the account ready to sign in; it is a manager's, so that /admin/ can be seen too."""
    account, _ = accounts.add(EMAIL, STUDIOS, manager=True, actor="demo")
    account.set_password(PASSWORD)
    account.save()
    factors.enrol(account, KEY)
    TOTPDevice.objects.filter(user=account).update(last_t=-1)  # the code that is printed has not been used


def secret() -> str:
    """Return the key as an app takes it."""
    return b32encode(bytes.fromhex(KEY)).decode()


def current_code() -> str:
    """Return the code that an app would show now."""
    return f"{factors.now(KEY).token():06d}"
