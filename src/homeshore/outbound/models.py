"""The register of calls that the house places: whom it may call, what they said of it, and each attempt; and lists to be called."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeshore.outbound.gate.register import Kind
from homeshore.outbound.gate.rules import TO_CUSTOMERS, Purpose
from homeshore.outbound.lists.course import State


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


class CallList(models.Model):
    """People whom agents call one after the other, each after having read about them (`lists`). The calls count in `queue`.

    `caller_number` is the number they see (E.164; empty: that of the queue). `weekdays` (0 is Monday) and the time from `opens` to `closes`,
    in the operator's zone, say when anybody is called at all; the gate's own hours hold beside them. Who does not answer is tried
    again after `pause_hours`, at most `most_attempts` times.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("not started")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    PURPOSES = [(purpose.value, purpose.value) for purpose in TO_CUSTOMERS if purpose != Purpose.CALLBACK]

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey("brands.Brand", on_delete=models.CASCADE, related_name="+")
    queue = models.ForeignKey("brands.Queue", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=16, choices=PURPOSES)
    about_contract = models.BooleanField(default=False)
    caller_number = models.CharField(max_length=16, blank=True)
    weekdays = models.JSONField(default=list)
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    most_attempts = models.PositiveSmallIntegerField(default=3)
    pause_hours = models.PositiveSmallIntegerField(default=24)
    script = models.TextField(blank=True)
    columns = models.JSONField(default=list, help_text="Names of the free columns of its files, in their order.")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["operator", "state"], name="lists_of_operator")]

    def __str__(self) -> str:
        return self.name


class ListEntry(models.Model):
    """Somebody on a list. `lists.course` says what its states mean; `told` holds the free columns of `line` of the file.

    While it is previewed, it is in the hands of `agent` until `until`; while it is called, in those of who has `contact`. `due_at` is the moment
    from which it may be given out, `wanted_agent` whoever they want to speak with. `asked_back`: they asked for that moment themselves; `promised_for`
    is the moment they asked for in the contact that goes on. `tried` counts the calls without an answer since the last talk. `why` has the
    codes of what keeps them from being called.
    """

    STATES = [(state.value, state.value) for state in State]

    call_list = models.ForeignKey(CallList, on_delete=models.CASCADE, related_name="entries")
    line = models.PositiveIntegerField()
    number = models.CharField(max_length=16, blank=True, help_text="E.164; empty when it is forgotten.")
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, default="fr")
    told = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=STATES)
    due_at = models.DateTimeField()
    asked_back = models.BooleanField(default=False)
    promised_for = models.DateTimeField(null=True)
    wanted_agent = models.ForeignKey("people.Agent", on_delete=models.SET_NULL, null=True, related_name="+")
    agent = models.ForeignKey("people.Agent", on_delete=models.SET_NULL, null=True, related_name="+")
    until = models.DateTimeField(null=True)
    contact = models.ForeignKey("contacts.Contact", on_delete=models.SET_NULL, null=True, related_name="+")
    disposition = models.ForeignKey("brands.Disposition", on_delete=models.SET_NULL, null=True, related_name="+")
    tried = models.PositiveSmallIntegerField(default=0)
    why = models.JSONField(default=list)
    imported_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["call_list", "state", "due_at"], name="entries_by_due_time"),
            models.Index(fields=["due_at"], condition=Q(asked_back=True), name="entries_asked_back"),
            models.Index(fields=["number"], name="entries_of_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=Q(state="previewed"), name="an_agent_previews_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"entry {self.pk} of list {self.call_list_id}"


class ListDeed(models.Model):
    """What was done about an entry: called in a contact, skipped by an agent, stopped by the gate. `result` is how the call ended,
    `why` the codes of the rules or of the skip, `note` what the agent wrote.
    """

    class Kind(models.TextChoices):
        CALLED = "called"
        SKIPPED = "skipped"
        STOPPED = "stopped"

    entry = models.ForeignKey(ListEntry, on_delete=models.CASCADE, related_name="deeds")
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()
    agent = models.ForeignKey("people.Agent", on_delete=models.SET_NULL, null=True, related_name="+")
    contact = models.ForeignKey("contacts.Contact", on_delete=models.SET_NULL, null=True, related_name="+")
    disposition = models.ForeignKey("brands.Disposition", on_delete=models.SET_NULL, null=True, related_name="+")
    result = models.CharField(max_length=12, blank=True)
    why = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["contact"], name="deeds_of_contact")]

    def __str__(self) -> str:
        return f"{self.kind} entry {self.entry_id}"
