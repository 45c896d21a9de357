"""`manage.py bench`: how long the overview takes against an API that takes 100 ms per call."""

import re
import statistics
import time
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import Client

from selfservice.demo.gym import studios_of
from selfservice.sandbox import start

MEMBER = "anna.berger@example.com"
CALL_SECONDS = 0.1
# The overview is to cost one call of the API, not four.
GOAL = 1.15


class Command(BaseCommand):
    """Measure one member's overview; end with an error when it takes longer than it should."""

    help = "Measure the overview against a simulated API that takes 100 ms per call"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """More rounds for a steadier figure."""
        parser.add_argument("--rounds", type=int, default=30, help="how often it is fetched (default 30, at most 100)")

    def handle(self, *_args: Any, rounds: int, **_options: Any) -> None:
        """Sign in, fetch the page again and again, print the median."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        call_command("migrate", verbosity=0, interactive=False)
        with start(latency=CALL_SECONDS) as api, studios_of(api):
            client = _signed_in()
            seconds = statistics.median(_seconds(client) for _ in range(rounds))
        ratio = seconds / CALL_SECONDS
        self.stdout.write(f"one call of the API  {CALL_SECONDS * 1000:6.1f} ms")
        self.stdout.write(f"the overview         {seconds * 1000:6.1f} ms = {ratio:.2f} x one call (goal: {GOAL} x)")
        if ratio > GOAL:
            raise CommandError("The overview takes longer than it should.")


def _signed_in() -> Client:
    mail.outbox = []
    client = Client(headers={"host": "localhost"})
    client.post("/berlin-mitte/sign-in/", {"email": MEMBER})
    code = re.search(r"\d{4} \d{4}", str(mail.outbox[0].body))
    client.post("/berlin-mitte/sign-in/code/", {"code": code[0] if code else ""})
    return client


def _seconds(client: Client) -> float:
    started = time.perf_counter()
    response = client.get("/berlin-mitte/profile/")
    if response.status_code != 200:
        raise CommandError(f"The overview answered {response.status_code}.")
    return time.perf_counter() - started
