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

FILL_IN = HTML('{% include "datasets/refresh.html" with text=form.fill_in_text %}')


class PaymentForm(DataSetForm):
    """Account holder, bank, IBAN and BIC, all required by the API, and a signature when the studio wants one."""

    account_holder = PlainTextField(label=_("Account holder"), help_text=_("The name that the bank knows."))
    iban = IBANField(label=_("IBAN"), help_text=_("You find it on your bank card and on every statement."))
    bic = BICField(
        label=_("BIC"), required=False, help_text=_("Leave it empty and we fill it in, if we know the bank.")
    )
    bank_name = PlainTextField(label=_("Bank"), required=False, help_text=_("Leave it empty and we fill it in."))
    signature = SignatureField(
        label=_("Your signature"),
        help_text=_("With it you allow your studio to collect your fees from this account."),
    )
    fill_in_text = _("Fill in bank and BIC from the IBAN")

    def prepare(self) -> None:
        """Ask for a signature only when the studio wants one."""
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
        """Fill in what follows from a new IBAN; ask for what is required and not known."""
        if "iban" in self.errors:
            return
        self._fill_in()
        for name, problem in (
            ("bic", _("We do not know this bank. Type the BIC that stands on your statement.")),
            ("bank_name", _("We do not know this bank. Type its name.")),
        ):
            if not self.value(name) and name not in self.errors:
                self.add_error(name, ValidationError(problem, code="required"))

    def _fill_in(self) -> None:
        """Take BIC and bank name of a new IBAN, where they were left empty or still are those of the old one."""
        bank = bank_of(self.value("iban"))
        if bank is None:
            return
        moved = "iban" in self.cleaned_data and not self.touched("bic", "bank_name")
        for name, known in (("bic", bank.bic), ("bank_name", bank.name)):
            if known and name not in self.errors and (moved or not self.value(name)):
                self.cleaned_data[name] = known

    def refresh(self) -> None:
        """Show bank and BIC of the IBAN typed so far."""
        bank = bank_of(self.typed_text("iban"))
        if bank is not None:
            self.data = self.data.copy()
            for name, known in (("bic", bank.bic), ("bank_name", bank.name)):
                self.data[name] = known or self.typed_text(name)

    def extras(self) -> dict[str, Any]:
        """Return the signature as the API wants it."""
        svg = self.cleaned_data.get("signature")
        return {"signature": {"base64SvgSignature": svg}} if svg else {}

    def warnings(self) -> list[Text]:
        """Say when the BIC belongs to another bank; some banks have several, so it never blocks."""
        if bic_matches(self.value("iban"), self.value("bic")) is False:
            return [_("The BIC does not seem to belong to this IBAN. Please compare both with your statement.")]
        return []


PAYMENT = DataSet("payment", "payment-data", _("Bank account"), PaymentForm)
