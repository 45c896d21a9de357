"""What can go wrong between the portal and PerfectGym, one class per meaning."""

from dataclasses import dataclass


@dataclass(kw_only=True, eq=False, repr=False)
class GymError(Exception):
    """A call that did not succeed.

    `reason` is a fixed word of ours ("deadline", "redirect"), the only free text in str(), repr() and logs.
    `status` is the HTTP status, None when there was no answer. `code`, `message` and `reference` are upstream's
    errorCode, errorMessage (in the language asked for; may echo what a person typed, so show it to that person and
    nobody else) and the path of the refused field. `trace_id` is what the vendor's support asks for.
    `retryable`: the same call may succeed later. `retry_after`: seconds to wait before it, when known.
    `outcome_unknown`: a change was sent and nobody knows whether it has been applied.
    """

    reason: str = ""
    status: int | None = None
    code: str | None = None
    message: str = ""
    reference: str | None = None
    trace_id: str | None = None
    retryable: bool = False
    retry_after: float | None = None
    outcome_unknown: bool = False

    def __str__(self) -> str:
        status = f"status {self.status}" if self.status else ""
        trace = f"trace {self.trace_id}" if self.trace_id else ""
        told = ", ".join(filter(None, (self.reason, status, trace)))
        return f"{type(self).__name__}: {told}" if told else type(self).__name__

    def __repr__(self) -> str:
        return f"<{self}>"


class KeyRejected(GymError):
    """401: the API key is missing, wrong or revoked."""


class ScopeMissing(GymError):
    """403: the API key may not do this."""


class NotFound(GymError):
    """404: no such customer or amendment, or the operation is not offered."""


class Conflict(GymError):
    """409: changed by somebody else meanwhile, or an amendment is already pending."""


class Invalid(GymError):
    """400 and every other 4xx: upstream refused the request; `reference` may name the field."""


@dataclass(kw_only=True, eq=False, repr=False)
class Busy(GymError):
    """429 or 503, or a studio and endpoint that still cools off after a 429 (then nothing was sent)."""

    retryable: bool = True


@dataclass(kw_only=True, eq=False, repr=False)
class Unavailable(GymError):
    """No usable answer: other 5xx, network, TLS, the deadline, or a redirect (never followed)."""

    retryable: bool = True


class Garbled(GymError):
    """An answer nobody can read: not JSON, the wrong shape, too large, compressed, or cut short."""
