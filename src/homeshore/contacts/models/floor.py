"""A floor, who owns it, what its router has yet to consume, and what it has consumed."""

from django.db import models


class Floor(models.Model):
    """A set of queues and the agents they share, routed by one owner at a time.

    The owner holds a lease (`owner`, `lease_until`); each new owner raises `epoch`, and every commit of decisions checks it.
    """

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="floors")
    name = models.CharField(max_length=80)
    owner = models.CharField(max_length=80, blank=True)
    epoch = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    seq = models.PositiveBigIntegerField(default=0, help_text="The last input consumed.")
    day = models.DateField(null=True, help_text="The local day whose acts the router counts.")

    def __str__(self) -> str:
        return self.name


class Router(models.Model):
    """A process that routes, until it stops saying so: among how many the floors are shared."""

    name = models.CharField(max_length=80, unique=True)
    alive_until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class FloorPolicy(models.Model):
    """What holds on a whole floor from a date on. A version that came into force never changes; see routing.policy.Policy."""

    floor = models.ForeignKey(Floor, on_delete=models.CASCADE, related_name="policies")
    number = models.PositiveIntegerField()
    rules = models.JSONField(help_text="What people set of routing.policy.Policy, as plain values.")
    valid_from = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, help_text="Why, in the words of who set it.")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["floor", "number"], name="one_policy_per_number")]

    def __str__(self) -> str:
        return f"{self.floor_id} v{self.number}"


class QueueOnFloor(models.Model):
    """Which floor routes a queue's contacts, and what its router was told of the brand's hours."""

    queue = models.OneToOneField("brands.Queue", on_delete=models.CASCADE, related_name="on_floor")
    floor = models.ForeignKey(Floor, on_delete=models.CASCADE, related_name="queues")
    opens_at = models.DateTimeField(null=True, help_text="Kept until then, because the brand is closed.")
    opened_at = models.DateTimeField(null=True, help_text="When it was last opened after having been kept.")

    def __str__(self) -> str:
        return f"{self.queue_id} on {self.floor_id}"


class Fact(models.Model):
    """Something that happened and that the floor's router has yet to take in.

    Written in the transaction that made it true, deleted in the one that journals it: consumed exactly once, whatever
    order transactions commit in. `input` is an input of the routing core as plain data.
    """

    floor = models.ForeignKey(Floor, on_delete=models.CASCADE, related_name="facts")
    input = models.JSONField()

    def __str__(self) -> str:
        return f"{self.input.get('kind')} {self.pk}"


class JournalEntry(models.Model):
    """An input as the router consumed it: the floor's history, enough to decide everything again.

    `decided` is the SHA-256 of the decisions that it led to, as canonical JSON, and empty when it led to none.
    """

    floor = models.ForeignKey(Floor, on_delete=models.CASCADE, related_name="journal", db_index=False)
    seq = models.PositiveBigIntegerField()
    epoch = models.PositiveBigIntegerField()
    now = models.BigIntegerField(help_text="Milliseconds since the epoch, UTC.")
    input = models.JSONField()
    decided = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["floor", "seq"], name="one_entry_per_seq")]

    def __str__(self) -> str:
        return f"{self.floor_id}-{self.seq}"


class Checkpoint(models.Model):
    """The router's whole state after an input, as compressed canonical JSON, from which a replay may start."""

    floor = models.ForeignKey(Floor, on_delete=models.CASCADE, related_name="checkpoints", db_index=False)
    seq = models.PositiveBigIntegerField()
    state = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["floor", "seq"], name="one_checkpoint_per_seq")]

    def __str__(self) -> str:
        return f"{self.floor_id}-{self.seq}"
