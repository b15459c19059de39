"""What the embedded driver knows of the two browsers, while a call lasts and not longer."""

from django.db import models

from homeshore.channels.voice.models.calls import Call, Side


class Browser(models.Model):
    """The page that carries one end of a call, known by `device`, a word it chose; it gives signs of life."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="browsers")
    side = models.CharField(max_length=10, choices=Side)
    device = models.CharField(max_length=40)
    alive_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "side"], name="one_browser_per_end")]

    def __str__(self) -> str:
        return f"call {self.call_id}, {self.side}"


class Signal(models.Model):
    """What one browser says to the other so that they find each other (SDP, ICE candidates): gone when the call ends."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="signals")
    round = models.PositiveIntegerField()
    sender = models.CharField(max_length=10, choices=Side)
    kind = models.CharField(max_length=12)
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["call", "sender", "id"], name="signals_of_call")]

    def __str__(self) -> str:
        return f"call {self.call_id}, {self.kind}"
