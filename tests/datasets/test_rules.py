"""What counts as left alone, and where a phone number without a prefix belongs."""

from typing import Any

import pytest

from tests.pageclient import form_values, texts


def hold(member: Any, slug: str, **values: Any) -> None:
    """Let the studio hold other values; None removes one."""
    held = {name: value for name, value in (member.values(slug) | values).items() if value is not None}
    member.sandbox.gym.set_values(member.customer_id, f"{slug}-data", held)


@pytest.mark.parametrize("stored", ["", None])
def test_a_required_field_that_came_empty_has_to_be_filled_in(jonas: Any, stored: str | None) -> None:
    hold(jonas, "address", city=stored)
    response = jonas.change("address", street="Neue Straße")
    assert response.status_code == 200
    html = response.content.decode()
    assert 'id="id_city_error"' in html
    assert 'id="id_zip_code_error"' not in html
    assert not jonas.sent()


def test_a_choice_without_a_value_has_to_be_made(jonas: Any) -> None:
    hold(jonas, "master", gender=None)
    values = jonas.open("master")
    assert "gender" not in values
    response = jonas.send("master", values, first_name="Jon")
    assert response.status_code == 200
    assert 'id="id_gender_error"' in response.content.decode()
    assert not jonas.sent()
    assert jonas.send("master", form_values(response), gender="UNISEX").status_code == 302


def test_a_choice_that_is_not_on_the_page_keeps_its_value(jonas: Any) -> None:
    values = jonas.open("master")
    del values["gender"]
    assert jonas.send("master", values, first_name="Jon").status_code == 302
    assert jonas.sent()[0]["gender"] == "MALE"


@pytest.mark.parametrize("comes_back", ["c/o Wolff2. Hof", "c/o Wolff\n2. Hof", "c/o Wolff\r\n2. Hof"])
def test_a_stored_line_break_that_a_browser_drops_is_no_change(anna: Any, comes_back: str) -> None:
    stored = "c/o Wolff\r\n2. Hof"
    hold(anna, "address", additionalAddressInformation=stored)
    values = anna.open("address") | {"additional_address_information": comes_back}
    assert "this is what your studio already has" in texts(anna.send("address", values))
    assert anna.send("address", values, street="Neue Straße").status_code == 302
    assert anna.sent()[0]["additionalAddressInformation"] == stored


class TestAnOddStoredDate:
    """The boxes can't show it as it is stored; left alone, it is none of the member's business."""

    @pytest.fixture
    def odd(self, jonas: Any) -> Any:
        hold(jonas, "master", dateOfBirth="1984-1-3")
        return jonas

    @staticmethod
    def on_page(values: dict[str, str]) -> dict[str, str]:
        assert [values[f"date_of_birth_{part}"] for part in ("day", "month", "year")] == ["3", "1", "1984"]
        return values

    @staticmethod
    def off_page(values: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in values.items() if not name.startswith("date_of_birth")}

    @pytest.mark.parametrize("shown", [on_page, off_page])
    def test_it_is_no_change(self, odd: Any, shown: Any) -> None:
        assert "this is what your studio already has" in texts(odd.send("master", shown(odd.open("master"))))
        assert not odd.sent()

    @pytest.mark.parametrize("shown", [on_page, off_page])
    def test_it_goes_back_as_it_came(self, odd: Any, shown: Any) -> None:
        odd.send("master", shown(odd.open("master")), last_name="Neumann")
        (body,) = odd.sent()
        assert (body["lastName"], body["dateOfBirth"]) == ("Neumann", "1984-1-3")

    @pytest.mark.parametrize("shown", [on_page, off_page])
    def test_in_a_request_that_waits_it_is_no_new_wish(self, miriam: Any, shown: Any) -> None:
        miriam.sandbox.gym.set_pending(1003, "master-data", {"lastName": "Hansen", "dateOfBirth": "1984-1-3"})
        values = shown(form_values(miriam.get("master/?change")))
        assert "this is what you have already asked for" in texts(miriam.send("master", values))
        assert not miriam.sent("DELETE")


@pytest.mark.parametrize(
    ("customer_id", "studio", "typed", "sent"),
    [
        (2001, "madrid-centro", "600 000 009", "+34 600 00 00 09"),
        (2001, "madrid-centro", "910 000 009", "+34 910 00 00 09"),
        (2001, "madrid-centro", "+49 171 3920099", "+49 171 3920099"),
        (1001, "berlin-mitte", "0171 3920099", "+49 171 3920099"),
        (1001, "berlin-mitte", "0034 600 000 009", "+34 600 00 00 09"),
    ],
)
@pytest.mark.parametrize("field", ["phone_private", "phone_business_mobile"])
def test_a_number_without_a_prefix_belongs_to_the_studios_country(
    sign_in: Any, customer_id: int, studio: str, typed: str, sent: str, field: str
) -> None:
    member = sign_in(customer_id, studio)
    assert member.change("contact", **{field: typed}).status_code == 302
    assert sent in member.sent()[0].values()


def test_a_number_of_one_country_is_none_of_the_other(sign_in: Any) -> None:
    lucia = sign_in(2001, "madrid-centro")
    response = lucia.change("contact", phone_private="0171 3920099")
    assert response.status_code == 200
    assert 'id="id_phone_private_error"' in response.content.decode()
    assert not lucia.sent()
