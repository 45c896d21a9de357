"""A studio whose system hangs where a change asks for the address on file: changes at another studio notice nothing."""

from __future__ import annotations

import time

import requests

from tests.faults.conftest import Serve
from tests.faults.serving import Api, Portal
from tests.faults.visiting import Visitor
from tests.pageclient import form_values

ANNA, LUCIA = 1001, 2001
# More than enough to use up a handful of threads that are shared.
SENT = 24
# How long a change would wait for an address that is not to be had; what holds one up is at least that.
PATIENCE_SECONDS = 1.0
MAIL_SECONDS = 3.0


def mails(portal: Portal) -> list[str]:
    """Return what has arrived; a file that is still empty is being written."""
    return [text for path in (portal.folder / "mails").iterdir() if (text := path.read_text()).endswith("\n")]


def wait_for_a_mail(portal: Portal) -> str:
    end = time.monotonic() + MAIL_SECONDS
    while not mails(portal) and time.monotonic() < end:
        time.sleep(0.02)
    (found,) = mails(portal)
    return found


def changed_at_once(lucia: Visitor, street: str) -> float:
    """Change an address, which holds no e-mail address that could stand in; return the seconds that it took."""
    values = form_values(lucia.get("address/")) | {"street": street}
    started = time.monotonic()
    answer = lucia.send("address", values)
    taken = time.monotonic() - started
    assert answer is not None
    assert answer.status_code == 302
    return taken


def test_mails_of_one_studio_do_not_wait_for_another(api: Api, serve: Serve) -> None:
    portal = serve()
    anna, lucia = Visitor(portal, ANNA), Visitor(portal, LUCIA, studio="madrid-centro")
    unchanged = form_values(anna.get("contact/"))
    api.fault("stall", path=f"/v1/customers/{ANNA}", seconds=60, count=1000)
    for _ in range(SENT):
        answer = anna.send("contact", unchanged)
        assert isinstance(answer, requests.Response)
        assert answer.status_code == 200
    assert changed_at_once(lucia, "Calle Mayor") < PATIENCE_SECONDS
    assert "lucia.navarro@example.es" in wait_for_a_mail(portal)
