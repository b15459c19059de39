"""How much somebody may still do, and what is kept for a while: shared by all processes, so that a limit is one limit."""

from django.db import models


class Allowance(models.Model):
    """What is left of a limit for one side: it fills with time, `per_second`, up to `burst`."""

    key = models.CharField(max_length=200, primary_key=True)
    remaining = models.FloatField()
    burst = models.FloatField()
    per_second = models.FloatField()
    at = models.FloatField(help_text="Seconds since 1970, UTC.")

    def __str__(self) -> str:
        return f"{self.key} {self.remaining:.1f}"


class SharedValue(models.Model):
    """The table of Django's cache, in the columns that its database backend expects: attempts to sign in are counted here."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
