"""Who is beside an agent in a call, and what pages say to find each other: a supervisor who listens, whispers or has joined; a
colleague, or somebody outside the house, whom the agent asks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice.models.calls import Call


class ListeningRule(models.Model):
    """Whether supervisors may listen to a queue's calls, of which its callers are then told; without a rule they may not."""

    queue = models.OneToOneField("brands.Queue", on_delete=models.CASCADE, related_name="+")
    allowed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"queue {self.queue_id}: {self.allowed}"


class Companion(models.Model):
    """Somebody beside the agent in a call: their sound goes to and from the agent's page, which mixes it.

    A person is beside one agent at a time. `round` rises each time the two pages must find each other anew. What is over stays,
    as the history of who was in a call. A `colleague` was `asked_by` the agent, with a note; supervisors come by themselves.

    Somebody outside the house was asked too, by the call that the gate let pass as `attempt`: they have no page and no account, and the
    telephone of the house is in the place of their page. `passes_on` when the call is to be theirs as soon as they answer.
    """

    class Part(models.TextChoices):
        LISTEN = "listen", _("listens")
        WHISPER = "whisper", _("speaks to the agent alone")
        JOIN = "join", _("speaks to both")
        ASKED = "asked", _("is asked, and has not answered")
        CONSULT = "consult", _("speaks with the agent while the customer is on hold")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="companions")
    user = models.ForeignKey("foundation.User", on_delete=models.PROTECT, null=True, related_name="+")
    leg = models.PositiveSmallIntegerField(help_text="The agent's part in the call beside whom they are.")
    part = models.CharField(max_length=10, choices=Part)
    round = models.PositiveIntegerField(default=1)
    colleague = models.ForeignKey("people.Agent", on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey("people.Agent", on_delete=models.PROTECT, null=True, related_name="+")
    attempt = models.OneToOneField(
        "outbound.Entry",
        on_delete=models.RESTRICT,
        null=True,
        related_name="companion",
        help_text="Of who is outside the house.",
    )
    passes_on = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, help_text="Who was asked said yes.")
    alive_until = models.DateTimeField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="beside_one_agent_at_a_time"),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(ended_at=None, asked_by__isnull=False),
                name="one_asked_per_call",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, attempt=None)
                | Q(user=None, colleague=None, asked_by__isnull=False, attempt__isnull=False),
                name="who_is_outside_was_called",
            ),
        ]
        indexes = [models.Index(fields=["call"], condition=Q(ended_at=None), name="companions_of_call")]

    def __str__(self) -> str:
        return f"{self.user} in call {self.call_id}"

    @property
    def is_asked_for(self) -> bool:
        """Whether the agent asked them; supervisors come by themselves."""
        return self.asked_by_id is not None


class CompanionSignal(models.Model):
    """What a companion's page and the agent's say to each other: gone when the round is over."""

    companion = models.ForeignKey(Companion, on_delete=models.CASCADE, related_name="signals")
    from_agent = models.BooleanField()
    kind = models.CharField(max_length=12)
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["companion", "from_agent", "id"], name="signals_of_companion")]

    def __str__(self) -> str:
        return f"companion {self.companion_id}, {self.kind}"
