"""Agents at work: presence, offers and assignments."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PresenceState(models.TextChoices):
    """What an agent chose; busy and wrap-up are derived from assignments, never stored."""

    OFFLINE = "offline", _("offline")
    READY = "ready", _("ready")
    BREAK = "break", _("on a break")


class BreakReason(models.TextChoices):
    """Why an agent is on a break; `no_answer` is set by the router after offers left unanswered."""

    PAUSE = "pause", _("pause")
    LUNCH = "lunch", _("lunch")
    TRAINING = "training", _("training")
    MEETING = "meeting", _("meeting")
    TECHNICAL = "technical", _("technical problem")
    NO_ANSWER = "no_answer", _("no answer to offers")


class Presence(models.Model):
    """Where an agent stands now. The lease is renewed by the agent's browser; when it lapses, the line is lost."""

    agent = models.OneToOneField("people.Agent", on_delete=models.CASCADE, related_name="presence")
    state = models.CharField(max_length=10, choices=PresenceState, default=PresenceState.OFFLINE)
    reason = models.CharField(max_length=20, choices=BreakReason, blank=True)
    since = models.DateTimeField()
    lease_until = models.DateTimeField()
    line_lost_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=~Q(state="offline") & Q(line_lost_at__isnull=True),
                name="presence_leases",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.state}"


class PresenceSpan(models.Model):
    """A stretch of an agent's day in one state, for the timeline and adherence; the last one is open."""

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="presence_spans")
    state = models.CharField(max_length=10, help_text="A presence state, or line_lost.")
    reason = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent"], condition=Q(until__isnull=True), name="one_open_span_per_agent")
        ]
        indexes = [models.Index(fields=["agent", "since"], name="spans_of_agent")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.state}"


class Offer(models.Model):
    """A contact proposed to one agent. Its id comes from the router's floor and sequence; `reasons` says why."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        TIMED_OUT = "timed_out", _("not answered")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.CharField(primary_key=True, max_length=60)
    floor = models.ForeignKey("contacts.Floor", on_delete=models.PROTECT, related_name="offers", db_index=False)
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="offers")
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="offers", db_index=False)
    queue = models.ForeignKey("brands.Queue", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    epoch = models.PositiveBigIntegerField()
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=60, blank=True, help_text="Why it was declined or withdrawn.")
    reasons = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact"], condition=Q(state="open"), name="one_open_offer_per_contact")
        ]
        indexes = [
            models.Index(fields=["agent", "offered_at"], name="offers_of_agent"),
            models.Index(fields=["queue", "offered_at"], name="offers_of_queue"),
            models.Index(fields=["floor"], condition=Q(state="open"), name="open_offers_of_floor"),
        ]

    def __str__(self) -> str:
        return self.id


class Assignment(models.Model):
    """An agent has a contact: from acceptance to transfer, requeue or closing, then wrap-up."""

    class State(models.TextChoices):
        ACTIVE = "active", _("in progress")
        WRAP_UP = "wrap_up", _("wrap-up")
        ENDED = "ended", _("ended")

    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="assignments")
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="assignments")
    offer = models.OneToOneField("contacts.Offer", on_delete=models.PROTECT, null=True, related_name="assignment")
    queue = models.ForeignKey("brands.Queue", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, help_text="When the talk with the customer ended.")
    wrap_up_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(
        max_length=60, blank=True, help_text="closed, transferred, handed_over, requeued, line_lost, reassigned."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(state="active"), name="one_active_assignment_per_contact"
            )
        ]
        indexes = [
            models.Index(fields=["agent", "state"], condition=~Q(state="ended"), name="work_of_agent"),
            models.Index(fields=["agent", "opened_at"], name="assignments_of_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} → {self.agent_id}"


class Reservation(models.Model):
    """A colleague asks an agent about a contact that is not theirs: while it lasts nothing is offered to them."""

    agent = models.OneToOneField("people.Agent", on_delete=models.CASCADE, related_name="reservation")
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="reservations")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agent_id} about {self.contact_id}"
