"""The register of calls that the house places: whom it may call, what they said of it, and each attempt."""

from django.db import models
from django.db.models import Q

from homeshore.outbound.gate.register import Kind


class Party(models.Model):
    """A number that is called, or is not, for one brand. `zone` is where the person is, when the number does not tell."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey("brands.Brand", on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=16, help_text="E.164: + and digits.")
    zone = models.CharField(max_length=64, blank=True)
    callback_from = models.DateTimeField(null=True, help_text="They asked to be called back, from then on.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "brand", "number"], name="one_party_per_number")]
        indexes = [
            models.Index(
                fields=["operator", "callback_from"], condition=Q(callback_from__isnull=False), name="callbacks_due"
            )
        ]

    def __str__(self) -> str:
        return f"party {self.pk}"


class Entry(models.Model):
    """Something that was said or done about calling a party: added once, never changed. `digest` binds it to the entry before."""

    KINDS = [(kind.value, kind.value) for kind in Kind]

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=KINDS)
    at = models.DateTimeField(help_text="When it happened.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")
    said_by = models.EmailField(help_text="Of who wrote it down, as it was then.")
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "position"], name="entries_are_numbered")]
        indexes = [models.Index(fields=["kind", "recorded_at"], name="entries_of_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.position} of party {self.party_id}"
