"""What a page has to say about a change that somebody sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..perfectgym.errors import GymError
from ..perfectgym.models import SelfServiceData
from ..text import Text
from .base import DataSetForm
from .confirmation import Confirmation
from .service import Outcome
from .values import Change
from .words import Notice


@dataclass(frozen=True)
class Answer:
    """What the page has to say: `done` when the change arrived, else the form again with what was typed.

    `key_changed`: what people sign in with has changed, or may yet change, by this very request and not by an earlier
    click. `unproven` is the confirmation that has to be asked for
    first, by codes; `on_file` the address on file for it.

    `told` is said on the data set's page instead, when there is nothing left to do; `locked` is the data set when
    there can't be a form; `differences` what is typed against what holds now; `error` what upstream did.
    """

    form: DataSetForm
    done: Outcome | None = None
    told: Notice | None = None
    warnings: Sequence[Text] = ()
    status: int = 200
    notice: Notice | None = None
    locked: SelfServiceData | None = None
    differences: Sequence[Change] = ()
    error: GymError | None = None
    key_changed: bool = False
    unproven: Confirmation | None = None
    on_file: str = ""
