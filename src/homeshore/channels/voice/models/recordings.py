"""Recordings of calls: what a queue asks for, what each customer said to it, and the sound in sealed pieces."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice.models.calls import Call


class RecordingRule(models.Model):
    """The share of a queue's calls that are recorded, in percent; a queue without a rule records nothing."""

    queue = models.OneToOneField("brands.Queue", on_delete=models.CASCADE, related_name="+")
    share = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])

    def __str__(self) -> str:
        return f"{self.share}% of queue {self.queue_id}"


class Recording(models.Model):
    """That a call is to be recorded: when its customer was told, whether they refused, and what interrupts (`Pause`s)."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="recording")
    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)
    began_at = models.DateTimeField(null=True, help_text="Of the first take.")

    class Meta:
        indexes = [models.Index(fields=["operator", "began_at"], name="recordings_of_operator")]

    def __str__(self) -> str:
        return f"recording of call {self.call_id}"


class Take(models.Model):
    """What one page of an agent recorded without a break: an agent after a transfer, or a page loaded again, makes another."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="takes")
    number = models.PositiveSmallIntegerField()
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    leg = models.PositiveSmallIntegerField()
    media_type = models.CharField(max_length=80)
    began_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recording", "number"], name="takes_are_numbered")]

    def __str__(self) -> str:
        return f"take {self.number} of {self.recording_id}"


class Piece(models.Model):
    """Some seconds of a take, sealed: a piece cannot be heard without those before it. `size` is that of the sound, in bytes."""

    take = models.ForeignKey(Take, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="recordings/%Y/%m/")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["take", "number"], name="pieces_are_numbered")]

    def __str__(self) -> str:
        return f"piece {self.number} of {self.take_id}"


class Moment(models.Model):
    """Something that happened while a call was recorded, for whoever listens to it."""

    class Kind(models.TextChoices):
        PAUSED_BY_AGENT = "agent", _("paused by the agent")
        PAUSED_FOR_DESK_CARD = "desk_card", _("paused: a card is being typed at the desk")
        PAUSED_FOR_PAGE_CARD = "page_card", _("paused: a card is being typed on the customer’s page")
        PAUSED_FOR_OUTSIDE = "outside", _("paused: somebody outside the house speaks, who was not told")
        RESUMED = "resumed", _("recorded again")
        HELD = "held", _("on hold")
        TAKEN_BACK = "taken_back", _("taken back from hold")
        JOINED = "joined", _("a third person joins")
        PARTED = "parted", _("the third person no longer speaks with the customer")
        REFUSED = "refused", _("the customer refuses to be recorded")

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="moments")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["recording", "at"], name="moments_of_recording")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%H:%M:%S}"
