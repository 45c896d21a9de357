"""Mailboxes whose owner has to agree, by a code, before a change is sent."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """One of them: `address`, or the address on file where that is "".

    `mail` is the name of the mail that carries the code (emails/confirm_NAME.txt), `detail` what that mail says of the
    change, without anything that is nobody else's business: an account is masked.
    """

    mail: str
    address: str = ""
    detail: str = ""

    @property
    def name(self) -> str:
        """What the audit trail calls it."""
        return "new-address" if self.address else "address-on-file"
