"""What tests of connections ask a client to do, again and again."""

from collections.abc import Callable

import pytest

from selfservice.perfectgym import errors
from selfservice.perfectgym.client import Deadline, GymClient
from tests.perfectgym.wire import Server, reply

Serve = Callable[..., Server]
Connect = Callable[[Server | str], GymClient]
GOOD = reply({"id": 7})
RESOURCES = ["contact-data", "address-data", "master-data", "payment-data"]


def read(gym: GymClient, seconds: float = 1.0) -> None:
    gym.read(1, "contact-data", language="en", deadline=Deadline.after(seconds))


def change(gym: GymClient) -> None:
    gym.request_change(1, "contact-data", {"a": "b"}, language="en", deadline=Deadline.after(1))


def failing(gym: GymClient, operation: Callable[[GymClient], None] = read) -> errors.GymError:
    with pytest.raises(errors.GymError) as caught:
        operation(gym)
    return caught.value
