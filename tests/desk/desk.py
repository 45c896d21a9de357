"""A signed-in member of staff in front of the desk, without a browser."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from selfservice.desk import accounts, factors, session
from selfservice.models import AuditEntry, Duty
from tests.pageclient import PageClient, form_values, texts

if TYPE_CHECKING:
    from selfservice.sandbox import Sandbox

PASSWORD = "seven green kettles"


class Desk:
    """Somebody at the desk of one studio; paths are what comes after /{studio}/desk/."""

    def __init__(self, client: PageClient, account: User, sandbox: Sandbox, studio: str = "berlin-mitte") -> None:
        self.client, self.account, self.sandbox, self.studio = client, account, sandbox, studio

    @property
    def name(self) -> str:
        return self.account.get_username()

    @property
    def key(self) -> str:
        """What the browser opens the session with."""
        return str(self.client.cookies[settings.SESSION_COOKIE_NAME].value)

    def url(self, path: str = "") -> str:
        return f"/{self.studio}/desk/{path}"

    def get(self, path: str = "", **extra: Any) -> Any:
        return self.client.get(self.url(path), **extra)

    def post(self, path: str = "", data: dict[str, Any] | None = None, **extra: Any) -> Any:
        return self.client.post(self.url(path), data or {}, **extra)

    def read(self, path: str = "") -> str:
        """Return the words of a page."""
        return texts(self.get(path))

    def open(self, customer_id: int) -> Any:
        """Begin to help a member, and return their overview."""
        return self.post(f"members/{customer_id}/open/", follow=True)

    def form(self, customer_id: int, slug: str) -> dict[str, str]:
        """Open a data set's form and return what it would send as it stands."""
        return form_values(self.get(f"members/{customer_id}/{slug}/"))

    def submit(self, customer_id: int, slug: str, values: dict[str, Any], **more: Any) -> Any:
        """Send a form, and leave it at that when the page then asks for more."""
        return self.post(f"members/{customer_id}/{slug}/", {**values, **more})

    def start(self) -> None:
        """Begin to be on duty in this browser, without the pages of the sign-in."""
        request = HttpRequest()
        request.session, request.user = self.client.session, self.account
        session.sign_in(request, self.account, device_of(self.account))
        request.session.save()
        self.client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)

    def sign_in(self, path: str = "", **typed: str) -> Any:
        """Use the sign-in page; without anything typed all three are right."""
        right = {"email": self.name, "password": PASSWORD, "code": usable_code(self.account)}
        return self.post(f"sign-in/{path}", right | typed)

    def lock(self) -> Any:
        return self.post("lock/")

    def unlock(self, path: str = "", **typed: str) -> Any:
        """Unlock, without anything typed by a code."""
        return self.post(f"unlock/{path}", typed or {"code": usable_code(self.account)})

    def is_open(self) -> bool:
        """Whether the desk's first page is there."""
        return bool(self.get().status_code == 200)

    def is_locked(self) -> bool:
        """Whether the desk's first page leads to unlocking."""
        answer = self.get()
        return bool(answer.status_code == 302 and answer.headers["Location"].startswith(self.url("unlock/")))

    def says_open(self) -> bool:
        """What a page's script is told."""
        return bool(json.loads(self.get("presence/").content)["open"])

    def keep(self, **values: Any) -> None:
        """Put something else into what is known of the session, such as an older `proven`."""
        Duty.objects.filter(user=self.account).update(**values)

    def sent(self, method: str = "POST") -> list[Any]:
        """Return the bodies that reached the API."""
        return [call.body for call in self.sandbox.requests if call.method == method]


def make_account(email: str, *studios: str, manager: bool = False) -> tuple[User, list[str]]:
    """Return an account that is ready, and its backup codes."""
    account, token = accounts.add(email, studios or ["berlin-mitte"], manager=manager, actor="operator")
    codes = accounts.set_up(token, account, PASSWORD, factors.new_key())
    return account, codes


def device_of(account: User) -> TOTPDevice:
    return TOTPDevice.objects.get(user=account)


def code_of(account: User, step: int = 0) -> str:
    """Return what the app shows now, or some steps of 30 seconds later or before."""
    return _code(device_of(account), step)


def code_of_key(key: str) -> str:
    """Return what an app with this key (in hexadecimal digits) shows now."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time()
    return f"{totp.token():06d}"


def usable_code(account: User) -> str:
    """Return a code that is taken, however many there were before: as if enough time had passed."""
    TOTPDevice.objects.filter(user=account).update(
        last_t=-1, drift=0, throttling_failure_count=0, throttling_failure_timestamp=None
    )
    return code_of(account)


def wrong_code(account: User) -> str:
    """Return six digits that the app does not show anywhere near now."""
    device = device_of(account)
    near = {_code(device, step) for step in range(-5, 6)}
    return next(code for code in (f"{number:06d}" for number in range(20)) if code not in near)


def entries(action: str, **which: Any) -> list[tuple[str, str, str]]:
    """Return studio, actor and outcome of what the trail says of this kind of act."""
    found = AuditEntry.objects.filter(action=action, **which).order_by("pk")
    return list(found.values_list("studio", "actor", "outcome"))


def _code(device: TOTPDevice, step: int) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + step * device.step
    return f"{totp.token():06d}"
