"""Acts: what an agent is paid for each contact, and from which rate; and what agents say against it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
        indexes = [
            models.Index(fields=["agent", "at"], name="acts_of_agent"),
            models.Index(fields=["operator", "at"], condition=Q(amount_cents=0), name="acts_without_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.amount_cents} {self.currency}"


class Contest(models.Model):
    """What an agent says against the price of an act, and what a person answers.

    The act itself stays as it was: a contest that is accepted may add `correction_cents`, a line of its own on the day of
    the answer.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    act = models.OneToOneField(Act, on_delete=models.CASCADE, related_name="contest")
    text = models.TextField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)
    correction_cents = models.PositiveIntegerField(default=0)
    answered_by = models.ForeignKey("foundation.User", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, outcome="", correction_cents=0)
                | Q(answered_at__isnull=False, answered_by__isnull=False, outcome__in=["accepted", "refused"]),
                name="a_contest_is_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(correction_cents=0) | Q(outcome="accepted"), name="only_what_is_accepted_is_corrected"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act_id} {self.outcome or '?'}"
