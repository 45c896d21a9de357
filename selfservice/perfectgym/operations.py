"""The operations of the API: method, path, and how to read the answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from .answers import document
from .errors import Garbled
from .models import INT64_MAX, Amendment, Customer, SelfServiceData, StudioInformation
from .transport import Answer

T = TypeVar("T")
CUSTOMER_PATH = "/v1/customers/{customerId}"
STUDIO_PATH = "/v1/studios/information"


@dataclass(frozen=True)
class Operation(Generic[T]):
    """One operation. `read` makes the result of a 2xx answer; `changes`: it changes data."""

    method: str
    path: str
    read: Callable[[Answer], T]
    changes: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice does what sending it once does; a search is a POST that only reads."""
        return not (self.changes and self.method == "POST")

    @property
    def endpoint(self) -> str:
        """What upstream counts requests by; holds no ids."""
        return f"{self.method} {self.path}"

    def path_for(self, *ids: int) -> str:
        """Return the path with its placeholders filled; raises TypeError or ValueError for all but real ids."""
        numbers = iter([_checked_id(number) for number in ids])
        return re.sub(r"\{\w+\}", lambda _: str(next(numbers)), self.path)


def _checked_id(number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError("An id is a whole number.")
    if not 0 <= number <= INT64_MAX:
        raise ValueError("An id is between 0 and the largest int64.")
    return number


def _json(parse: Callable[[object], T]) -> Callable[[Answer], T]:
    def read(answer: Answer) -> T:
        try:
            return parse(document(answer))
        except Garbled as error:
            error.status = answer.status
            raise

    return read


def _nothing(_answer: Answer) -> None:
    """Pass over the body: the status has said everything."""


WITHDRAW = Operation("DELETE", CUSTOMER_PATH + "/self-service/amendment/{amendmentId}", _nothing, changes=True)
SEARCH = Operation("POST", "/v1/customers/search", _json(Customer.parse_list))
CUSTOMER_BY = Operation("GET", "/v1/customers/by", _json(Customer.parse))
CUSTOMER = Operation("GET", CUSTOMER_PATH, _json(Customer.parse))
STUDIO_INFORMATION = Operation("GET", STUDIO_PATH, _json(StudioInformation.parse))
CHECK_KEY = Operation("HEAD", STUDIO_PATH, _nothing)


@lru_cache
def reading(resource: str) -> Operation[SelfServiceData]:
    """Return the operation that reads a data set, called by its last path segment such as "contact-data"."""
    return Operation("GET", _data_set_path(resource), _json(SelfServiceData.parse))


@lru_cache
def changing(resource: str) -> Operation[Amendment]:
    """Return the operation that asks for a change of a data set."""
    return Operation("POST", _data_set_path(resource), _json(Amendment.parse), changes=True)


def _data_set_path(resource: str) -> str:
    if not re.fullmatch("[a-z]+(-[a-z]+)*", resource):
        raise ValueError("A data set is called by its path segment, such as contact-data.")
    return f"{CUSTOMER_PATH}/self-service/{resource}"
