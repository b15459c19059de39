"""What an agent says against a choice of the router, and what a person answers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ContestedOffer(models.Model):
    """An agent contests an offer: one made to them, or one that went to somebody else. The offer stays as it was."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    offer = models.ForeignKey("contacts.Offer", on_delete=models.CASCADE, related_name="contests")
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("foundation.User", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "agent"], name="an_offer_is_contested_once_by_an_agent"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, outcome="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, outcome__in=["accepted", "refused"]),
                name="a_contested_offer_is_answered_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["agent", "at"], name="contested_offers_of_agent")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.outcome or '?'}"
