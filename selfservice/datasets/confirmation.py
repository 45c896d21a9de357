"""A change that waits, in the person's own page, for the codes that prove it is theirs; nothing of it is stored here.

The page carries what was typed, signed; the database holds keyed hashes of the codes, each bound to exactly this
change, this customer and this session. Another account, another session, a second use, ten minutes later: nothing is
sent.
"""

import hashlib
import logging
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from django.core import signing
from django.db import Error as DatabaseError
from django.db import transaction
from django.http import QueryDict

from ..audit import Action, record
from ..fields.email import masked, readable
from ..mail import send_confirmation
from ..signin import codes, limits
from ..signin.codes import Standing, State
from .access import Access
from .base import DataSet, DataSetForm
from .proofs import Proof
from .values import Change, wire

logger = logging.getLogger(__name__)


class TooManyCodes(Exception):
    """This person has asked for so many codes that no more are mailed for a while."""


@dataclass(frozen=True)
class Confirmation:
    """What was posted, whose agreement it needs, and a nonce for the code of each; `step` codes have been mailed.

    `shown` is the change as the page shows it: name of a field, what holds, what is asked for. `hint` is the address on
    file, masked. The nonces stay the same: of each step only the newest code counts, whichever page it is typed into.
    `vouched` is how somebody at the desk has checked who the person is, in place of the codes.
    """

    access: Access
    data_set: DataSet
    posted: str
    proofs: tuple[Proof, ...]
    shown: tuple[tuple[str, str, str], ...]
    nonces: tuple[str, ...]
    step: int = 0
    hint: str = ""
    vouched: str = ""

    @classmethod
    def of(cls, access: Access, data_set: DataSet, posted: QueryDict, form: DataSetForm) -> Self:
        """Return the confirmation that a valid form needs, read from what was posted; no code has been mailed yet."""
        shown = tuple((change.name, change.current, change.requested) for change in form.asked_changes())
        proofs = form.proofs()
        nonces = tuple(codes.new_nonce() for _ in proofs)
        return cls(access, data_set, posted.urlencode(), proofs, shown, nonces)

    @classmethod
    def read(cls, access: Access, data_set: DataSet, token: str) -> Self | None:
        """Return what a page brought back; None when it is not ours, or of another customer, set or session."""
        try:
            content: dict[str, Any] = signing.loads(token, salt=_salt(access, data_set))
            proofs = tuple(Proof(**one) for one in content["proofs"])
            shown = tuple((name, now, then) for name, now, then in content["shown"])
            nonces, step = tuple(content["nonces"]), int(content["step"])
            return cls(access, data_set, content["posted"], proofs, shown, nonces, step, content["hint"])
        except (signing.BadSignature, KeyError, TypeError, ValueError):  # a release before this one kept other parts
            return None

    @property
    def token(self) -> str:
        """All of it as the page carries it."""
        content = {
            "posted": self.posted,
            "proofs": [asdict(proof) for proof in self.proofs],
            "shown": self.shown,
            "nonces": self.nonces,
            "step": self.step,
            "hint": self.hint,
        }
        return signing.dumps(content, salt=_salt(self.access, self.data_set), compress=True)

    @property
    def form_data(self) -> QueryDict:
        """What was posted, as a form reads it."""
        return QueryDict(self.posted)

    @property
    def changes(self) -> list[Change]:
        """What is asked for, as people read it."""
        return [Change(name, self.data_set.form.label(name), now, then) for name, now, then in self.shown]

    @property
    def sent_to(self) -> str:
        """Where the code was mailed, as the page says it: a new address in full, the one on file masked."""
        return readable(self.proof.address) if self.proof.address else self.hint

    @property
    def proof(self) -> Proof:
        """Whose agreement is asked for now."""
        return self.proofs[max(self.step, 1) - 1]

    @property
    def standing(self) -> Standing:
        """Where the code that was mailed last stands."""
        return codes.standing(self.access.studio.slug, self._keys()[-1])

    @property
    def is_proven(self) -> bool:
        """Whether everybody has agreed by codes, and it has not been used; no, when that can't be looked up now."""
        slug = self.access.studio.slug
        try:
            states = [codes.standing(slug, key).state for key in self._keys()]
        except DatabaseError:
            logger.exception("whether a code still counts could not be looked up")
            return False
        return self.step == len(self.proofs) and all(state is State.PROVEN for state in states)

    @property
    def why_refused(self) -> State:
        """Why the codes did not count when the change was to be sent: one is too old, or they have been used."""
        states = {codes.standing(self.access.studio.slug, key).state for key in self._keys()}
        return State.EXPIRED if State.EXPIRED in states else State.USED

    @property
    def proven_by(self) -> str:
        """What the audit trail says of the proofs."""
        return self.vouched or "+".join(proof.name for proof in self.proofs)

    def next(self, on_file: str) -> Self:
        """Mail the code of the next step; raises MailNotSent or TooManyCodes, then everything is as it was.

        `on_file` is the address on file, cleaned.
        """
        return self._mailed(self.step + 1, on_file)

    def again(self, on_file: str) -> Self:
        """Mail another code for this step, as next(); the one before stops working."""
        return self._mailed(self.step, on_file)

    def attempt(self, code: str) -> Standing:
        """Try a code of eight digits for this step; what can't be recorded has not been tried."""
        with transaction.atomic():
            standing = codes.attempt(self.access.studio.slug, self._keys()[-1], code)
            self._record("proven" if standing.state is State.PROVEN else "wrong-code")
        return standing

    def use_up(self) -> bool:
        """Say whether the change may be sent now, and make sure that these codes never send it again."""
        if self.vouched:
            self._record("identity-checked")
            return True
        used = [codes.use_up(self.access.studio.slug, key) for key in self._keys()]
        may_send = self.step == len(self.proofs) and all(used)
        if not may_send:
            self._record("refused")
        return may_send

    def give_back(self) -> None:
        """Let the codes count once more, for the change is not there; if that fails, they stay used."""
        try:
            for key in self._keys():
                codes.give_back(self.access.studio.slug, key)
        except DatabaseError:
            # What has become of the change is known by now, and has to be said.
            logger.exception("a code could not be given back")

    def _mailed(self, step: int, on_file: str) -> Self:
        """Return the same at that step, with its code on the way."""
        at_step = replace(self, step=step, hint=masked(on_file) if on_file else self.hint)
        at_step._mail(at_step.proof.address or on_file)  # noqa: SLF001  # one of us
        return at_step

    def _mail(self, address: str) -> None:
        access, proof = self.access, self.proof
        if not limits.may_confirm(access.studio, access.customer_id, access.session, proof.address):
            raise TooManyCodes
        code = codes.new_code()
        language, at_desk = access.mail_language or access.language, access.helper is not None
        spaced = codes.spaced(code)
        send_confirmation(access.studio, address, proof.mail, spaced, proof.detail, language, at_desk=at_desk)
        # Not before it is on its way: the code before this one counts until then.
        codes.put(access.studio.slug, self._keys()[-1], code)
        self._record("code-mailed")

    def _keys(self) -> list[str]:
        mailed = self.nonces[: self.step]
        return [codes.bound(nonce, self._bound_to(place)) for place, nonce in enumerate(mailed)]

    def _bound_to(self, place: int) -> str:
        """Return a digest of all that a code confirms: whose change it is, in which session, and what it asks for."""
        parts = (_salt(self.access, self.data_set), str(place), self.posted)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    def _record(self, outcome: str) -> None:
        record(
            Action.CONFIRM,
            studio=self.access.studio.slug,
            actor=self.access.actor,
            customer_id=self.access.customer_id,
            data_set=self.data_set.slug,
            fields=[wire(name) for name, _now, _then in self.shown],
            proof=self.vouched or self.proof.name,
            outcome=outcome,
        )


def _salt(access: Access, data_set: DataSet) -> str:
    whose = f"{access.studio.slug}:{access.customer_id}:{access.actor}:{access.session}"
    return f"selfservice.confirmation:{whose}:{data_set.slug}"
