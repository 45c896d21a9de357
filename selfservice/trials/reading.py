"""The calls that only read: the overview, a set's page, the studio at the foot of a page."""

from collections.abc import Iterator

from .page import Page
from .trial import CallTrial, Trial, Visit

CONTACT = ("anna.berger@example.com", "+49 171 3920001")
OTHERS = ("Lindenallee", "Berger")
TELEPHONE = "+49 30 23125000"
NOT_OFFERED = "Not offered by your studio"
NOT_NOW = "Not available right now"
# A page that waits for nothing, on a machine that has other things to do.
AT_ONCE_MS = 500


class SetPage(CallTrial):
    """The form of one data set."""

    name, path = "set page", "*/contact-data"
    page = "profile/contact/"
    values: tuple[str, ...] = CONTACT

    def prepare(self, trial: Trial) -> None:
        """Sign in."""
        trial.sign_in()
        trial.know_the_studio()

    def act(self, trial: Trial) -> Visit:
        """Open it."""
        return trial.visit(lambda: trial.client.get(trial.url(self.page)))

    def untrue(self, trial: Trial, visit: Visit) -> Iterator[str]:
        """Whatever could not be read is not shown, and not called missing."""
        fault, page = trial.case.fault, visit.last
        if page.says(NOT_OFFERED) and fault.status not in (403, 404):
            yield "wrong statement: not offered"
        if fault.is_harmless and not all(_shows(page, value) for value in self.values):
            yield "wrong statement: the values are missing"
        if fault.is_usable:
            if not self._is_usable(page):
                yield "wrong statement: not usable"
        elif any(_shows(page, value) for value in self.values):
            yield "wrong statement: shows what was not read"
        elif self._is_usable(page):
            yield "wrong statement: looks as if it had been read"

    def _is_usable(self, page: Page) -> bool:
        return page.status == 200


class Overview(SetPage):
    """All data sets at once."""

    name, path = "overview", "*/self-service/*"
    page, values = "profile/", (*CONTACT, *OTHERS)

    def _is_usable(self, page: Page) -> bool:
        return page.status == 200 and not page.says(NOT_NOW, NOT_OFFERED)


class StudioInformation(CallTrial):
    """How people reach the studio, at the foot of each page; no page waits for it."""

    name, path = "studio", "/v1/studios/information"

    def prepare(self, trial: Trial) -> None:
        """Do nothing: nobody has been here before."""

    def act(self, trial: Trial) -> Visit:
        """Open the first page, then the same once the studio has answered, or not."""
        visit = trial.visit(lambda: trial.client.get(trial.url("sign-in/")))
        trial.asked_in_background()
        return Visit(visit.ms, visit.first, trial.open("sign-in/"))

    def most_ms(self, deadline: float) -> float:
        """Return how long a page takes that waits for nothing."""
        return min(super().most_ms(deadline), AT_ONCE_MS)

    def untrue(self, trial: Trial, visit: Visit) -> Iterator[str]:
        """Both pages are whole; the telephone number stands on the second if it was read."""
        if (visit.first.status, visit.last.status) != (200, 200):
            yield "wrong statement: no page"
        shown = visit.last.says(TELEPHONE)
        if trial.case.fault.is_harmless and not shown:
            yield "wrong statement: the telephone number is missing"
        if not trial.case.fault.is_usable and shown:
            yield "wrong statement: shows what was not read"


def _shows(page: Page, value: str) -> bool:
    return value in page.words or value in page.values.values()
