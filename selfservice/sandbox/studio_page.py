"""The page on which the studio's side of the story is played: accept or reject what members asked for."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from html import escape

from .api import Answer
from .people import ADDRESS, CONTACT, MASTER, PAYMENT, WaitingAmendment

_TITLES = {CONTACT: "Contact", ADDRESS: "Address", MASTER: "Personal data", PAYMENT: "Bank account"}
_NOTICES = {
    "accepted": "Accepted. The member's data has been changed.",
    "rejected": "Rejected. The member's data stays as it was.",
    "gone": "This request no longer waits: it was withdrawn or already decided.",
}
_STYLE = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:46rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.1rem;margin:0}
p{margin:.4rem 0}.quiet{opacity:.75}
.notice{border-left:.3rem solid #0b6e4f;padding:.6rem .8rem;background:#0b6e4f1f}
article{border:1px solid #8886;border-radius:.6rem;padding:1rem;margin:1rem 0}
table{width:100%;border-collapse:collapse;margin:.8rem 0;table-layout:fixed}
caption,th,td{text-align:left;vertical-align:top;overflow-wrap:anywhere}
th,td{padding:.35rem .25rem;border-top:1px solid #8884;font-size:.9rem}th{font-weight:600}
img{display:block;box-sizing:border-box;max-width:100%;margin-bottom:.8rem;height:7rem}
img{background:#fff;border:1px solid #8886;border-radius:.4rem}
form{display:inline}
button{font:inherit;min-height:44px;padding:.4rem 1.2rem;border-radius:.4rem;border:1px solid #0b6e4f;cursor:pointer}
.yes{background:#0b6e4f;color:#fff}.no{background:none;color:inherit;border-color:#888}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def studio_page(waiting: Iterable[WaitingAmendment], studio_names: Mapping[str, str], notice: str = "") -> Answer:
    """The waiting amendments as HTML, in the order given. `notice` is accepted, rejected, gone, or says nothing."""
    cards = [_card(each, studio_names.get(each.studio, each.studio)) for each in waiting]
    body = "".join(cards) or "<p>Nothing waits. Ask for a change in the portal and reload this page.</p>"
    said = f'<p class="notice" role="status">{_NOTICES[notice]}</p>' if notice in _NOTICES else ""
    html = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Requested changes</title><style>{_STYLE}</style></head>
<body><main><h1>Requested changes</h1>
<p class="quiet">The studio's side of the simulated gym. All members are invented.</p>{said}{body}</main></body></html>
"""
    headers = (
        ("Content-Security-Policy", _POLICY),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        # no-referrer would turn the Origin of the forms on this page into "null".
        ("Referrer-Policy", "same-origin"),
    )
    return Answer(200, html.encode(), "text/html; charset=utf-8", headers)


def _card(each: WaitingAmendment, studio: str) -> str:
    amendment = each.amendment
    return f"""
<article><h2>{escape(each.member)}: {escape(_TITLES[amendment.data_set])}</h2>
<p class="quiet">{escape(studio)} · customer {escape(each.customer_number)} · request {amendment.id}</p>
{_changes(each.current, amendment.values)}{_signature(amendment.signature)}
<div>{_button(each, "accept", "yes")} {_button(each, "reject", "no")}</div></article>"""


def _changes(current: Mapping[str, object], requested: Mapping[str, object]) -> str:
    names = [*requested, *(name for name in current if name not in requested)]
    changed = [name for name in names if current.get(name) != requested.get(name)]
    if not changed:
        return "<p>No value changes.</p>"
    rows = "".join(_row(name, current.get(name), requested.get(name)) for name in changed)
    headings = '<th scope="col">Field</th><th scope="col">Current</th><th scope="col">Requested</th>'
    return f"<table><thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>"


def _row(name: str, current: object, requested: object) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    label = escape(words.upper() if name in ("iban", "bic") else words.capitalize())
    return f'<tr><th scope="row">{label}</th><td>{_value(current)}</td><td>{_value(requested)}</td></tr>'


def _value(value: object) -> str:
    if value is None:
        return "–"
    return escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _signature(encoded: str | None) -> str:
    if not encoded:
        return ""
    return f'<img src="data:image/svg+xml;base64,{escape(encoded)}" alt="Signature of the member">'


def _button(each: WaitingAmendment, action: str, style: str) -> str:
    label = escape(f"{action.capitalize()}: {each.member}, {_TITLES[each.amendment.data_set]}")
    return (
        f'<form method="post" action="/_studio/{each.amendment.id}/{action}">'
        f'<button class="{style}" aria-label="{label}">{action.capitalize()}</button></form>'
    )
