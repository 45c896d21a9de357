"""All that this portal stores itself: no data of members, only keyed hashes, customer ids and names of fields."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class SignInChallenge(models.Model):
    """A one-time code that has been mailed, as keyed hashes: neither the code nor the address can be read from it.

    The browser that asked holds the signed counterpart, in a cookie or in its page; without it the code is worth
    nothing. Codes that confirm a change are bound to that change, too.
    """

    studio = models.SlugField()
    browser_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)  # "" when no code was mailed, so that none can be right
    created = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    proven = models.DateTimeField(null=True)
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"sign-in challenge {self.pk} at {self.studio}"


class BrowserSession(AbstractBaseSession):
    """A browser's session, under a keyed hash of its key; with its customer, so that all of theirs can be ended."""

    studio = models.SlugField(blank=True)
    customer_id = models.BigIntegerField(null=True)

    class Meta(AbstractBaseSession.Meta):
        indexes = [models.Index(fields=["studio", "customer_id"])]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Return the store that reads and writes these rows."""
        from .sessions import SessionStore  # noqa: PLC0415  # it needs this model

        return SessionStore


class AppendOnly(models.QuerySet["AuditEntry"]):
    """Entries can be added and read; nothing changes or removes one, but for the purge of what is too old to keep."""

    def update(self, **_values: object) -> NoReturn:
        """Refuse."""
        raise NeverChanged

    def delete(self) -> NoReturn:
        """Refuse."""
        raise NeverChanged

    def bulk_create(self, objs: Iterable["AuditEntry"], *_args: object, **_kwargs: object) -> list["AuditEntry"]:
        """Add entries, in the one way that changes none that is there already."""
        return super().bulk_create(objs)

    def purge(self, before: datetime) -> int:
        """Remove what began before that moment, each attempt with all that came of it; return how many entries."""
        old = models.Q(at__lt=before, attempt=None)
        of_old = models.Q(attempt__in=self.filter(old))
        of_these = models.Q(attempt__in=self.filter(of_old))
        # The last first: an entry that others refer to can't go before them.
        return sum(super(AppendOnly, self.filter(part)).delete()[0] for part in (of_these, of_old, old))


class NeverChanged(Exception):
    """Somebody tried to change or remove an entry of the audit trail."""


class AuditEntry(models.Model):
    """Who did what for whom and when, without any value. Written by audit.record() alone and never changed.

    `account` is the staff account that it is about, beside the one that acts. `proof` says how somebody proved that
    they may ask for this change, beside being signed in; `request` is the id of the request in the logs.
    """

    at = models.DateTimeField(db_index=True)
    studio = models.SlugField()
    actor = models.CharField(max_length=254)
    customer_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=40)
    data_set = models.SlugField(blank=True)
    fields = models.JSONField(default=list)
    amendment_id = models.BigIntegerField(null=True)
    proof = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    account = models.CharField(max_length=254, blank=True)
    request = models.CharField(max_length=20, blank=True)
    attempt = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="outcomes")

    objects = AppendOnly.as_manager()

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["studio", "customer_id", "at"])]
        verbose_name = "entry of the audit trail"
        verbose_name_plural = "audit trail"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.studio} {self.action} {self.outcome or 'attempt'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; raise NeverChanged when it is there already."""
        if not self._state.adding:
            raise NeverChanged
        # Else an entry with the number of another one would take its place.
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse."""
        raise NeverChanged


class StaffStudio(models.Model):
    """A studio that a staff account may work for."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="studios")
    studio = models.SlugField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "studio"], name="one_grant_per_studio")]

    def __str__(self) -> str:
        return self.studio


class Duty(models.Model):
    """One session of somebody at the desk: who, and what their browser may show.

    Beside the session, so that no request that began earlier can write over what a later one has decided. `signing` is
    the member whose signature a handed-over tablet waits for.
    """

    name = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    state = models.CharField(max_length=20)
    signing = models.BigIntegerField(null=True)
    since = models.DateTimeField(db_index=True)
    seen = models.DateTimeField()
    proven = models.DateTimeField()
    left = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} since {self.since:%Y-%m-%d %H:%M}, {self.state}"


class Helped(models.Model):
    """A member who is being helped in one session at the desk, or `done`."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="helped")
    studio = models.SlugField()
    customer_id = models.BigIntegerField()
    done = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "studio", "customer_id"], name="one_line_per_member")]

    def __str__(self) -> str:
        return f"{self.customer_id} at {self.studio}"


class SetUpLink(models.Model):
    """The link with which a person sets up their staff account, once, as a keyed hash."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()

    def __str__(self) -> str:
        return f"set-up link until {self.expires:%Y-%m-%d %H:%M}"


class PhoneSigning(models.Model):
    """A signature on its way from a member's phone to the desk. Nobody can read the sealed parts without the link."""

    studio = models.SlugField()
    token_hash = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField(db_index=True)
    asked = models.BinaryField()
    signed = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"signature asked for until {self.expires:%Y-%m-%d %H:%M}"
