"""A signature from the member's own phone: for one change, once, for ten minutes, and sealed all the while."""

from collections.abc import Callable
from typing import Any

import pytest

from selfservice.desk import phone
from selfservice.models import PhoneSigning
from selfservice.studios.studio import Studio

LINES = [["IBAN", "DE02 •••• 2051"]]
NAME = {"signature": "", "signature_name": "Anna Berger"}


@pytest.fixture
def studio(studios: dict[str, Studio], db: None) -> Studio:
    return studios["berlin-mitte"]


def test_it_arrives_once(studio: Studio) -> None:
    token = phone.ask(studio, LINES)
    assert phone.asked(studio, token) == LINES
    assert not phone.is_signed(studio, token)
    assert phone.collect(studio, token) is None
    assert phone.sign(studio, token, NAME)
    assert phone.asked(studio, token) is None
    assert not phone.sign(studio, token, {"signature_name": "Somebody Else"})
    assert phone.is_signed(studio, token)
    assert phone.collect(studio, token) == NAME
    assert phone.collect(studio, token) is None
    assert phone.has_ended(studio, token)


def test_ten_minutes_later_nothing_works(studio: Studio, pass_time: Callable[..., None]) -> None:
    early, late = phone.ask(studio, LINES), phone.ask(studio, LINES)
    phone.sign(studio, early, NAME)
    pass_time(minutes=10, seconds=1)
    assert phone.asked(studio, late) is None
    assert not phone.sign(studio, late, NAME)
    assert phone.collect(studio, early) is None
    phone.ask(studio, LINES)
    assert PhoneSigning.objects.count() == 1


def test_nobody_reads_it_without_the_link(studio: Studio) -> None:
    token = phone.ask(studio, LINES)
    phone.sign(studio, token, NAME)
    row = PhoneSigning.objects.values_list().get()
    kept = " ".join(str(bytes(part) if isinstance(part, memoryview) else part) for part in row)
    for secret in (token, "2051", "Anna", "IBAN"):
        assert secret not in kept


def test_it_belongs_to_one_studio(studio: Studio, studios: dict[str, Any]) -> None:
    token = phone.ask(studio, LINES)
    other = studios["madrid-centro"]
    assert phone.asked(other, token) is None
    assert not phone.sign(other, token, NAME)
    assert phone.asked(studio, "made-up") is None
