"""One case: a studio, a gym and a browser of its own, one fault, one call, and what there is to say about it."""

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core import mail
from django.http import HttpResponseBase
from django.test import Client

from ..studios import contact
from ..studios.studio import Studio
from .faults import Fault
from .gyms import Gym
from .logged import Logged
from .page import Page, read
from .surroundings import Surroundings
from .watching import wait_until

ANNA, JONAS = 1001, 1002  # every change of hers is checked first; his take effect at once
GRACE_MS = 100
# How much longer than a page something may go on behind it before it counts as hanging.
HANGING_SECONDS = 1.0
KEPT_SECONDS = 1.0
REDIRECT = 302
LATE = "late"
THREADS = "a thread is still busy"
NO_STEP = "no next step"
# What no busy machine can be to blame for: something untrue that sounds sure, something lost or doubled.
SURE = re.compile("sent twice|typed|wrong statement: (said|somebody|signed in|no membership|shows)")

# What pages say beside their heading, the most telling first.
TELLING = (
    "Your request has been sent",
    "Your change has taken effect",
    "did not confirm your change, and it is not there",
    "we can't tell whether",
    "Not accepted",
    "Another change is already waiting",
    "Something else was changed at the same moment",
    "does not accept this from the portal",
    "Nothing was sent",
    "Your request has been withdrawn",
    "could not be withdrawn and still waits",
    "was no longer waiting",
    "Not offered by your studio",
    "Not available right now",
)


@dataclass(frozen=True)
class Case:
    """One call under one fault; `applied`: a change takes effect although its answer is spoilt."""

    call: str
    fault: Fault
    secure: bool
    customer_id: int = ANNA
    applied: bool | None = None

    @property
    def transport(self) -> str:
        """How the call travels, in a word."""
        return "TLS" if self.secure else "HTTP"

    @property
    def label(self) -> str:
        """The fault in words, for a change with what became of it behind the spoilt answer."""
        if self.applied is None:
            return self.fault.label
        return f"{self.fault.label}, {'applied' if self.applied else 'not applied'}"


@dataclass(frozen=True)
class Visit:
    """What the browser got: the page it waited for `ms`, and the one that it was led to, else the same."""

    ms: float
    first: Page
    last: Page


class Trial:
    """A case with everything it needs; close it."""

    def __init__(self, around: Surroundings, case: Case, number: int) -> None:
        self.around, self.case = around, case
        self.gym: Gym = around.gyms.open(secure=case.secure)
        slug = f"trial-{number}"
        self.studio = Studio(slug, f"Trial {number} of Fit", self.gym.url, "sandbox-berlin")
        around.studios[slug] = self.studio
        # Limits count by network too, and nobody here is in anybody's way.
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.typed: dict[str, str] = {}
        self.client = Client(headers={"host": "localhost", "accept-language": "en"}, REMOTE_ADDR=address)

    def url(self, path: str) -> str:
        """Return the address of a page of the studio."""
        return f"/{self.studio.slug}/{path}"

    def sign_in(self) -> None:
        """Let the member be there."""
        now = int(time.time())
        session = self.client.session
        session["member"] = {"studio": self.studio.slug, "customer": self.case.customer_id, "since": now, "seen": now}
        session.save()

    def know_the_studio(self) -> None:
        """Let the studio's information be there, so that no page starts to fetch it."""
        contact.refresh(self.studio)

    def begin(self) -> None:
        """Forget all that was only preparation."""
        self.settled()
        self.gym.forget_requests()
        self.around.lines.forget(self.studio.slug)

    def settled(self) -> bool:
        """Wait for what goes on behind the pages; says whether it ended."""
        return wait_until(
            lambda: not self.around.threads.work_for(self.studio.slug), self.around.deadline + HANGING_SECONDS
        )

    def asked_in_background(self) -> None:
        """Wait until a call that no page waits for has been made and has ended."""
        wait_until(lambda: bool(self.around.lines.of(self.studio.slug)), self.around.deadline + HANGING_SECONDS)
        self.settled()
        # What was read is kept by yet another thread.
        wait_until(
            lambda: contact.contact_of(self.studio) is not None, KEPT_SECONDS if self.case.fault.is_usable else 0.0
        )

    def visit(self, send: Callable[[], HttpResponseBase]) -> Visit:
        """Take the time of a page, then go where it leads."""
        started = time.perf_counter()
        response = send()
        ms = (time.perf_counter() - started) * 1000
        first = read(response)
        return Visit(ms, first, self.follow(response) if first.status == REDIRECT else first)

    def follow(self, response: HttpResponseBase) -> Page:
        """Open where a redirect leads, with an API that is well again."""
        self.gym.heal()
        return read(self.client.get(response.headers["Location"]))

    def open(self, path: str) -> Page:
        """Open a page of the studio, with an API that is well."""
        return read(self.client.get(self.url(path)))

    def close(self) -> None:
        """Leave nothing behind."""
        self.gym.close()
        self.around.studios.pop(self.studio.slug, None)
        self.around.lines.forget(self.studio.slug)
        mail.outbox[:] = [one for one in mail.outbox if self.studio.name not in str(one.body)]


class CallTrial(ABC):
    """One of the portal's calls: how a page makes it, and what that page may say when it goes wrong."""

    name: str
    method = "GET"
    path: str

    @abstractmethod
    def prepare(self, trial: Trial) -> None:
        """Do what has to work before."""

    @abstractmethod
    def act(self, trial: Trial) -> Visit:
        """Ask for the page."""

    @abstractmethod
    def untrue(self, trial: Trial, visit: Visit) -> Iterator[str]:
        """Say what is wrong with what the page says."""

    def break_(self, trial: Trial) -> None:
        """Let the call go wrong from now on."""
        case = trial.case
        options = dict(case.fault.options)
        if case.applied:
            options["apply"] = True
        trial.gym.break_(case.fault.name, method=self.method, path=self.path, **options)

    def most_ms(self, deadline: float) -> float:
        """Return how long the page may take."""
        return deadline * 1000 + GRACE_MS


@dataclass(frozen=True)
class Row:
    """What became of a case: the page in a few words, and what is wrong."""

    case: Case
    ms: float = 0.0
    status: int = 0
    said: str = ""
    wrong: tuple[str, ...] = ()

    @property
    def is_late(self) -> bool:
        """Whether nothing is wrong but what a busy machine may be to blame for: time, and calls cut by the deadline."""
        return bool(self.wrong) and not any(map(SURE.match, self.wrong))


def tried(call: CallTrial, trial: Trial) -> Row:
    """Try one case."""
    call.prepare(trial)
    trial.begin()
    call.break_(trial)
    visit = call.act(trial)
    ended = trial.settled()
    trial.gym.heal()
    wrong = list(call.untrue(trial, visit))
    wrong += [LATE] * (visit.ms > call.most_ms(trial.around.deadline))
    wrong += [NO_STEP] * (visit.last.ways == 0) + [THREADS] * (not ended)
    lines = trial.around.lines.of(trial.studio.slug)
    wrong += Logged(lines, trial.gym.requests(), call.method, trial.case.fault.status).wrong()
    return Row(trial.case, visit.ms, visit.first.status, _few_words(visit.last), tuple(wrong))


def _few_words(page: Page) -> str:
    return next((said for said in TELLING if said in page.words), page.heading)[:60]
