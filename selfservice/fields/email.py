"""E-mail addresses: which can be mailed to, in one spelling, and when two spellings mean the same mailbox."""

import re

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 254  # RFC 5321 4.5.3.1.3, without the angle brackets
# RFC 5322 dot-atom: no quoted parts, comments or lists, and nothing outside ASCII, where upper-casing can turn one
# mailbox into another.
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)

EMAIL_BOX = {"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}


class EmailField(forms.CharField):
    """One address that can be mailed to, "" when not required and left empty.

    Django's own lets other people's spellings of a mailbox pass; an e-mail input rewrites what stands in it.
    """

    widget = forms.TextInput({"inputmode": "email", **EMAIL_BOX})

    def clean(self, value: object) -> str:
        """Return the address in the one spelling the portal uses."""
        text: str = super().clean(value)
        return clean_address(text) if text else ""


def clean_address(text: str) -> str:
    """Return the one address in `text`, its domain in lower-case ASCII; raise ValidationError saying what is wrong."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not local or not domain:
        raise ValidationError(_("Enter an e-mail address in full, such as name@example.com."), code="incomplete")
    ascii_domain = _ascii_domain(domain)
    if not LOCAL_PART.fullmatch(local) or len(local) > 64 or not DOMAIN.fullmatch(ascii_domain):
        raise ValidationError(
            _("This is not an e-mail address we can write to. Enter one address, such as name@example.com."),
            code="invalid",
        )
    address = f"{local}@{ascii_domain}"
    if len(address) > MAX_LENGTH:
        raise ValidationError(_("This is too long for an e-mail address."), code="too-long")
    return address


def readable(address: str) -> str:
    """Return a cleaned address as people write it: müller.example instead of xn--mller-kva.example."""
    local, _at, domain = address.rpartition("@")
    try:
        return f"{local}@{idna.decode(domain)}"
    except idna.IDNAError:
        return address


def masked(address: str) -> str:
    """Return enough of a cleaned address for its owner to know which it is: a•••@example.com."""
    local, _at, domain = readable(address).rpartition("@")
    return f"{local[:1]}•••@{domain}"


def mailbox(address: str) -> str:
    """Return what two spellings of one mailbox have in common. `address` is cleaned, so lower() touches ASCII alone."""
    return address.lower()


def same_mailbox(address: str, other: str) -> bool:
    """Say whether `other`, as anybody may have written it, is the mailbox of the cleaned `address`."""
    try:
        return mailbox(clean_address(other)) == mailbox(address)
    except ValidationError:
        return False


def spellings(address: str) -> list[str]:
    """Return the ways in which a cleaned address may be stored elsewhere, the likeliest first, each once."""
    return list(dict.fromkeys((mailbox(address), address, readable(mailbox(address)))))


def _ascii_domain(domain: str) -> str:
    """Return the domain as mail servers know it (IDNA 2008 with the mapping of UTS 46), or "" when it can't be one."""
    if len(domain) > MAX_LENGTH:
        return ""
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError:
        return ""
