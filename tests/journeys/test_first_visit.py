"""What a first visit costs on a phone with a poor connection."""

import gzip

import pytest
from playwright.sync_api import Response

from tests.journeys.person import Person
from tests.signin.visitor import ANNA_ID

KILOBYTES_OF_A_FIRST_VISIT = 15


def test_the_sign_in_page_is_small(person: Person) -> None:
    answers: dict[str, Response] = {}
    person.page.on("response", lambda answer: answers.update({answer.url.removeprefix(person.site): answer}))
    person.open("sign-in/")
    person.page.wait_for_load_state("load")
    sizes = {path: transferred(answer) for path, answer in list(answers.items())}
    assert sum(sizes.values()) <= KILOBYTES_OF_A_FIRST_VISIT * 1024, sizes
    assert all(url.startswith(("/berlin-mitte/sign-in/", "/static/")) for url in sizes), "nothing comes from elsewhere"


@pytest.mark.parametrize("path", ["", "contact/", "address/", "master/"])
def test_only_the_signature_needs_more_than_style_sheets(person: Person, path: str) -> None:
    kinds: dict[str, str] = {}
    person.is_signed_in(ANNA_ID)
    person.page.on("request", lambda request: kinds.update({request.url: request.resource_type}))
    person.open(f"profile/{path}")
    person.page.wait_for_load_state("load")
    assert set(kinds.values()) <= {"document", "stylesheet", "other"}, kinds


def transferred(answer: Response) -> int:
    """Return the bytes of an answer as production sends it: style sheets and scripts compressed ahead, pages not."""
    body = answer.body()
    return len(gzip.compress(body, 9)) if "/static/" in answer.url else len(body)
