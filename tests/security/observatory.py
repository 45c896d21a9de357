"""The scoring of MDN's HTTP Observatory, as far as it looks at what a server of ours can send.

A hundred points to begin with; each test takes some away or adds some, and what is added counts only from 90 on.
Published at https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SIX_MONTHS = 15_768_000
STRICT_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
GRADES = ((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C"), (45, "C-"))


@dataclass(frozen=True)
class Score:
    """`points` as the Observatory counts them, `raw` with every bonus, and the grade for the points."""

    points: int
    raw: int

    @property
    def grade(self) -> str:
        """Return the letter."""
        return next((letter for least, letter in GRADES if self.points >= least), "D or F")


def grade(headers: Mapping[str, str], cookies: Iterable[str], body: str, *, redirected_to: str) -> Score:
    """Return the score of an answer over TLS, and of where the same address led without it."""
    directives = _directives(headers.get("content-security-policy", ""))
    modifiers = [
        _policy(directives),
        _cookies(cookies),
        -50 if headers.get("access-control-allow-origin") else 0,
        0 if redirected_to.startswith("https://") else -20,
        _referrer(headers.get("referrer-policy", "")),
        _transport(headers.get("strict-transport-security", "")),
        _scripts(body),
        0 if headers.get("x-content-type-options") == "nosniff" else -5,
        _frames(directives, headers.get("x-frame-options", "")),
        10 if headers.get("cross-origin-resource-policy") in ("same-origin", "same-site") else 0,
    ]
    penalised = 100 + sum(each for each in modifiers if each < 0)
    return Score(100 + sum(modifiers) if penalised >= 90 else penalised, 100 + sum(modifiers))


def _directives(policy: str) -> dict[str, list[str]]:
    parts = [each.split() for each in policy.split(";") if each.strip()]
    return {name.lower(): sources for name, *sources in parts}


def _policy(directives: Mapping[str, list[str]]) -> int:
    default = directives.get("default-src", [])
    scripts = directives.get("script-src", default)
    objects = directives.get("object-src", default)
    if not directives:
        return -25
    if not scripts or not objects or any(_is_broad(each) for each in [*scripts, *objects]):
        return -20
    if "'unsafe-eval'" in scripts:
        return -10
    if any(_is_broad(each) for each in directives.get("style-src", default)):
        return 0
    closed = default == ["'none'"] and directives.get("form-action") in (["'none'"], ["'self'"])
    return 10 if closed and directives.get("base-uri") in (["'none'"], ["'self'"]) else 5


def _is_broad(source: str) -> bool:
    return source.lower() in ("'unsafe-inline'", "data:", "http:", "https:", "*", "blob:")


def _cookies(cookies: Iterable[str]) -> int:
    lines = [cookie.lower() for cookie in cookies]
    if any("secure" not in line for line in lines):
        return -20
    if any("httponly" not in line for line in lines if "sess" in line):
        return -30
    if any("samesite" not in line for line in lines if "csrf" in line):
        return -20
    return 5 if lines and all(re.search("samesite=(lax|strict)", line) for line in lines) else 0


def _referrer(policy: str) -> int:
    if not policy:
        return 0
    return 5 if set(re.split(r",\s*", policy.lower())) <= STRICT_REFERRERS else -5


def _transport(header: str) -> int:
    age = re.search(r"max-age=(\d+)", header)
    if not age:
        return -20
    return 0 if int(age[1]) >= SIX_MONTHS else -10


def _scripts(body: str) -> int:
    sources = re.findall(r"<script[^>]*\ssrc=\"([^\"]*)\"", body)
    return 0 if all(re.match(r"/(?!/)", source) for source in sources) else -50


def _frames(directives: Mapping[str, list[str]], header: str) -> int:
    if "frame-ancestors" in directives:
        return 5
    return 0 if header.upper() in ("DENY", "SAMEORIGIN") else -20
