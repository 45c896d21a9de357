"""Which addresses the portal writes to, and when two of them are one mailbox."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from selfservice.fields.email import clean_address, readable, same_mailbox, spellings

LONG_LABEL = "a" * 63

HOSTILE = [
    "",
    "anna",
    "@example.com",
    "anna@",
    "anna@@example.com",
    "anna@example.com@example.net",
    "anna@localhost",
    "anna@example",
    "anna@example.c",
    "anna@-example.com",
    "anna@exam_ple.com",
    "anna@.com",
    "anna@example..com",
    "anna@127.0.0.1",
    "anna@[127.0.0.1]",
    "anna@[IPv6:::1]",
    "anna@example.com.1",
    ".anna@example.com",
    "anna.@example.com",
    "an..na@example.com",
    '"anna berger"@example.com',
    '"a@b"@example.com',
    "Anna <anna@example.com>",
    "<anna@example.com>",
    "anna@example.com,bert@example.com",
    "anna@example.com;bert@example.com",
    "anna@example.com bert@example.com",
    "anna,bert@example.com",
    "anna@example.com\r\nBcc: bert@example.com",
    "anna\r\nBcc: bert@example.com",
    "anna@example.com\nbert@example.com",
    "anna@exa\nmple.com",
    "anna@example.com\x00",
    "an\x00na@example.com",
    "an\tna@example.com",
    "an na@example.com",
    "anna(comment)@example.com",
    "anna@example.com(comment)",
    "anna\\@example.com",
    "mıke@example.com",
    "ünsal@example.com",
    "\u212aate@example.com",  # KELVIN SIGN, whose lower case is k
    "anna\u200b@example.com",
    "anna\u202e@example.com",
    "anna＠example.com",
    "anna@exa mple.com",
    "anna@example.com?cc=bert@example.com",
    "anna@%65xample.com",
    "mailto:anna@example.com",
    f"{'a' * 65}@example.com",
    f"anna@{'a' * 64}.com",
    f"{'a' * 64}@{LONG_LABEL}.{LONG_LABEL}.{LONG_LABEL}.com",
    "anna@" + "a." * 100_000 + "com",
    "a" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:40]))
def test_what_is_no_single_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        clean_address(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("anna@example.com", "anna@example.com"),
        ("  anna@example.com\n", "anna@example.com"),
        ("Anna.Berger@Example.COM", "Anna.Berger@example.com"),
        ("o'brien+gym_1@mail.example.co.uk", "o'brien+gym_1@mail.example.co.uk"),
        ("anna@müller.example", "anna@xn--mller-kva.example"),
        ("anna@MÜLLER.example", "anna@xn--mller-kva.example"),
        ("anna@xn--mller-kva.example", "anna@xn--mller-kva.example"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("anna@例え.テスト", "anna@xn--r8jz45g.xn--zckzah"),
        ("anna@ｅｘａｍｐｌｅ。com", "anna@example.com"),
        (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
        (
            f"{'a' * 60}@{LONG_LABEL}.{LONG_LABEL}.{'b' * 61}.com",
            f"{'a' * 60}@{LONG_LABEL}.{LONG_LABEL}.{'b' * 61}.com",
        ),
    ],
)
def test_an_address_gets_one_spelling(text: str, address: str) -> None:
    assert clean_address(text) == address
    assert clean_address(address) == address


@given(st.text(max_size=60) | st.from_regex(r"[^@]{1,20}@[^@]{1,30}", fullmatch=True))
def test_whatever_is_accepted_is_plain_ascii_without_separators(text: str) -> None:
    try:
        address = clean_address(text)
    except ValidationError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert len(address) <= 254
    assert address.count("@") == 1
    assert not set(address) & set(' \t\r\n,;:"<>()[]\\')


@pytest.mark.parametrize(
    ("address", "other", "same"),
    [
        ("anna@example.com", "anna@example.com", True),
        ("anna@example.com", " ANNA@Example.com ", True),
        ("Anna@example.com", "anna@example.com", True),
        ("anna@xn--mller-kva.example", "anna@Müller.example", True),
        ("mike@example.com", "mıke@example.com", False),
        ("kate@example.com", "\u212aate@example.com", False),
        ("anna@example.com", "anna@example.com, bert@example.com", False),
        ("anna@example.com", "anna@example.org", False),
        ("anna@strasse.example", "anna@straße.example", False),
        ("anna@example.com", "", False),
    ],
)
def test_mailboxes_are_compared_by_ascii_case_only(address: str, other: str, same: bool) -> None:
    assert same_mailbox(address, other) is same


def test_people_see_the_domain_as_they_write_it() -> None:
    assert readable("anna@xn--mller-kva.example") == "anna@müller.example"
    assert readable("anna@xn--0.example") == "anna@xn--0.example"


def test_a_plain_address_is_looked_up_once() -> None:
    assert spellings("anna@example.com") == ["anna@example.com"]
    assert spellings("Anna@xn--mller-kva.example") == [
        "anna@xn--mller-kva.example",
        "Anna@xn--mller-kva.example",
        "anna@müller.example",
    ]
