"""How the studio reaches a member."""

from django.utils.translation import gettext_lazy as _

from ..fields.email import EmailField
from ..fields.phone import PhoneField
from ..text import Text
from .base import DataSet, DataSetForm
from .proofs import Proof


class ContactForm(DataSetForm):
    """E-mail address and phone numbers; all of them are optional."""

    email = EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("You also sign in here with this address."),
    )
    phone_private_mobile = PhoneField(label=_("Mobile phone"), required=False)
    phone_private = PhoneField(label=_("Home phone"), required=False)
    phone_business_mobile = PhoneField(label=_("Mobile phone at work"), required=False)
    phone_business = PhoneField(label=_("Phone at work"), required=False)

    # Whoever can read the mails to it can sign in.
    opens_with = frozenset({"email"})

    def prepare(self) -> None:
        """Read numbers without a country prefix as numbers of the studio's country."""
        for field in self.fields.values():
            if isinstance(field, PhoneField):
                field.region = self.access.studio.country

    def warnings(self) -> list[Text]:
        """Say what it means to have no address any more."""
        if self.current_text("email") and not self.value("email"):
            return [_("Without an e-mail address you can't sign in here again. The desk can note down another one.")]
        return []

    def proofs(self) -> tuple[Proof, ...]:
        """Ask the owners of both mailboxes: the address opens the portal, and a mistyped one would lock it."""
        if not self.opens_the_portal:
            return ()
        new = self.value("email")
        return (Proof("email_old"), *([Proof("email_new", address=new)] if new else []))

    @property
    def about(self) -> str:
        """Tell the owner of the old address what to do."""
        return "email_" if self.opens_the_portal else ""


CONTACT = DataSet("contact", "contact-data", _("Contact"), ContactForm)
