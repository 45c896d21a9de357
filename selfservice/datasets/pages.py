"""What the pages of a data set show: its state in one word, its values, what waits."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..errors import trouble_of
from ..perfectgym.errors import GymError, NotFound, ScopeMissing
from ..perfectgym.models import AmendmentConfigurationStatus, SelfServiceData
from ..text import Text
from .access import Access
from .base import DataSet
from .values import Change, Row

STATES = {
    AmendmentConfigurationStatus.READ: "read_only",
    AmendmentConfigurationStatus.CHANGES_REQUIRE_VERIFICATION: "needs_verification",
    AmendmentConfigurationStatus.CHANGES_WITHOUT_VERIFICATION: "at_once",
}


@dataclass(frozen=True)
class Card:
    """One data set as the overview and its own page show it; `status` is a word of partials/status.html."""

    data_set: DataSet
    status: str
    url: str
    action: str = ""
    text: str = ""
    rows: list[Row] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def filled_rows(self) -> list[Row]:
        """The values without the empty ones."""
        return [row for row in self.rows if row.value]

    @property
    def title(self) -> Text:
        """What people call the data set."""
        return self.data_set.title


def card(access: Access, data_set: DataSet, found: SelfServiceData | GymError) -> Card:
    """Return what can be shown of a data set, or of why it can't be had."""
    url = access.url("data-set", slug=data_set.slug)
    if isinstance(found, SelfServiceData):
        return _card_of_data(access, data_set, found, url)
    if is_not_offered(found):
        return Card(data_set, "not_offered", "", text=_("Ask at the desk if you want to see or change it."))
    return Card(data_set, "unavailable", url, _("Try again"), str(trouble_of(found).heading))


def _card_of_data(access: Access, data_set: DataSet, data: SelfServiceData, url: str) -> Card:
    changes = data_set.form.pending_changes(data)
    action = _action(data, may_change=access.may_change)
    return Card(data_set, state(data), url, action, rows=data_set.form.rows(data), changes=changes)


def _action(data: SelfServiceData, *, may_change: bool) -> str:
    if data.pending:
        return _("View the request")
    return _("Change") if data.editable and may_change else _("Show")


def state(data: SelfServiceData) -> str:
    """Return the word for what may be done with a data set; what waits comes before everything else."""
    if data.pending:
        return "pending"
    return STATES[data.status] if data.status else "read_only"


def is_not_offered(error: GymError) -> bool:
    """Say whether the studio does not offer a data set at all, rather than not right now."""
    return isinstance(error, ScopeMissing | NotFound)
