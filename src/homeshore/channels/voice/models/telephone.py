"""What the telephone knows: which numbers lead where, and, while a call lasts, the caller's end of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice.models.calls import Call


class Number(models.Model):
    """A telephone number that customers call, and the queue it leads to; `digits` is E.164, as +33123456789."""

    class Language(models.TextChoices):
        FRENCH = "fr", "Français"
        ENGLISH = "en", "English"

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="numbers")
    queue = models.ForeignKey("brands.Queue", on_delete=models.PROTECT, related_name="numbers")
    digits = models.CharField(_("Number"), max_length=16, unique=True)
    language = models.CharField(_("Language"), max_length=5, choices=Language, default=Language.FRENCH)
    active = models.BooleanField(_("Calls are taken"), default=True)

    def __str__(self) -> str:
        return self.digits


class Caller(models.Model):
    """The end of a call that is a telephone: its dialog with the trunk and where its sound goes; gone when it is over.

    `home` is the address of the process that carries it (empty until one takes it), `tag` our name of the dialog, `offer` the session description
    of the caller. `place` is the name at rtpengine of what they are connected with: `where` is alone or together (with the
    agent of that `round`), or empty while they are led elsewhere. `said` is the last description they got, of that `version`.

    Of a call that the house places, `called` is the customer's number and `number` the one they see; until they answer, `stage`
    says how far that is, and `dialog` keeps the INVITE.
    """

    class Stage(models.TextChoices):
        TO_DIAL = "to_dial", _("to be dialled")
        DIALLED = "dialled", _("dialled")
        ON_LINE = "on_line", _("on the line")

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="caller")
    home = models.CharField(max_length=60, blank=True)
    tag = models.CharField(max_length=40, unique=True)
    number = models.ForeignKey(Number, on_delete=models.PROTECT, related_name="+")
    dialog = models.JSONField(default=dict)
    offer = models.TextField(blank=True)
    place = models.CharField(max_length=60, blank=True)
    where = models.CharField(max_length=10, blank=True)
    round = models.PositiveIntegerField(default=0)
    said = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    called = models.CharField(max_length=16, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.ON_LINE)
    dialled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["home"], name="callers_of_home")]

    def __str__(self) -> str:
        return f"caller of call {self.call_id}"
