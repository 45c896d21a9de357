"""Where sessions are kept: in the database, each with whose it is beside it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, cast

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import BrowserSession

# Where a member's session notes whose it is; see signin/session.py.
KEY = "member"


def row_key(session_key: str | None) -> str:
    """Return what a session's row is found by: whoever reads the database can open no session with it."""
    return salted_hmac("selfservice.sessions", session_key or "", algorithm="sha256").hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's sessions in the database, in rows that know their customer and hold a keyed hash of their key."""

    _saved: tuple[str | None, dict[str, Any]] | None = None

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        """Return the rows' model."""
        return BrowserSession

    def _get_session_from_db(self) -> BrowserSession | None:
        found = BrowserSession.objects.filter(session_key=row_key(self.session_key), expire_date__gt=timezone.now())
        session: BrowserSession | None = found.first()
        if session is None:
            self._session_key = None
        return session

    def exists(self, session_key: str) -> bool:
        """Say whether there is a session of this key."""
        return BrowserSession.objects.filter(session_key=row_key(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        """End the session of this key, by default this one."""
        BrowserSession.objects.filter(session_key=row_key(session_key or self.session_key)).delete()

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  # the signature is Django's
        """Save; raises UpdateError when the session has ended meanwhile, OperationalError when the database fails."""
        content = (self.session_key, dict(self.items()))
        if not must_create and content == self._saved:
            return  # once is enough: a second time could only fail, after what goes with it has been done
        try:
            super().save(must_create)
            self._saved = (self.session_key, deepcopy(dict(self.items())))
        except UpdateError as error:
            # Django says the same of a session that is gone and of a database that is.
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise

    def create_model_instance(self, data: Mapping[str, Any]) -> BrowserSession:
        """Return the row for this content."""
        row = cast("BrowserSession", super().create_model_instance(dict(data)))
        whose = data.get(KEY) or {}
        row.session_key = row_key(row.session_key)
        row.studio, row.customer_id = whose.get("studio", ""), whose.get("customer")
        return row
