"""All that this portal stores itself: no personal data, only keyed hashes, customer ids and names of fields."""

from django.db import models


class SignInChallenge(models.Model):
    """A one-time code that has been mailed, as keyed hashes: neither the code nor the address can be read from it.

    The browser that asked holds the signed counterpart in a cookie; without it the code is worth nothing.
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


class AuditEntry(models.Model):
    """Who did what for whom and when, without any value. Written by audit.record() alone and never changed."""

    at = models.DateTimeField(db_index=True)
    studio = models.SlugField()
    actor = models.CharField(max_length=100)
    customer_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=40)
    data_set = models.SlugField(blank=True)
    fields = models.JSONField(default=list)
    amendment_id = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    attempt = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="outcomes")

    class Meta:
        indexes = [models.Index(fields=["studio", "customer_id", "at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.studio} {self.action} {self.outcome or 'attempt'}"
