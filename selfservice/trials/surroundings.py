"""What the trials change around the portal: its studios, its time, whom it trusts, where its mails go; then undone."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core import mail

from .. import counters
from ..datasets import notification, service, viewing
from ..perfectgym import transport
from ..perfectgym.deadline import PAGE_SECONDS
from ..signin import people
from ..studios import contact, registry
from ..studios.studio import Studio
from .certificates import Certificates, make_certificates
from .gyms import Gyms
from .watching import Lines, WatchedThreads, kept_lines, share_one_arena

FEW_HOSTS = 12
IN_MEMORY = "django.core.mail.backends.locmem.EmailBackend"


@dataclass(frozen=True)
class Surroundings:
    """What the trials of one run share; `deadline` is the page's, in seconds."""

    deadline: float
    gyms: Gyms
    studios: dict[str, Studio]
    lines: Lines
    threads: WatchedThreads
    has_tls: bool


@contextmanager
def surroundings(deadline: float = PAGE_SECONDS) -> Iterator[Surroundings]:
    """Give the portal studios of its own and a deadline; everything it waits for shrinks in proportion."""
    share_one_arena()
    with ExitStack() as stack:
        made = make_certificates(Path(stack.enter_context(TemporaryDirectory())))
        studios: dict[str, Studio] = {}
        _change(stack, registry, "_load", lambda _path: studios)
        _change(stack, settings, "EMAIL_BACKEND", IN_MEMORY)
        _change(stack, mail, "outbox", [])
        _hurry(stack, deadline)
        threads = _fresh_engine(stack, made)
        gyms = stack.enter_context(Gyms(made.server if made else None))
        lines = stack.enter_context(kept_lines())
        yield Surroundings(deadline, gyms, studios, lines, threads, has_tls=made is not None)
        counters.in_memory().storage.reset()


def _hurry(stack: ExitStack, deadline: float) -> None:
    share = deadline / PAGE_SECONDS
    for module in (viewing, people, notification):
        _change(stack, module, "PAGE_SECONDS", deadline)
    _change(stack, contact, "FETCH_SECONDS", contact.FETCH_SECONDS * share)
    _change(stack, notification, "PATIENCE", notification.PATIENCE * share)
    _change(stack, service, "RESERVE_SECONDS", service.RESERVE_SECONDS * share)
    _change(stack, service, "LOOKS", tuple(look * share for look in service.LOOKS))


def _fresh_engine(stack: ExitStack, made: Certificates | None) -> WatchedThreads:
    """Let the next connection trust the authority of the trials, and the client take threads that are watched."""
    if made is not None:
        _change(stack, transport, "DEFAULT_CA_BUNDLE_PATH", str(made.authority))
    # Every case has a host of its own, to which nobody comes back: kept connections would look like growth.
    _change(stack, transport, "HOSTS", FEW_HOSTS)
    stack.callback(transport.renew_engine)
    transport.renew_engine()
    threads = WatchedThreads()
    _change(stack, transport.engine(), "threads", threads)
    stack.callback(threads.shutdown)
    return threads


def _change(stack: ExitStack, owner: Any, name: str, value: object) -> None:  # noqa: ANN401 - a module, settings
    before = getattr(owner, name, None)
    setattr(owner, name, value)
    stack.callback(setattr, owner, name, before)
