"""Mailboxes, and every mail that came in by them or left."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeshore.channels.email.words import why_in_words


class Security(models.TextChoices):
    """How a connection to a mail server is protected."""

    TLS = "tls", _("TLS from the start")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("none (only on a trusted network)")


class Mailbox(models.Model):
    """An address by which a brand's customers write, and the servers behind it.

    `uidvalidity` and `last_uid` say how far its folder has been read; `owner` and `lease_until` which process reads it.
    """

    class State(models.TextChoices):
        NEW = "new", _("not yet read")
        LISTENING = "listening", _("listening")
        FAILING = "failing", _("out of reach")

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="mailboxes")
    brand = models.ForeignKey("brands.Brand", on_delete=models.CASCADE, related_name="mailboxes")
    queue = models.ForeignKey("brands.Queue", on_delete=models.PROTECT, related_name="mailboxes")
    address = models.EmailField(_("Address"))
    display_name = models.CharField(_("Name shown to customers"), max_length=80)
    active = models.BooleanField(_("Read and send by this mailbox"), default=True)
    imap_host = models.CharField(_("IMAP server"), max_length=120)
    imap_port = models.PositiveIntegerField(_("IMAP port"), default=993)
    imap_security = models.CharField(_("IMAP security"), max_length=10, choices=Security, default=Security.TLS)
    imap_user = models.CharField(_("IMAP user"), max_length=120)
    imap_secret = models.TextField(blank=True, help_text="Encrypted.")
    folder = models.CharField(_("Folder"), max_length=120, default="INBOX")
    smtp_host = models.CharField(_("SMTP server"), max_length=120)
    smtp_port = models.PositiveIntegerField(_("SMTP port"), default=465)
    smtp_security = models.CharField(_("SMTP security"), max_length=10, choices=Security, default=Security.TLS)
    smtp_user = models.CharField(_("SMTP user"), max_length=120, blank=True)
    smtp_secret = models.TextField(blank=True, help_text="Encrypted.")
    plus_addressing = models.BooleanField(
        _("The server delivers name+anything@ to name@"),
        default=True,
        help_text=_(
            "Answers then find their conversation even when the customer's program forgets which mail it answers."
        ),
    )
    acknowledgement = models.TextField(
        _("Acknowledgement of receipt"),
        blank=True,
        help_text=_("Sent once to whoever opens a conversation; empty for none."),
    )
    take_since = models.DateTimeField(help_text="Mails that reached the server before this are left alone.")
    uidvalidity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    state_since = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True)
    owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with each change of settings.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address"], name="one_mailbox_per_address")]

    def __str__(self) -> str:
        return self.address


def raw_path(inbound: "InboundMail", filename: str) -> str:
    """Where a mail is kept as it came: by its fingerprint, so that the same one is kept once."""
    return f"mails/{inbound.mailbox_id}/{inbound.fingerprint[:2]}/{inbound.fingerprint}.eml"


class InboundMail(models.Model):
    """A mail taken from a mailbox, kept whole; what became of it, and why when it became nothing.

    `fingerprint` is that of its content: a copy that comes again is the same mail, and is not taken twice. `uidvalidity` and
    `uid` say where it lay; another folder, or server, may give the same numbers to another mail.
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("taken in")
        AUTOMATIC = "automatic", _("written by a program")
        SET_ASIDE = "set_aside", _("set aside")
        DISMISSED = "dismissed", _("dismissed")

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="inbound")
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()
    fingerprint = models.CharField(max_length=64)
    raw = models.FileField(upload_to=raw_path, max_length=200)
    size = models.PositiveBigIntegerField()
    mail_id = models.CharField(max_length=255, blank=True, help_text="Its Message-ID.")
    sender = models.CharField(max_length=254, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    references = models.TextField(blank=True, help_text="The ids an answer to it must cite, oldest first.")
    state = models.CharField(max_length=10, choices=State)
    why = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey("contacts.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "fingerprint"], name="a_mail_is_taken_once"),
        ]
        indexes = [
            models.Index(fields=["operator", "state", "received_at"], name="inbound_by_state"),
            models.Index(fields=["mail_id"], condition=~Q(mail_id=""), name="inbound_by_mail_id"),
            models.Index(fields=["mailbox", "sender", "received_at"], name="inbound_by_sender"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.state}"

    @property
    def why_in_words(self) -> str:
        """Why it was set aside, in the reader's language."""
        return why_in_words(self.why, self.detail)


class OutboundMail(models.Model):
    """A mail of ours: an agent's message, or the acknowledgement of an inbound mail. Its Message-ID is given once.

    `handing_over_since` is set before the server is given the content: found set by another try, nobody can say whether
    the mail left, and it is not sent again by itself.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("being sent")
        HANDING_OVER = "handing_over", _("being handed over")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not delivered")
        UNCERTAIN = "uncertain", _("perhaps sent")

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="outbound")
    message = models.OneToOneField("contacts.Message", on_delete=models.CASCADE, null=True, related_name="+")
    acknowledges = models.OneToOneField(
        InboundMail, on_delete=models.CASCADE, null=True, related_name="acknowledgement"
    )
    mail_id = models.CharField(max_length=255, unique=True, help_text="Its Message-ID.")
    recipient = models.EmailField()
    subject = models.CharField(max_length=300)
    in_reply_to = models.CharField(max_length=255, blank=True)
    references = models.TextField(blank=True)
    state = models.CharField(max_length=15, choices=State, default=State.PREPARED)
    handing_over_since = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    prepared_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(message__isnull=False) | Q(acknowledges__isnull=False), name="a_mail_says_something"
            )
        ]
        indexes = [
            models.Index(
                fields=["operator", "failed_at"], condition=Q(failed_at__isnull=False), name="outbound_failed"
            ),
            models.Index(fields=["mailbox", "recipient", "prepared_at"], name="outbound_by_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.state}"

    def is_being_handed_over(self, now: datetime, *, within_seconds: int) -> bool:
        """Whether another try may still be talking to the server."""
        since = self.handing_over_since
        return since is not None and (now - since).total_seconds() < within_seconds
