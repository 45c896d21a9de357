"""The table that people read."""

from collections.abc import Iterator

from .changing import LOST, TWICE
from .run import Report
from .trial import ANNA, LATE, Row

MOST_GROWTH = 10  # megabytes
HEAD = f"{'call':<13} {'fault':<34} {'over':<4} {'page':>4} {'ms':>5}  {'what the page said':<52} verdict"


def line(row: Row) -> str:
    """Return one row."""
    case, verdict = row.case, "; ".join(row.wrong) or "ok"
    who = f"{case.call} ({case.customer_id})" if case.customer_id != ANNA else case.call
    what = f"{who:<13} {case.label:<34} {case.transport:<4}"
    return f"{what} {row.status:>4} {row.ms:>5.0f}  {row.said[:52]:<52} {verdict}"


def totals(report: Report) -> str:
    """Return the last line."""
    rows = report.rows
    counted = {
        "not ok": sum(bool(row.wrong) for row in rows),
        LATE: _count(report, LATE),
        TWICE: _count(report, TWICE),
        "wrong statements": _count(report, "wrong statement"),
        "typed values lost": _count(report, LOST),
    }
    told = ", ".join(f"{name} {number}" for name, number in counted.items())
    threads = "all threads idle" if report.idle else "threads still busy"
    return f"{len(rows)} cases: {told}; memory {report.grown:+.1f} MB; {threads}"


def is_fine(report: Report) -> bool:
    """Whether every case is ok, memory held and all threads are free."""
    return not any(row.wrong for row in report.rows) and report.grown <= MOST_GROWTH and report.idle


def lines(report: Report) -> Iterator[str]:
    """Yield the whole table."""
    yield HEAD
    yield from map(line, report.rows)
    yield totals(report)


def _count(report: Report, what: str) -> int:
    return sum(wrong.startswith(what) for row in report.rows for wrong in row.wrong)
