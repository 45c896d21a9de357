"""What stands beside the API for people and tests: the studio's page, the faults, the recorded requests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from .api import Answer, Call, as_error, as_json, parse
from .demo import load_studios
from .faults import Faults
from .gym import Gym
from .recording import Recording
from .refusals import Refusal
from .studio_page import studio_page

_DECISION = re.compile(r"/_studio/([0-9]{1,19})/(accept|reject)")


@dataclass(frozen=True)
class Control:
    """Answers `/_studio/`, `/_faults` and `/_requests`: for callers on this machine only."""

    gym: Gym
    faults: Faults
    recording: Recording

    def answer(self, call: Call) -> Answer | None:
        """The answer, or None when the path belongs to the API."""
        area = call.path.split("/")[1:2]
        if area not in (["_studio"], ["_faults"], ["_requests"]):
            return None
        if not _is_local(call):
            return Answer(403, b"Only for callers on this machine.", "text/plain")
        handlers = {"_studio": self._studio, "_faults": self._faults, "_requests": self._requests}
        return handlers[area[0]](call)

    def _studio(self, call: Call) -> Answer:
        if call.method == "GET" and call.path == "/_studio":
            return _see_other("/_studio/")
        if call.method == "GET" and call.path == "/_studio/":
            names = {slug: studio.name for slug, studio in load_studios().items()}
            # What was asked for a moment ago is what the visitor came for.
            return studio_page(self.gym.waiting()[::-1], names, dict(parse_qsl(call.query)).get("done", ""))
        decision = _DECISION.fullmatch(call.path)
        if decision is None:
            return as_error(404, "path", "en")
        if call.method != "POST":
            return as_error(405, "method", "en", allow="POST")
        return _see_other(f"/_studio/?done={self._decide(int(decision[1]), decision[2])}")

    def _decide(self, amendment_id: int, action: str) -> str:
        try:
            if action == "accept":
                self.gym.accept(amendment_id)
                return "accepted"
            self.gym.reject(amendment_id)
        except KeyError:
            return "gone"
        return "rejected"

    def _faults(self, call: Call) -> Answer:
        if call.path != "/_faults":
            return as_error(404, "path", "en")
        if call.method == "POST":
            return self._queue(call.body)
        if call.method == "DELETE":
            self.faults.clear()
        elif call.method != "GET":
            return as_error(405, "method", "en", allow="GET, POST, DELETE")
        return as_json([fault.document() for fault in self.faults.waiting()])

    def _queue(self, body: bytes) -> Answer:
        try:
            self.faults.add_document(parse(body))
        except (ValueError, TypeError, Refusal) as error:
            return as_json({"errorMessage": str(error), "errorCode": "error.fault"}, 400)
        return as_json([fault.document() for fault in self.faults.waiting()], 201)

    def _requests(self, call: Call) -> Answer:
        if call.path != "/_requests":
            return as_error(404, "path", "en")
        if call.method == "DELETE":
            self.recording.clear()
        elif call.method != "GET":
            return as_error(405, "method", "en", allow="GET, DELETE")
        return as_json([request.document() for request in self.recording.all()])


def _see_other(location: str) -> Answer:
    return Answer(303, headers=(("Location", location),))


def _is_local(call: Call) -> bool:
    """Whether host and origin are this machine: a foreign name that resolves to 127.0.0.1 is not."""
    host = call.headers.get("host", "")
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    if name not in ("127.0.0.1", "localhost", "::1"):
        return False
    origin = call.headers.get("origin")
    return origin is None or origin in (f"http://{host}", f"https://{host}")
