"""What somebody asked to have played: other rules, another day's volume, fewer agents; and what came of it."""

from django.db import models


class Study(models.Model):
    """A simulation under way or done. While it runs, whoever plays it says so in `beat_at`; silence means it is lost."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    floor = models.ForeignKey("contacts.Floor", on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    day = models.DateField(help_text="The local day that is played.")
    contacts = models.PositiveIntegerField(help_text="How many came on that day.")
    guessed = models.JSONField(default=list, help_text="Queues whose handling or patience is assumed.")
    recorded = models.JSONField(default=dict, help_text="The floor's measures as they were.")
    progress = models.FloatField(default=0.0)
    beat_at = models.DateTimeField()
    outcomes = models.JSONField(null=True, help_text="routing.simulator.document.write_outcomes, once it is done.")
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.floor_id} {self.day}"
