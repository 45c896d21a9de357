"""The search for the member at the sign-in, after a right code."""

import re
from collections.abc import Iterator

from django.core import mail

from .trial import ANNA, REDIRECT, CallTrial, Trial, Visit

ADDRESS = "anna.berger@example.com"
NO_MEMBERSHIP = "No membership with this address"
# Well-formed answers in which she is not, or not as a member: nobody can tell them from the truth.
WITHOUT_HER = frozenset({"array", "unknown-enum"})


class Search(CallTrial):
    """Signs in with a mailed code."""

    name, method, path = "search", "POST", "/v1/customers/search"

    def prepare(self, trial: Trial) -> None:
        """Have a code mailed."""
        trial.know_the_studio()
        trial.client.post(trial.url("sign-in/"), {"email": ADDRESS})

    def act(self, trial: Trial) -> Visit:
        """Enter it."""
        code = _code(trial.studio.name)
        return trial.visit(lambda: trial.client.post(trial.url("sign-in/code/"), {"code": code}))

    def untrue(self, trial: Trial, visit: Visit) -> Iterator[str]:
        """A search that failed signs nobody in, and is not taken for one that found nobody."""
        fault, page = trial.case.fault, visit.last
        inside = trial.client.session.get("member")
        if inside and inside["customer"] != ANNA:
            yield "wrong statement: somebody else is signed in"
        if inside and not fault.is_usable:
            yield "wrong statement: signed in"
        if not inside and fault.is_harmless:
            yield "wrong statement: not signed in"
        if page.says(NO_MEMBERSHIP) and fault.name not in WITHOUT_HER:
            yield "wrong statement: no membership"
        if inside is None and (visit.first.status == REDIRECT or not page.says(NO_MEMBERSHIP, "not signed in yet")):
            yield "wrong statement: does not say that nobody is signed in"


def _code(studio: str) -> str:
    subject = next(str(one.subject) for one in mail.outbox if studio in str(one.body))
    return "".join(re.findall("[0-9]{4}", subject)[:2])
