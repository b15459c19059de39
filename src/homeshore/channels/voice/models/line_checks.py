"""Checks of agents' lines at home, kept with their date, and the bars that operators set for calls."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class LineCheck(models.Model):
    """One check: all figures as `services.line_checks` keeps them, and the score of the sound (None when there was no relay to measure through)."""

    class Kind(models.TextChoices):
        WHOLE = "whole"
        SHIFT = "shift"

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="line_checks")
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind)
    seconds = models.PositiveSmallIntegerField(help_text="Of sound that went through the relay and back.")
    mos = models.FloatField(null=True)
    lowest_mos = models.FloatField(null=True)
    figures = models.JSONField()
    browser = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agent", "at"], name="line_checks_of_agent")]

    def __str__(self) -> str:
        return f"agent {self.agent_id}, {self.at:%Y-%m-%d %H:%M}"


class LineBar(models.Model):
    """What the calls of a queue ask of a line; queues without one ask what `quality.line_check.Bar` does."""

    queue = models.OneToOneField("brands.Queue", on_delete=models.CASCADE, related_name="+")
    mos = models.FloatField(validators=[MinValueValidator(1), MaxValueValidator(4.4)])
    kbps = models.PositiveIntegerField()
    headset = models.BooleanField()
    wire = models.BooleanField()

    def __str__(self) -> str:
        return f"bar of queue {self.queue_id}"
