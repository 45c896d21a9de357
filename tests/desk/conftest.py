"""Who is at the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.desk.adminclient import AdminClient
from tests.desk.desk import Desk, make_account
from tests.desk.helping import Helping
from tests.pageclient import PageClient

if TYPE_CHECKING:
    from selfservice.sandbox import Sandbox

AtDesk = Callable[..., Desk]


@pytest.fixture
def at_desk(db: None, studios: object, sandbox: Sandbox) -> AtDesk:
    """Return a function that makes an account and a browser: at_desk("x@fit.example", "berlin-mitte", manager=True).

    The first studio is the one whose desk it is; nobody is signed in before start() or sign_in().
    """

    def new(email: str, *of_studios: str, manager: bool = False) -> Desk:
        account, _ = make_account(email, *of_studios, manager=manager)
        client = PageClient(headers={"accept-language": "en"})
        return Desk(client, account, sandbox, (*of_studios, "berlin-mitte")[0])

    return new


@pytest.fixture
def staff(at_desk: AtDesk) -> Desk:
    """Maria, on duty in Berlin."""
    return _started(at_desk("maria@fit.example"))


@pytest.fixture
def colleague(at_desk: AtDesk) -> Desk:
    """Somebody else of the same studio, with a browser of their own."""
    return _started(at_desk("tom@fit.example"))


@pytest.fixture
def manager(at_desk: AtDesk) -> Desk:
    """The manager of the same studio, with a client that also knows Django's pages."""
    desk = at_desk("boss@fit.example", manager=True)
    desk.client = AdminClient(headers={"accept-language": "en"})
    return _started(desk)


def _started(desk: Desk) -> Desk:
    desk.start()
    return desk


@pytest.fixture
def desk(staff: Desk) -> Helping:
    """Maria again, who helps members."""
    return Helping(staff.client, staff.account, staff.sandbox)


@pytest.fixture
def another_desk(colleague: Desk) -> Helping:
    """Tom, who helps members in another browser."""
    return Helping(colleague.client, colleague.account, colleague.sandbox)


@pytest.fixture
def colleague_elsewhere(at_desk: AtDesk) -> Desk:
    """Somebody on duty in Madrid, who does not work for Berlin."""
    return _started(at_desk("luz@fit.example", "madrid-centro"))
