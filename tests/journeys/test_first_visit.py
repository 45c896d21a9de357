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
def test_only_the_signature_needs_more_than_one_small_script(person: Person, path: str) -> None:
    answers: dict[str, Response] = {}
    person.is_signed_in(ANNA_ID)
    person.page.on("response", lambda answer: answers.update({answer.url.removeprefix(person.site): answer}))
    person.open(f"profile/{path}")
    person.page.wait_for_load_state("load")
    arrived = dict(answers)  # more may be arriving
    kinds = {answer.request.resource_type for answer in arrived.values()}
    assert kinds <= {"document", "stylesheet", "script", "other"}
    scripts = {path: transferred(one) for path, one in arrived.items() if one.request.resource_type == "script"}
    assert list(scripts) == ["/static/js/session.js"]
    assert sum(scripts.values()) < 2048


def transferred(answer: Response) -> int:
    """Return the bytes of an answer as production sends it: style sheets and scripts compressed ahead, pages not."""
    body = answer.body()
    return len(gzip.compress(body, 9)) if "/static/" in answer.url else len(body)
