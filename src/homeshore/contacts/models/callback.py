"""Who is to be called back: on what number, since when, and in which words they asked for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Callback(models.Model):
    """A contact that is answered by calling the customer back, when its turn comes or at a moment that was promised.

    `wording` is the sentence that was agreed to, as it was shown or said; with `asked_at` it shows that the call was
    asked for. Without a number the customer is rung on the page they keep open.
    """

    class AskedBy(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        AGENT = "agent", _("agent")

    contact = models.OneToOneField("contacts.Contact", on_delete=models.CASCADE, related_name="callback")
    asked_by = models.CharField(max_length=10, choices=AskedBy)
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    wording = models.TextField()
    number = models.CharField(max_length=16, blank=True, help_text="E.164: + and digits; empty: on the open page.")
    wanted_at = models.DateTimeField(null=True, help_text="The moment promised; none: when its turn comes.")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="The customer called by themselves meanwhile.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_by="agent", agent__isnull=False) | Q(asked_by="customer", agent__isnull=True),
                name="a_callback_says_who_asked",
            )
        ]

    def __str__(self) -> str:
        return f"callback of {self.contact_id}"
