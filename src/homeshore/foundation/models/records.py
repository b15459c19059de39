"""What any site must keep: events, what is to be sent, answers given, and who did what."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """A change of state, written in the transaction that made it; `feed` reads and pushes them.

    `transaction` is PostgreSQL's 64-bit transaction id and 0 on SQLite, where the order of ids is the order of commits.
    """

    transaction = models.BigIntegerField(default=0)
    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+", db_index=False)
    topics = models.JSONField()
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["transaction", "id"], name="event_position"),
            models.Index(fields=["operator", "transaction", "id"], name="event_position_of_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class GrantRevocation(models.Model):
    """Subscriptions to the feed that were signed for `principal` up to `at` are void."""

    principal = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.principal


class OutboxMessage(models.Model):
    """Something to be done outside after the commit (a mail, a webhook): retried, and visible when it fails."""

    class State(models.TextChoices):
        PENDING = "pending", _("to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state="pending"), name="outbox_pending")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.state}"


class IdempotentAnswer(models.Model):
    """The answer once given to a request with an Idempotency-Key: the same request gets the same answer."""

    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class AuditEntry(models.Model):
    """Who did what to what: only ever added to."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.target}"
