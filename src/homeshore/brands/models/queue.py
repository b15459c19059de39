"""A brand's queues: what a contact must find in an agent, how soon, and how it may end."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from homeshore.brands.policy import ANSWER, HOLD


class Channel(models.TextChoices):
    """By what a customer reaches us."""

    VOICE = "voice", _("calls")
    CHAT = "chat", _("chats")
    EMAIL = "email", _("e-mails")
    SOCIAL = "social", _("social messages")
    TASK = "task", _("tasks")


class Activity(models.TextChoices):
    """What is done for the brand (M7)."""

    CUSTOMER_SERVICE = "customer_service", _("customer service")
    ASSISTANCE = "assistance", _("assistance")
    SALES = "sales", _("sales")
    AFTER_SALES = "after_sales", _("after-sales")
    COLLECTION = "collection", _("debt collection")
    SURVEY = "survey", _("surveys")
    APPOINTMENTS = "appointments", _("appointments")
    SECRETARIAT = "secretariat", _("tele-secretariat")
    COMMUNITY = "community", _("community management")


class OutsideHours(models.TextChoices):
    """What becomes of a queue's contacts while the brand is closed."""

    ANSWER = ANSWER, _("offered to whoever is ready")
    HOLD = HOLD, _("kept until the brand opens")


class Queue(models.Model):
    """Contacts of one brand, channel and activity that wait for agents with the same skills.

    Its columns are the rules in force; `versions` tells since when, who set them, and what is planned. A queue that is
    not active any more names the one that takes its contacts.
    """

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="queues")
    brand = models.ForeignKey("brands.Brand", on_delete=models.CASCADE, related_name="queues")
    name = models.CharField(max_length=80)
    slug = models.SlugField()
    channel = models.CharField(max_length=10, choices=Channel)
    activity = models.CharField(max_length=20, choices=Activity)
    target_seconds = models.PositiveIntegerField(help_text="The y of the service level: answered within y seconds.")
    target_percent = models.PositiveSmallIntegerField(default=80, help_text="The x of the service level.")
    offer_seconds = models.PositiveIntegerField(default=20)
    wrap_up_seconds = models.PositiveIntegerField(default=60)
    priority = models.PositiveSmallIntegerField(default=0)
    cost = models.FloatField(default=1.0, help_text="The weight of its waiting against other queues'.")
    rings = models.JSONField(default=list, help_text="[{after_seconds, needs: {skill: level}}], as the needs relax.")
    overflow = models.JSONField(default=list, help_text="[{after_seconds, queue}]: whose agents help from when.")
    reserve = models.PositiveSmallIntegerField(default=0, help_text="Free agents the other queues keep for this one.")
    last_agent_days = models.PositiveSmallIntegerField(default=0)
    sticky_seconds = models.PositiveIntegerField(default=0)
    interruptible = models.BooleanField(default=True, help_text="May be put aside for a call.")
    outside_hours = models.CharField(max_length=10, choices=OutsideHours, default=OutsideHours.ANSWER)
    disposition_required = models.BooleanField(default=True)
    moved_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "slug"], name="one_queue_per_slug")]

    def __str__(self) -> str:
        return self.name


class QueueVersion(models.Model):
    """The rules of a queue from a date on. A version that has come into force never changes; a planned one may be withdrawn."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    policy = models.JSONField(help_text="brands.policy.QueuePolicy as plain values.")
    valid_from = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, help_text="Why, in the words of who set it.")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["queue", "number"], name="one_version_per_number")]
        indexes = [
            models.Index(
                fields=["valid_from"],
                condition=models.Q(applied_at__isnull=True, withdrawn_at__isnull=True),
                name="versions_to_come",
            )
        ]

    def __str__(self) -> str:
        return f"{self.queue} v{self.number}"


class QueueNeed(models.Model):
    """The least level of a skill that an agent must have to take the queue's contacts."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="needs")
    skill = models.ForeignKey("people.Skill", on_delete=models.CASCADE, related_name="+")
    minimum = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "skill"], name="one_need_per_skill"),
            models.CheckConstraint(condition=models.Q(minimum__gte=1, minimum__lte=5), name="need_from_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} ≥ {self.minimum}"


class Disposition(models.Model):
    """How a contact ended, in two levels: a reason and its detail."""

    brand = models.ForeignKey("brands.Brand", on_delete=models.CASCADE, related_name="dispositions")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="details")
    code = models.SlugField()
    name = models.CharField(max_length=80)
    resolved = models.BooleanField(default=True, help_text="The customer's matter is settled.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["brand", "code"], name="one_disposition_per_code")]

    def __str__(self) -> str:
        return self.name
