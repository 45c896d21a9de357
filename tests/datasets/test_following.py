"""What follows from something else: bank and BIC from the IBAN, the check of the postcode from the rest."""

from typing import Any

import pytest

from tests.pageclient import form_values, texts

KNOWN = "DE02 1203 0000 0000 2020 51"
UNKNOWN = "DE13 1111 1111 0000 0000 00"
OWN = "Meine Hausbank"
HELD = "DE89 3704 0044 0532 0130 00"


def hold(member: Any, slug: str, **values: str) -> None:
    member.sandbox.gym.set_values(member.customer_id, f"{slug}-data", member.values(slug) | values)


class TestTheBank:
    @pytest.mark.parametrize("typed", ["DE89370400440532013000", "de89 3704-0044 0532 0130 00", f"IBAN: {HELD}"])
    def test_of_the_same_account_keeps_a_name_of_the_members_own(self, jonas: Any, typed: str) -> None:
        hold(jonas, "payment", bankName=OWN, bic="DEUTDEFFXXX")
        assert jonas.change("payment", iban=typed, account_holder="J. Keller").status_code == 302
        (body,) = jonas.sent()
        assert (body["iban"], body["bankName"], body["bic"]) == (HELD, OWN, "DEUTDEFFXXX")

    def test_of_an_account_stored_without_blanks_is_no_other_one(self, jonas: Any) -> None:
        stored = HELD.replace(" ", "")
        hold(jonas, "payment", iban=stored, bankName=OWN)
        assert jonas.change("payment", iban=HELD, account_holder="J. Keller").status_code == 302
        (body,) = jonas.sent()
        assert (body["iban"], body["bankName"]) == (stored, OWN)

    def test_of_the_same_account_can_be_given_a_name(self, jonas: Any) -> None:
        assert jonas.change("payment", iban="DE89370400440532013000", bank_name=OWN).status_code == 302
        (body,) = jonas.sent()
        assert (body["iban"], body["bankName"], body["bic"]) == (HELD, OWN, "COBADEFFXXX")

    def test_of_another_account_gives_up_the_name_that_was_held(self, jonas: Any) -> None:
        hold(jonas, "payment", bankName=OWN)
        assert jonas.change("payment", iban=KNOWN).status_code == 302
        (body,) = jonas.sent()
        assert OWN not in body.values()
        assert body["bic"] == "BYLADEM1001"

    @pytest.mark.parametrize("emptied", [{}, {"bic": "", "bank_name": ""}])
    @pytest.mark.parametrize("held", [HELD, UNKNOWN])
    def test_of_a_wrong_iban_is_not_complained_about(self, jonas: Any, held: str, emptied: dict[str, str]) -> None:
        hold(jonas, "payment", iban=held)
        response = jonas.change("payment", iban="DE12 5001 0517 0648 4898 91", **emptied)
        html = response.content.decode()
        assert 'id="id_iban_error"' in html
        assert 'id="id_bic_error"' not in html
        assert 'id="id_bank_name_error"' not in html
        kept = form_values(response)
        assert {name: kept[name] for name in emptied} == emptied

    def test_that_is_not_known_keeps_what_was_typed_when_the_button_is_pressed(self, jonas: Any) -> None:
        response = jonas.change("payment", iban=UNKNOWN, bank_name=OWN, refresh="1")
        assert "We do not know the bank of this IBAN." in texts(response)
        values = form_values(response)
        assert (values["iban"], values["bic"], values["bank_name"]) == (UNKNOWN, "", OWN)
        assert jonas.send("payment", values, bic="MARKDEF1100").status_code == 302
        (body,) = jonas.sent()
        assert (body["iban"], body["bic"], body["bankName"]) == (UNKNOWN, "MARKDEF1100", OWN)

    def test_that_was_emptied_by_the_button_comes_with_a_known_account(self, jonas: Any) -> None:
        values = form_values(jonas.change("payment", iban=UNKNOWN, refresh="1"))
        assert (values["bic"], values["bank_name"]) == ("", "")
        assert jonas.send("payment", values, iban=KNOWN).status_code == 302
        assert jonas.sent()[0]["bic"] == "BYLADEM1001"

    def test_that_was_emptied_by_the_button_is_no_change_of_the_account_that_is_held(self, jonas: Any) -> None:
        hold(jonas, "payment", bankName=OWN)
        values = form_values(jonas.change("payment", iban=UNKNOWN, refresh="1"))
        assert "this is what your studio already has" in texts(jonas.send("payment", values, iban=HELD))
        assert not jonas.sent()


class TestThePostcode:
    @pytest.fixture
    def lucia(self, sign_in: Any) -> Any:
        return sign_in(2001, "madrid-centro")

    @pytest.mark.parametrize("part", ["province", "province_code"])
    def test_stays_as_it_is_stored_when_only_the_province_changed(self, lucia: Any, part: str) -> None:
        hold(lucia, "address", zipCode="E-28012")
        assert lucia.change("address", **{part: "T"}).status_code == 302
        assert lucia.sent()[0]["zipCode"] == "E-28012"

    @pytest.mark.parametrize("part", ["province", "province_code"])
    def test_is_checked_again_when_the_province_changed(self, lucia: Any, part: str) -> None:
        hold(lucia, "address", zipCode="legacy!")
        response = lucia.change("address", **{part: "T"})
        assert response.status_code == 200
        assert 'id="id_zip_code_error"' in response.content.decode()
        assert not lucia.sent()

    def test_is_tidied_when_the_country_changed(self, lucia: Any) -> None:
        hold(lucia, "address", zipCode=" a-1010 ")
        assert lucia.change("address", country_code="AT").status_code == 302
        assert lucia.sent()[0]["zipCode"] == "1010"
