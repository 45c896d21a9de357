"""A style guide: every component of the look on pages of its own, for tests and for people's eyes."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout, Submit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.i18n import set_language

from selfservice.fields.birth_date import BirthDateField
from selfservice.fields.country import CountryField
from selfservice.signin.session import TimeLeft

STUDIO = SimpleNamespace(slug="berlin-mitte", name="Fit Berlin Mitte", accent="#0b5d4e")
CONTACT = SimpleNamespace(
    name="Fit Berlin Mitte", email="hallo@fit.example", telephone="+49 30 1234567", website="https://www.fit.example"
)
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 286  # 10,010 letters without a blank
ARABIC = "محمد بن عبد الله آل سعود"


@dataclass(frozen=True)
class Row:
    """A label and its value."""

    label: str
    value: str | None


@dataclass(frozen=True)
class Change:
    """A label, what is there and what is wanted."""

    label: str
    current: str | None
    requested: str | None


@dataclass(frozen=True)
class Card:
    """What the card of one data set shows."""

    title: str
    status: str
    rows: list[Row] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    text: str = ""
    url: str = ""
    action: str = ""


CONTACT_ROWS = [Row("Email", "maria.schneider@example.com"), Row("Mobile phone", "+49 171 1234567"), Row("Phone", "")]
CHANGES = [
    Change("Street", "Alte Schönhauser Straße", "Torstraße"),
    Change("House number", "17", "140"),
    Change("Additional information", "c/o Weber", None),
    Change("City part", None, "Mitte"),
]
CARDS = [
    Card("Contact", "at_once", CONTACT_ROWS, url="/form/", action="Change"),
    Card(
        "Address",
        "pending",
        [
            Row("Street", "Alte Schönhauser Straße 17"),
            Row("Postcode and city", "10119 Berlin"),
            Row("Country", "Germany"),
        ],
        CHANGES[:2],
        url="/set/",
        action="See the request",
    ),
    Card(
        "Personal data",
        "needs_verification",
        [Row("Name", "Maria Schneider"), Row("Date of birth", "4 May 1952")],
        url="/form/",
        action="Change",
    ),
    Card(
        "Payment",
        "unavailable",
        text="We could not fetch this part. The others are up to date.",
        url="/",
        action="Try again",
    ),
    Card("Read only", "read_only", [Row("Account holder", ARABIC)]),
    Card("Not offered", "not_offered", text="The studio keeps this for you. Ask at the desk to have it changed."),
]


class EmailForm(forms.Form):
    """One field, as on the first page of the sign-in."""

    email = forms.EmailField(label="Email address", help_text="The address that your studio has for you.")


class EverythingForm(forms.Form):
    """Every kind of field that pages of the portal have."""

    email = forms.EmailField(label="Email", widget=forms.EmailInput({"autocomplete": "email"}))
    phone = forms.CharField(label="Mobile phone", required=False, help_text="For example 0171 1234567")
    zip_code = forms.CharField(label="Postcode", max_length=10)
    city = forms.CharField(label="City", disabled=True, initial="Berlin")
    country_code = CountryField(label="Country")
    title = forms.ChoiceField(label="Title", choices=[("NONE", "None"), ("DR", "Dr."), ("PROF", "Prof.")])
    gender = forms.ChoiceField(
        label="Gender",
        choices=[("FEMALE", "Female"), ("MALE", "Male"), ("UNISEX", "Another")],
        widget=forms.RadioSelect,
        help_text="As it stands in your contract.",
    )
    date_of_birth = BirthDateField(label="Date of birth", help_text="For example 4 5 1952")
    confirm = forms.BooleanField(label="I have checked these values", help_text="The studio relies on them.")
    digest = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: dict[str, str] | None = None) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "digest",
            "email",
            "phone",
            Fieldset("Address", Field("zip_code", wrapper_class="field-short"), "city", "country_code"),
            Fieldset("Person", "title", "gender", "date_of_birth", "confirm"),
            FormActions(Submit("save", "Send change request")),
        )

    def clean(self) -> None:
        """Find fault with the form as a whole, too."""
        if self.data.get("email") == "taken":
            self.add_error(None, "Postcode and city do not belong together. Check both.")


class EighteenForm(forms.Form):
    """As many fields as the longest address."""


EighteenForm.base_fields = {
    f"part_{number}": forms.CharField(label=f"Part {number}", required=number % 2 == 0, help_text="Help")
    for number in range(18)
}


def _shown(request: HttpRequest, name: str, **context: object) -> HttpResponse:
    base = {
        "studio": STUDIO,
        "studio_contact": CONTACT,
        "signed_in": TimeLeft("mark", 900, can_stay=True),
        "sign_out_url": "/sign-out/",
        "home_url": "/",
    }
    accent = request.GET.get("accent")
    if accent:
        base["studio"] = SimpleNamespace(slug="other", name="Fit Berlin Mitte", accent=f"#{accent}")
    return render(request, f"guide/{name}.html", base | context)


def overview(request: HttpRequest) -> HttpResponse:
    """Show all states of a data set, and all kinds of message."""
    messages = [
        SimpleNamespace(level_tag="success", message="Your contact data is changed. PerfectGym has confirmed it."),
        SimpleNamespace(
            level_tag="info", message="Your change request is with the studio. Until it is checked, the old data stays."
        ),
        SimpleNamespace(level_tag="warning", message="You will be signed out in two minutes."),
        SimpleNamespace(
            level_tag="error", message="PerfectGym did not confirm the change, and it is not there. Please try again."
        ),
    ]
    return _shown(request, "overview", cards=CARDS, messages=messages if "messages" in request.GET else [])


def long(request: HttpRequest) -> HttpResponse:
    """Show values that no layout expects, on the overview and in a change."""
    rows = [Row("Name", LONG), Row(LONG, "Arabic follows"), Row("Account holder", ARABIC * 40)]
    card = Card(LONG, "pending", rows, [Change("Name", LONG, LONG)], text=LONG, url="/", action=LONG)
    names = {"studio": SimpleNamespace(name=LONG, accent=""), "studio_contact": SimpleNamespace(name=LONG, email=LONG)}
    return _shown(
        request, "overview", cards=[card], messages=[SimpleNamespace(level_tag="error", message=LONG)], **names
    )


def form(request: HttpRequest) -> HttpResponse:
    """Show the form empty, or with ?errors with everything wrong."""
    data = {"email": "taken", "date_of_birth_day": "31"} if "errors" in request.GET else None
    return _shown(request, "form", form=EverythingForm(data))


def data_set(request: HttpRequest) -> HttpResponse:
    """Show a pending change with its buttons."""
    return _shown(request, "set", changes=CHANGES, rows=CARDS[1].rows)


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the shortest form there is."""
    return _shown(request, "sign_in", form=EmailForm(), signed_in=False)


def trouble(request: HttpRequest) -> HttpResponse:
    """Show a page for something that did not work."""
    words = SimpleNamespace(
        status=503,
        heading="The studio’s system is not available right now",
        what="PerfectGym does not take requests at the moment.",
        next_step="Try again in a few minutes.",
    )
    actions = [{"label": "Try again", "url": "/"}, {"label": "Sign out", "url": "/sign-out/", "method": "post"}]
    context = {
        "trouble": words,
        "actions": actions,
        "request_id": "7f3a-91",
        "studio": STUDIO,
        "studio_contact": CONTACT,
    }
    return render(request, "errors/page.html", context, status=503)


urlpatterns = [
    path("", overview),
    path("long/", long),
    path("form/", form),
    path("set/", data_set),
    path("sign-in/", sign_in),
    path("trouble/", trouble),
    path("language/", set_language, name="set_language"),
]
