"""Missions: programmes of work offered to agents, and who works on them under which status."""

from django.db import models

from homeshore.people.status import Status


class Mission(models.Model):
    """A programme of work for a brand: the queues it serves."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="missions")
    brand = models.ForeignKey("brands.Brand", on_delete=models.CASCADE, related_name="missions")
    name = models.CharField(max_length=120)
    queues = models.ManyToManyField("brands.Queue", related_name="missions")

    def __str__(self) -> str:
        return self.name


class Engagement(models.Model):
    """An agent works on a mission, under a status that may differ from mission to mission (M2)."""

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="engagements")
    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="engagements")
    status = models.CharField(max_length=20, choices=Status)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "agent"], condition=models.Q(until__isnull=True), name="one_engagement_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} @ {self.mission}"
