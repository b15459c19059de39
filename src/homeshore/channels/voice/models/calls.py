"""A call and its legs: the history of who spoke with whom, and how it ended."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """The two ends of a call."""

    CUSTOMER = "customer", _("customer")
    AGENT = "agent", _("agent")


class Call(models.Model):
    """The sound of one contact: from the moment a customer calls, or is called, until both ends are silent.

    `driver` names what carries it. `round` rises each time the two ends must find each other anew. A customer who is cut
    off and calls again, before their agent has closed the contact, has a second call in the same contact.
    """

    class State(models.TextChoices):
        DIALLING = "dialling", _("being called")
        QUEUED = "queued", _("waiting")
        RINGING = "ringing", _("ringing")
        CONNECTING = "connecting", _("connecting")
        TALKING = "talking", _("talking")
        HELD = "held", _("on hold")
        ENDED = "ended", _("ended")

    class EndedBy(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        AGENT = "agent", _("agent")
        NETWORK = "network", _("network")
        HOUSE = "house", _("house")

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="calls")
    conversation_id = models.BigIntegerField(help_text="Of the contact: its customer listens on `thread:ID`.")
    driver = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    round = models.PositiveIntegerField(default=0)
    attempt = models.OneToOneField(
        "outbound.Entry",
        on_delete=models.RESTRICT,
        null=True,
        related_name="call",
        help_text="What the gate let pass: the house called the customer.",
    )
    began_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, help_text="Sound went both ways for the first time.")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, choices=EndedBy, blank=True)
    why = models.CharField(max_length=40, blank=True)
    listening_told_at = models.DateTimeField(
        null=True, help_text="The customer was told that somebody may listen; before, nobody may."
    )
    listening_refused_at = models.DateTimeField(null=True, help_text="The customer whom the house called refused it.")
    settled = models.BooleanField(default=False, help_text="It ended, and so did its contact: nothing is left to do.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact"], condition=~Q(state="ended"), name="one_call_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="ended_call_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(settled=False), name="calls_to_follow")]

    def __str__(self) -> str:
        return f"call {self.pk}"


class Leg(models.Model):
    """One agent's part in a call: their phone rings, the ends find each other, they talk, it is over.

    A contact that is offered twice, or transferred, has a leg for each; never two at once.
    """

    class State(models.TextChoices):
        RINGING = "ringing", _("ringing")
        CONNECTING = "connecting", _("connecting")
        TALKING = "talking", _("talking")
        ENDED = "ended", _("ended")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="legs")
    number = models.PositiveSmallIntegerField()
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    offer_id = models.CharField(max_length=60, blank=True)
    assignment_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State)
    began_at = models.DateTimeField()
    rang_at = models.DateTimeField(null=True, help_text="The agent's phone was heard to ring.")
    accepted_at = models.DateTimeField(null=True)
    customer_heard_at = models.DateTimeField(null=True, help_text="Sound of the agent first reached the customer.")
    agent_heard_at = models.DateTimeField(null=True, help_text="Sound of the customer first reached the agent.")
    answered_at = models.DateTimeField(null=True, help_text="The later of the two.")
    held_since = models.DateTimeField(null=True)
    hand_raised_at = models.DateTimeField(null=True, help_text="The agent asks a supervisor for help.")
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="legs_are_numbered"),
            models.UniqueConstraint(fields=["call"], condition=~Q(state="ended"), name="one_open_leg_per_call"),
        ]
        indexes = [models.Index(fields=["agent", "began_at"], name="legs_of_agent")]

    def __str__(self) -> str:
        return f"call {self.call_id}, leg {self.number}"
