"""What a form was built from: whose it was, which field it was, and what is done when it holds no more."""

from typing import Any

import pytest

from selfservice.datasets.access import Access
from selfservice.datasets.base import DataSetForm
from selfservice.datasets.basis import Basis
from selfservice.datasets.contact import ContactForm
from selfservice.perfectgym.models import SelfServiceData
from selfservice.studios.studio import Studio
from tests.pageclient import form_values, texts

HELD = {"email": "a@gym.example", "phonePrivate": "+49 30 23125120"}


class OtherForm(ContactForm):
    """Another data set that happens to have the same fields."""


def form(
    customer_id: int = 1001, studio: str = "berlin-mitte", kind: type[DataSetForm] = ContactForm, **held: str
) -> DataSetForm:
    where = Studio(studio, "A studio", "http://127.0.0.1:9", "key")
    access = Access(where, customer_id, "member", "en", "", "a session", "profile", (("studio", studio),))
    return kind(access=access, current=SelfServiceData.parse(HELD | held))


def parts(of: DataSetForm) -> list[str]:
    return of.basis.token.split(".")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(form(studio="madrid-centro"), id="studio"),
        pytest.param(form(customer_id=1002), id="customer"),
        pytest.param(form(customer_id=10011), id="longer customer"),
        pytest.param(form(kind=OtherForm), id="data set"),
    ],
)
def test_it_belongs_to_one_studio_one_customer_and_one_data_set(other: DataSetForm) -> None:
    mine = form()
    assert mine.basis.token == form().basis.token
    assert not set(parts(mine)) & set(parts(other))
    foreign = Basis.read(mine.basis.scope, [*mine.value_names(), "*"], other.basis.token)
    assert not [name for name in mine.value_names() if foreign.shows(name, mine.shown_text(name))]


def test_it_does_not_tell_which_fields_are_alike() -> None:
    alike = form(email="", phonePrivate="")
    assert len(set(parts(alike))) == len(alike.value_names()) + 1


def test_digests_that_changed_places_are_worth_nothing() -> None:
    scope, names = "berlin-mitte:1001:ContactForm", ["phone_private", "phone_business"]
    shown = Basis.of(scope, {"phone_private": "+49 30 23125111", "phone_business": "+49 30 23125222"})
    swapped = Basis.read(scope, names, ".".join(reversed(shown.token.split("."))))
    assert Basis.read(scope, names, shown.token).shows("phone_private", "+49 30 23125111")
    assert not swapped.shows("phone_private", "+49 30 23125222")
    assert not swapped.shows("phone_business", "+49 30 23125111")


def test_two_values_that_changed_places_meanwhile_are_noticed(anna: Any) -> None:
    gym = anna.sandbox.gym
    one, two = "+49 30 23125111", "+49 30 23125222"
    gym.set_values(1001, "contact-data", {"phonePrivate": one, "phoneBusiness": two})
    values = anna.open("contact")
    gym.set_values(1001, "contact-data", {"phonePrivate": two, "phoneBusiness": one})
    response = anna.send("contact", values, email="neu@example.com")
    assert response.status_code == 409
    again = form_values(response)
    assert (again["phone_private"], again["phone_business"]) == (two, one)
    assert not anna.sent()


def test_a_date_that_the_studio_changed_meanwhile_stands_in_its_boxes(jonas: Any) -> None:
    values = jonas.open("master")
    jonas.sandbox.gym.set_values(1002, "master-data", jonas.values("master") | {"dateOfBirth": "1985-12-01"})
    response = jonas.send("master", values, last_name="Neumann")
    assert response.status_code == 409
    assert "Last name Now: Keller Your entry: Neumann" in texts(response)
    again = form_values(response)
    assert [again[f"date_of_birth_{part}"] for part in ("day", "month", "year")] == ["1", "12", "1985"]
    assert jonas.send("master", again).status_code == 302
    (body,) = jonas.sent()
    assert (body["lastName"], body["dateOfBirth"]) == ("Neumann", "1985-12-01")


def test_a_date_that_was_typed_stays_when_something_else_changed_meanwhile(jonas: Any) -> None:
    values = jonas.open("master")
    jonas.sandbox.gym.set_values(1002, "master-data", jonas.values("master") | {"firstName": "Jon"})
    response = jonas.send("master", values, date_of_birth_day="29")
    again = form_values(response)
    assert (response.status_code, again["first_name"], again["date_of_birth_day"]) == (409, "Jon", "29")
    assert jonas.send("master", again).status_code == 302
    assert jonas.sent()[0]["dateOfBirth"] == "1984-11-29"


@pytest.mark.parametrize(
    ("typed", "meanwhile"),
    [
        ("phone_private_mobile", "phone_private"),
        ("phone_private", "phone_private_mobile"),
        ("phone_business_mobile", "phone_business"),
        ("phone_business", "phone_business_mobile"),
    ],
)
def test_fields_whose_names_begin_alike_are_not_taken_for_each_other(jonas: Any, typed: str, meanwhile: str) -> None:
    values = jonas.open("contact")
    name = meanwhile.replace("_m", "M").replace("_p", "P").replace("_b", "B")
    held = jonas.values("contact") | {name: "+49 30 23125444"}
    jonas.sandbox.gym.set_values(1002, "contact-data", held)
    response = jonas.send("contact", values, **{typed: "030 23125555"})
    again = form_values(response)
    assert (response.status_code, again[typed], again[meanwhile]) == (409, "030 23125555", "+49 30 23125444")
    assert jonas.send("contact", again).status_code == 302
    assert jonas.sent()[0][name] == "+49 30 23125444"


def test_other_parts_of_an_address_are_not_taken_for_each_other(jonas: Any) -> None:
    """`street` begins like `street_type` and `street_block`, `province` like `province_code`."""
    values = jonas.open("address")
    jonas.sandbox.gym.set_values(1002, "address-data", jonas.values("address") | {"street": "Neu", "province": "BE"})
    again = form_values(jonas.send("address", values, street_type="Gasse", street_block="B 7", province_code="B"))
    names = ("street", "street_type", "street_block", "province", "province_code")
    assert [again[name] for name in names] == ["Neu", "Gasse", "B 7", "BE", "B"]
