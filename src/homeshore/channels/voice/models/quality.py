"""How calls sounded, sample by sample, and when an agent's line was too weak for them."""

from django.db import models
from django.db.models import Q

from homeshore.channels.voice.models.calls import Call, Side


class Sample(models.Model):
    """What one end measured of what it received over a few seconds; `mos` is the E-model's."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="samples")
    leg = models.PositiveSmallIntegerField()
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side, help_text="The end that measured: sound towards it.")
    at = models.DateTimeField()
    loss = models.FloatField(help_text="Share of packets lost, 0 to 1.")
    jitter_ms = models.FloatField()
    round_trip_ms = models.FloatField()
    mos = models.FloatField()

    class Meta:
        indexes = [
            models.Index(fields=["call", "leg", "side", "id"], name="samples_of_leg"),
            models.Index(fields=["agent", "at"], name="samples_of_agent"),
        ]

    def __str__(self) -> str:
        return f"call {self.call_id}, {self.side}: {self.mos:.1f}"


class WeakLine(models.Model):
    """A time in which no call was offered to an agent because their line was too weak; `mos` is what it had come to."""

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="weak_lines")
    mos = models.FloatField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent"], condition=Q(ended_at__isnull=True), name="one_weakness_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} since {self.since:%H:%M}"
