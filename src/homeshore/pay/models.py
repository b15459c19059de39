"""Acts: what an agent is paid for each contact, and from which rate."""

from django.db import models


class Act(models.Model):
    """One paid unit, one per (contact, assignment), priced when the disposition is recorded and never rewritten."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="acts")
    contact = models.ForeignKey("contacts.Contact", on_delete=models.PROTECT, related_name="acts")
    assignment = models.OneToOneField("contacts.Assignment", on_delete=models.PROTECT, related_name="act")
    brand = models.ForeignKey("brands.Brand", on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey("brands.Queue", on_delete=models.PROTECT, related_name="+")
    disposition = models.ForeignKey("brands.Disposition", on_delete=models.PROTECT, null=True, related_name="+")
    rate_card = models.ForeignKey("brands.RateCard", on_delete=models.PROTECT, null=True, related_name="+")
    amount_cents = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    parts = models.JSONField(help_text="The rates applied: id, label, kind and cents of each; empty when no rate fits.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["agent", "at"], name="acts_of_agent")]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.amount_cents} {self.currency}"
