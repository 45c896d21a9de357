"""Every page that a member can come to, and how to get there; nothing here depends on the language of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from tests.journeys.person import Person
from tests.signin.visitor import ANNA, ANNA_ID, FAMILY, NOBODY, newest_code, wrong_code

MIRIAM_ID, PAUL_ID, HANNA_ID, LUCIA_ID = 1003, 1004, 1018, 2001
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 4 + "<img src=x onerror=alert(1)>\u202eEND"
LONG_VALUES = {
    "contact-data": {"email": f"{'a' * 64}@{'b' * 60}.example", "phonePrivate": "+49 " + "1234567890" * 9},
    "address-data": {"street": LONG, "houseNumber": LONG, "zipCode": LONG, "city": LONG, "countryCode": "ZZ" * 40},
    "master-data": {"firstName": LONG, "lastName": LONG, "gender": LONG, "dateOfBirth": LONG, "customerTitle": LONG},
    "payment-data": {"accountHolder": LONG, "bankName": LONG, "iban": "DE" + "12345678" * 9, "bic": LONG},
}


@dataclass(frozen=True)
class Stop:
    """One page of the journey: its English heading, its HTTP status, and the way to it."""

    name: str
    heading: str
    go: Callable[[Person], None]
    status: int = 200

    @property
    def rejected(self) -> bool:
        """Whether this is a form that the portal gave back because something in it is wrong."""
        return self.name.endswith(("-rejected", "-wrong"))


def _outside(path: str) -> Callable[[Person], None]:
    def go(person: Person) -> None:
        person.page.goto(person.site + path)

    return go


def _asks(person: Person, email: str) -> None:
    person.open("sign-in/")
    person.type(email=email)
    person.send()


def _signs_in(person: Person, email: str) -> None:
    _asks(person, email)
    person.type(code=newest_code())
    person.page.locator("main .btn-primary").first.click()


def _signs_in_while_nobody_answers(person: Person) -> None:
    person.sandbox.faults.add("status", status=503, path="*/search", count=50)
    _signs_in(person, ANNA)


def _rejected_address(person: Person) -> None:
    person.open("sign-in/")
    person.type(email="anna")
    person.send()


def _wrong_code(person: Person, times: int = 1) -> None:
    _asks(person, ANNA)
    for _ in range(times):
        person.type(code=wrong_code())
        person.page.locator("main .btn-primary").first.click()


def _signed_out(person: Person) -> None:
    person.is_signed_in(ANNA_ID)
    person.page.locator("form[action$='/sign-out/'] button").click()


def _profile(path: str = "", who: int = ANNA_ID) -> Callable[[Person], None]:
    return lambda person: person.is_signed_in(who, path)


def _in_madrid(person: Person) -> None:
    person.studio = "madrid-centro"
    person.is_signed_in(LUCIA_ID, "address/")


def _rejected(path: str, **texts: str) -> Callable[[Person], None]:
    def go(person: Person) -> None:
        person.is_signed_in(ANNA_ID, path)
        person.type(**texts)
        person.send()

    return go


def _long(path: str) -> Callable[[Person], None]:
    def go(person: Person) -> None:
        for data_set, values in LONG_VALUES.items():
            person.sandbox.gym.set_values(ANNA_ID, data_set, values)
            turned = {name: text[::-1] for name, text in values.items()}
            if "waiting" in path or "withdraw" in path:
                person.sandbox.gym.set_pending(ANNA_ID, data_set, turned)
        person.is_signed_in(ANNA_ID, path.replace("waiting", ""))

    return go


def _changed_meanwhile(person: Person) -> None:
    person.is_signed_in(ANNA_ID, "address/")
    person.type(street="Ahornweg", house_number="7")
    values = person.sandbox.gym.values(ANNA_ID, "address-data")
    person.sandbox.gym.set_values(ANNA_ID, "address-data", values | {"houseNumber": "12b", "street": LONG})
    person.send()


def _closed_meanwhile(person: Person) -> None:
    person.is_signed_in(ANNA_ID, "address/")
    person.type(street="Ahornweg")
    person.sandbox.gym.set_status(ANNA_ID, "address-data", "READ")
    person.send()


def _nobody_answers(path: str) -> Callable[[Person], None]:
    def go(person: Person) -> None:
        person.sandbox.faults.add("status", status=503, path="*-data", count=50)
        person.is_signed_in(ANNA_ID, path)

    return go


def _not_offered(person: Person) -> None:
    person.sandbox.faults.add("status", status=404, path="*/payment-data", count=50)
    person.is_signed_in(HANNA_ID, "payment/")


def _mixed(person: Person) -> None:
    person.sandbox.faults.add("status", status=404, path="*/payment-data", count=50)
    person.sandbox.faults.add("status", status=503, path="*/master-data", count=50)
    person.sandbox.gym.set_status(MIRIAM_ID, "contact-data", "READ")
    person.sandbox.gym.clear_pending(MIRIAM_ID, "contact-data")
    person.is_signed_in(MIRIAM_ID)


def _no_answer_to_a_change(person: Person) -> None:
    person.is_signed_in(ANNA_ID, "contact/")
    person.type(phone_private="030 23125125")
    person.sandbox.faults.add("status", status=503, path="*-data", count=50)
    person.send()


def _forged(person: Person) -> None:
    person.is_signed_in(ANNA_ID, "contact/")
    person.page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    person.send()


PAGES = [
    Stop("studios", "Choose your studio", _outside("/")),
    Stop("sign-in", "Sign in", lambda person: person.open()),
    Stop("sign-in-rejected", "Sign in", _rejected_address),
    Stop("code", "Enter your code", lambda person: _asks(person, ANNA)),
    Stop("code-wrong", "Enter your code", _wrong_code),
    Stop("code-too-often", "Too many wrong codes", lambda person: _wrong_code(person, 5)),
    Stop("code-nowhere", "No code is waiting in this browser", lambda person: person.open("sign-in/code/")),
    Stop("family", "Who are you?", lambda person: _signs_in(person, FAMILY)),
    Stop("no-membership", "No membership with this address", lambda person: _signs_in(person, NOBODY)),
    Stop("later", "The studio's system is not available right now", _signs_in_while_nobody_answers, 503),
    Stop("signed-out", "Sign in", _signed_out),
    Stop("overview", "Your data", _profile()),
    Stop("overview-waiting", "Your data", _profile(who=MIRIAM_ID)),
    Stop("overview-mixed", "Your data", _mixed),
    Stop("overview-nobody-answers", "Your data", _nobody_answers(""), 503),
    Stop("overview-long", "Your data", _long("?waiting")),
    Stop("contact", "Contact", _profile("contact/")),
    Stop("address", "Address", _profile("address/")),
    Stop("address-spanish", "Address", _in_madrid),
    Stop("master", "Personal details", _profile("master/")),
    Stop("payment", "Bank account", _profile("payment/")),
    Stop("contact-rejected", "Contact", _rejected("contact/", email="anna", phone_private="12", phone_business="x")),
    Stop("address-rejected", "Address", _rejected("address/", street="", zip_code="1")),
    Stop("master-rejected", "Personal details", _rejected("master/", first_name="", date_of_birth_month="13")),
    Stop("payment-rejected", "Bank account", _rejected("payment/", account_holder="", iban="DE12")),
    Stop("address-long", "Address", _long("address/")),
    Stop("master-long", "Personal details", _long("master/")),
    Stop("waiting", "Address", _profile("address/", MIRIAM_ID)),
    Stop("waiting-change", "Bank account", _profile("payment/?change", MIRIAM_ID)),
    Stop("waiting-long", "Address", _long("address/?waiting")),
    Stop("withdraw", "Withdraw the request?", _profile("payment/withdraw/", MIRIAM_ID)),
    Stop("withdraw-long", "Withdraw the request?", _long("address/withdraw/")),
    Stop("read-only", "Address", _profile("address/", PAUL_ID)),
    Stop("not-offered", "Bank account", _not_offered, 404),
    Stop("unavailable", "The studio's system is not available right now", _nobody_answers("address/"), 503),
    Stop("changed-meanwhile", "Address", _changed_meanwhile, 409),
    Stop("closed-meanwhile", "Address", _closed_meanwhile, 403),
    Stop("no-answer-to-a-change", "Contact", _no_answer_to_a_change, 503),
    Stop("no-such-page", "There is no such page", lambda person: person.open("nowhere/"), 404),
    Stop("no-such-studio", "There is no such page", _outside("/nowhere/"), 404),
    Stop("forged", "We could not make sure that this came from you", _forged, 403),
]
