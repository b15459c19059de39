"""Customers, the threads with them, the interactions in a thread, and what was said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Customer(models.Model):
    """A person who reaches a brand, known by what the channels tell of them."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey("brands.Brand", on_delete=models.CASCADE, related_name="customers")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    language = models.CharField(max_length=5, default="fr")
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True, help_text="Since when nothing says who this was.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "email"], condition=~Q(email=""), name="one_customer_per_email")
        ]

    def __str__(self) -> str:
        return self.name or self.email or (str(_("erased customer")) if self.forgotten_at else f"#{self.pk}")


class Conversation(models.Model):
    """The thread with one customer about one matter; `thread_key` is what its channel knows it by."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey("brands.Brand", on_delete=models.CASCADE, related_name="conversations")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="conversations")
    channel = models.CharField(max_length=10)
    thread_key = models.CharField(max_length=200)
    subject = models.CharField(max_length=300, blank=True)
    unverified_email = models.EmailField(
        blank=True, help_text="An address that the customer typed, as long as nobody has shown that it is theirs."
    )
    created_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    agent_read_at = models.DateTimeField(null=True)
    customer_read_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True, help_text="Since when its words, files and mails are gone.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "channel", "thread_key"], name="one_conversation_per_thread")
        ]
        indexes = [
            models.Index(
                fields=["operator", "last_message_at"],
                condition=Q(forgotten_at__isnull=True),
                name="conversations_kept",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class Contact(models.Model):
    """One interaction in a conversation, from its first inbound message or call to its disposition.

    One that an agent began by calling (`outbound`) waited for nobody: it counts in no service level, no wait and no forecast.
    """

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("from the customer")
        OUTBOUND = "outbound", _("to the customer")

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("offered")
        ACTIVE = "active", _("in progress")
        CLOSED = "closed", _("closed")

    class Outcome(models.TextChoices):
        HANDLED = "handled", _("handled")
        ABANDONED = "abandoned", _("abandoned")
        CANCELLED = "cancelled", _("cancelled")

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    floor = models.ForeignKey("contacts.Floor", on_delete=models.PROTECT, related_name="contacts")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="contacts")
    brand = models.ForeignKey("brands.Brand", on_delete=models.CASCADE, related_name="+")
    queue = models.ForeignKey("brands.Queue", on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=10)
    direction = models.CharField(
        max_length=10, choices=Direction, default=Direction.INBOUND, db_default=Direction.INBOUND
    )
    state = models.CharField(max_length=10, choices=State)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    priority = models.PositiveSmallIntegerField(default=0)
    preferred_agent = models.ForeignKey("people.Agent", on_delete=models.SET_NULL, null=True, related_name="+")
    arrived_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_in_target = models.BooleanField(null=True)
    closed_at = models.DateTimeField(null=True)
    disposition = models.ForeignKey("brands.Disposition", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=~Q(state="closed"), name="one_open_contact_per_conversation"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="closed_contact_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["floor", "state"], condition=~Q(state="closed"), name="open_contacts_of_floor"),
            models.Index(fields=["queue", "arrived_at"], name="contacts_of_queue_by_time"),
            models.Index(fields=["operator", "closed_at"], name="contacts_by_closing"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people call this contact."""
        return self.reference_of(self.pk)

    @staticmethod
    def reference_of(contact_id: int) -> str:
        """What people call the contact of this id."""
        return f"C-{contact_id}"


class Message(models.Model):
    """Something said in a conversation: by the customer, by us, as a note, or by the system."""

    class Kind(models.TextChoices):
        INBOUND = "inbound", _("from the customer")
        OUTBOUND = "outbound", _("to the customer")
        NOTE = "note", _("note")
        SYSTEM = "system", _("system")

    class Audience(models.TextChoices):
        """Who may read a note; messages are read by all sides."""

        OPERATOR = "operator", _("operator only")
        BRAND = "brand", _("operator and brand")

    class Delivery(models.TextChoices):
        NONE = "none", _("nothing to deliver")
        QUEUED = "queued", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not delivered")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind)
    audience = models.CharField(max_length=10, choices=Audience, blank=True)
    author = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=120, blank=True)
    address = models.EmailField(blank=True, help_text="Of a mail: whom it came from, or goes to.")
    reply_to = models.EmailField(blank=True, help_text="Of a mail that a person wrote: where its answer goes.")
    body = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="Sanitised HTML of a mail.")
    quoted = models.TextField(blank=True, help_text="What a mail quotes of earlier ones, folded on screen.")
    delivery = models.CharField(max_length=10, choices=Delivery, default=Delivery.NONE)
    delivery_error = models.CharField(max_length=300, blank=True)
    client_id = models.CharField(max_length=80, help_text="Given by the sender: the same message twice is one message.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "client_id"], name="a_message_is_said_once")]
        indexes = [models.Index(fields=["conversation", "at"], name="messages_of_conversation")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Attachment(models.Model):
    """A file sent with a message: kept as it came, served as a download only."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    file = models.FileField(upload_to="attachments/%Y/%m/")

    def __str__(self) -> str:
        return self.name
