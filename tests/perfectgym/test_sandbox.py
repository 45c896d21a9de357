"""The client against the simulated API: both read the same contract, independently of each other."""

from datetime import date

import pytest

from selfservice.perfectgym import calls, errors
from selfservice.perfectgym.client import Deadline, GymClient
from selfservice.perfectgym.models import AmendmentConfigurationStatus, SelfServiceData
from selfservice.sandbox.faults import KNOWN
from selfservice.sandbox.server import Sandbox
from tests.perfectgym.conftest import MemoryCache

RESOURCES = ["contact-data", "address-data", "master-data", "payment-data"]
ANNA = 1001
JONAS = 1002


@pytest.fixture
def gym(sandbox: Sandbox) -> GymClient:
    return GymClient(sandbox.base_url, "sandbox-berlin", MemoryCache(), "berlin-mitte")


def soon() -> Deadline:
    return Deadline.after(2)


def test_finds_a_member_and_reads_everything(gym: GymClient) -> None:
    gym.check_key(deadline=soon())
    (found,) = gym.search_customers(email="anna.berger@example.com", language="de", deadline=soon())
    assert (found.id, found.status, found.date_of_birth) == (ANNA, "MEMBER", date(1991, 3, 14))
    assert found.preferred_language == "de-DE"
    assert gym.customer_by_number("1-1001", language="de", deadline=soon()).id == ANNA
    assert gym.customer(ANNA, language="de", deadline=soon()).first_name == "Anna"
    assert gym.studio_information(language="de", deadline=soon()).name == "Fit Berlin Mitte"
    sets = gym.read_all(ANNA, RESOURCES, language="de", deadline=soon())
    assert all(isinstance(one, SelfServiceData) and one.editable and one.pending is None for one in sets.values())


def test_asks_for_a_change_and_withdraws_it(gym: GymClient) -> None:
    current = gym.read(ANNA, "contact-data", language="de", deadline=soon())
    assert current.status is AmendmentConfigurationStatus.CHANGES_REQUIRE_VERIFICATION
    wanted = current.values | {"phonePrivate": "+49 30 23125999"}
    amendment = gym.request_change(ANNA, "contact-data", wanted, language="de", deadline=soon())
    pending = gym.read(ANNA, "contact-data", language="de", deadline=soon()).pending
    assert pending is not None
    assert (pending.id, pending.text("phonePrivate")) == (amendment.id, "+49 30 23125999")
    with pytest.raises(errors.Conflict):
        gym.request_change(ANNA, "contact-data", wanted, language="de", deadline=soon())
    assert amendment.id is not None
    gym.withdraw(ANNA, amendment.id, language="de", deadline=soon())
    assert gym.read(ANNA, "contact-data", language="de", deadline=soon()).pending is None
    with pytest.raises(errors.NotFound):
        gym.withdraw(ANNA, amendment.id, language="de", deadline=soon())


def test_says_which_field_was_refused_in_the_language_asked_for(gym: GymClient) -> None:
    current = gym.read(JONAS, "payment-data", language="de", deadline=soon())
    body = current.values | {"iban": "DE00"}
    with pytest.raises(errors.Invalid) as caught:
        gym.request_change(JONAS, "payment-data", body, language="de", deadline=soon())
    assert caught.value.reference == "iban"
    assert caught.value.message


@pytest.mark.parametrize(
    ("key", "kind"), [("wrong", errors.KeyRejected), ("sandbox-berlin-noscope", errors.ScopeMissing)]
)
def test_a_key_that_may_not(sandbox: Sandbox, key: str, kind: type[errors.GymError]) -> None:
    gym = GymClient(sandbox.base_url, key, MemoryCache())
    with pytest.raises(kind):
        gym.customer(ANNA, language="de", deadline=soon())


@pytest.mark.parametrize("fault", sorted(KNOWN))
def test_every_fault_is_an_ordinary_error_in_time(
    sandbox: Sandbox, gym: GymClient, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(calls, "BACKOFF_SECONDS", 0.001)
    sandbox.faults.add(fault, count=100)
    for one in gym.read_all(ANNA, RESOURCES, language="de", deadline=Deadline.after(0.3)).values():
        assert isinstance(one, SelfServiceData | errors.GymError)
    sent = len(posts(sandbox))
    try:
        gym.request_change(ANNA, "contact-data", {}, language="de", deadline=Deadline.after(0.3))
    except errors.GymError as error:
        # Only a refusal says for certain that nothing was applied.
        refused = error.status is not None and 400 <= error.status < 500
        unclear = error.outcome_unknown or refused
    else:
        unclear = True
    assert unclear
    assert len(posts(sandbox)) == sent + 1


def posts(sandbox: Sandbox) -> list[str]:
    return [one.path for one in sandbox.requests if one.method == "POST"]
