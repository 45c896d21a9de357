"""The bank account that a member's fees are collected from."""

from typing import Any

from crispy_forms.layout import HTML
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..fields.iban import BICField, IBANField, bank_of, bic_matches, same_iban
from ..fields.text import PlainTextField
from ..signature.field import SignatureField
from ..text import Text
from .base import DataSet, DataSetForm
from .proofs import Proof

FILL_IN = HTML('{% include "datasets/refresh.html" with text=form.fill_in_text %}')

UNKNOWN_IBAN = _("We do not know the bank of this IBAN. Please type what is missing.")
UNKNOWN_BANK = {
    "bic": _("We do not know this bank. Type the BIC that stands on your statement."),
    "bank_name": _("We do not know this bank. Type its name."),
}


class PaymentForm(DataSetForm):
    """Account holder, bank, IBAN and BIC, all required by the API, and a signature when the studio wants one."""

    account_holder = PlainTextField(label=_("Account holder"), help_text=_("The name that the bank knows."))
    iban = IBANField(label=_("IBAN"), help_text=_("You find it on your bank card and on every statement."))
    bic = BICField(
        label=_("BIC"),
        required=False,
        help_text=_("Follows from the IBAN, if we know the bank. Correct it if it is wrong."),
    )
    bank_name = PlainTextField(
        label=_("Bank"), required=False, help_text=_("Follows from the IBAN, if we know the bank.")
    )
    signature = SignatureField(
        label=_("Your signature"),
        help_text=_("With it you allow your studio to collect your fees from this account."),
    )
    fill_in_text = _("Fill in bank and BIC from the IBAN")

    def prepare(self) -> None:
        """Ask for a signature only when the studio wants one; bank and BIC are required, but follow."""
        for name in UNKNOWN_BANK:
            self.fields[name].is_derived = True  # type: ignore[attr-defined]  # read by the field's template
        unread = self.current is None
        wanted = "signature" in self.data if unread else bool(self.current and self.current.requires_signature)
        if not wanted:
            del self.fields["signature"]

    def layout(self) -> tuple[Any, ...]:
        """Leave the pad out when there is nothing to sign."""
        return (
            "account_holder",
            "iban",
            FILL_IN,
            "bic",
            "bank_name",
            *(["signature"] if "signature" in self.fields else []),
        )

    def clean_iban(self) -> str:
        """Take an IBAN that only differs in its blanks for the one that is held already."""
        iban: str = self.cleaned_data["iban"]
        held = self.current_text("iban")
        return held if same_iban(iban, held) else iban

    def clean(self) -> None:
        """Let bank and BIC follow a new IBAN; ask for them where the bank is not known."""
        if self.has_error("iban"):
            return
        for name, known in _known(self.value("iban")).items():
            if name in self.fields and not self.has_error(name) and self._is_to_follow(name):
                self._follow(name, known)

    def _is_to_follow(self, name: str) -> bool:
        """Say whether a field is empty, or still tells of the account before."""
        moved = self.value("iban") != self.current_text("iban")
        return not self.value(name) or (moved and self.was_left_alone(name))

    def _follow(self, name: str, known: str) -> None:
        if known:
            self.cleaned_data[name] = known
        else:
            self.forget(name)
            self.add_error(name, ValidationError(UNKNOWN_BANK[name], code="required"))

    def refresh(self) -> Text:
        """Show bank and BIC of the IBAN typed so far; say so when the bank is not known."""
        follows = _known(self.typed_text("iban"))
        for name, known in follows.items():
            if known or self.was_left_alone(name):
                self.forget(name)
                self.data[name] = known
        return "" if all(follows.values()) else UNKNOWN_IBAN

    def proofs(self) -> tuple[Proof, ...]:
        """Ask the owner of the address on file about every change of the account."""
        return (Proof("bank", detail=self.display("iban", self.value("iban"))),)

    def extras(self) -> dict[str, Any]:
        """Return the signature as the API wants it."""
        svg = self.cleaned_data.get("signature")
        return {"signature": {"base64SvgSignature": svg}} if svg else {}

    def warnings(self) -> list[Text]:
        """Say when the BIC belongs to another bank; some banks have several, so it never blocks."""
        if bic_matches(self.value("iban"), self.value("bic")) is False:
            return [_("The BIC does not seem to belong to this IBAN. Please compare both with your statement.")]
        return []


def _known(iban: str) -> dict[str, str]:
    """Return what follows from an IBAN, by field; "" where the bank, or that of it, is not known."""
    bank = bank_of(iban)
    return {"bic": bank.bic if bank else "", "bank_name": bank.name if bank else ""}


PAYMENT = DataSet("payment", "payment-data", _("Bank account"), PaymentForm)
