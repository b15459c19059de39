"""What the telephone knows: which numbers lead where, and, while a call lasts, the caller's end of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from homeshore.channels.voice.models.calls import Call
from homeshore.channels.voice.models.companions import Companion


class TrunkAccount(models.Model):
    """A subscriber of a SIP trunk that wants a login and a password, and how our registration there stands since a moment.

    `secret` is the password, sealed. `until` is when the trunk's word ends, `status` the SIP status of its last refusal. `next_at` is when
    it is asked again: who of the house moves it on asks, and `keeper` is the address of the telephone that did last.
    """

    class State(models.TextChoices):
        NEW = "new", _("not registered yet")
        REGISTERED = "registered", _("registered")
        REFUSED = "refused", pgettext_lazy("account", "refused")
        UNANSWERED = "unanswered", _("no answer")
        OFF = "off", pgettext_lazy("account", "switched off")

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="trunk_accounts")
    server = models.CharField(_("Server"), max_length=120)
    login = models.CharField(_("Login"), max_length=80)
    secret = models.TextField(blank=True)
    active = models.BooleanField(_("Calls go by it"), default=True)
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    tries = models.PositiveIntegerField(default=0, help_text="In vain, one after another.")
    next_at = models.DateTimeField(null=True)
    keeper = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["server", "login"], name="an_account_belongs_to_one")]

    def __str__(self) -> str:
        return f"{self.login}@{self.server}"


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
    account = models.ForeignKey(TrunkAccount, on_delete=models.SET_NULL, null=True, related_name="numbers")
    opening = models.CharField(max_length=200, blank=True, help_text="What is said before the choices of its menu.")
    opening_prompt = models.ForeignKey("Prompt", on_delete=models.RESTRICT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.digits


class Prompt(models.Model):
    """A recording of the operator's own, said in place of spoken words: a WAV file as telephones carry it (`sip.alaw`), never changed. `name`
    is made of what is in it. One that was only listened to says nothing anywhere, and is forgotten after a day.
    """

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=32)
    wav = models.BinaryField()
    given_at = models.DateTimeField(help_text="Last.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "name"], name="a_prompt_is_kept_once")]

    def __str__(self) -> str:
        return self.name


class Choice(models.Model):
    """A key of a number's menu, and the queue of the same brand to which it leads. `label` is what is said of it ("For your orders")
    in `language`, in which who chooses it is met from then on. Who chooses nothing goes where the number leads.
    """

    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="choices")
    key = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=80)
    queue = models.ForeignKey("brands.Queue", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5, choices=Number.Language)
    prompt = models.ForeignKey(
        Prompt,
        on_delete=models.RESTRICT,
        null=True,
        related_name="+",
        help_text="What is heard of the key; empty: it is spoken.",
    )

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["number", "key"], name="a_key_leads_to_one_queue"),
            models.CheckConstraint(condition=models.Q(key__range=(1, 9)), name="keys_are_from_1_to_9"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.number_id}"


class Notice(models.Model):
    """What callers of a number must be told before they wait, in a language, from a moment on until the next version; an empty one: nothing
    any more. The operator's own words, never changed once they were saved: what a call was told can be proved by them.

    It belongs to the number, not to queues: who answers for what, and to whom one complains, follows from whom one has called.
    """

    LONGEST = 1000
    """Characters: more than a minute, which every caller waits."""

    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="notices")
    language = models.CharField(max_length=5, choices=Number.Language)
    version = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=LONGEST, blank=True)
    prompt = models.ForeignKey(
        Prompt,
        on_delete=models.RESTRICT,
        null=True,
        related_name="+",
        help_text="What is heard of the text; empty: it is spoken.",
    )
    since = models.DateTimeField()
    saved_by = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "language", "version"], name="versions_of_a_notice_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.version} of {self.number_id}"


class Told(models.Model):
    """That a caller was told a notice, before they waited: from when, and when they had heard it to its end; never, when it could not be said."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="tellings")
    notice = models.ForeignKey(Notice, on_delete=models.RESTRICT, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "tellings"

    def __str__(self) -> str:
        return f"notice {self.notice_id} in call {self.call_id}"


class LeftInMenu(models.Model):
    """Somebody hung up, or was lost, while they heard the menu of a number, or its notice. They had no contact: this is all that is known
    of them."""

    class During(models.TextChoices):
        MENU = "menu", _("the menu")
        NOTICE = "notice", _("the notice")

    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="left_in_menu")
    at = models.DateTimeField()
    during = models.CharField(max_length=6, choices=During, default=During.MENU)

    class Meta:
        indexes = [models.Index(fields=["number", "at"], name="left_in_menu_by_time")]

    def __str__(self) -> str:
        return f"left in the menu of {self.number_id}"


class TurnedAway(models.Model):
    """So many calls of a number were refused, since the last such row, because the house was full. Nothing else is known of them."""

    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="turned_away")
    at = models.DateTimeField()
    calls = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["number", "at"], name="turned_away_by_time")]

    def __str__(self) -> str:
        return f"{self.calls} turned away from {self.number_id}"


class Caller(models.Model):
    """The end of a call that is a telephone: its dialog with the trunk and where its sound goes; gone when it is over.

    `home` is the address of the process that carries it (empty until one takes it), `tag` our name of the dialog, `offer` the session description
    of the caller. `place` is the name at rtpengine of what they are connected with: `where` is alone or together (with the
    agent of that `round`), or empty while they are led elsewhere. `said` is the last description they got, of that `version`.

    Who still chooses in the menu of the `number` has no call yet: `theirs` is their number (E.164, empty when withheld) and `name` theirs, as the
    trunk gave them. `language` is the one they chose; empty: that of the number. Nor has one who hears the notice of the number, and then goes
    to `queue`.

    Of a call that the house places, `called` is the customer's number and `number` the one they see; until they answer, `stage`
    says how far that is, and `dialog` keeps the INVITE.

    Whom an agent asks outside the house has no call of their own: they are beside one, as `companion`. When that call was handed over to
    them, customer and they are `passed_on` to each other (`opposite`) and speak without the house until one hangs up.
    """

    class Stage(models.TextChoices):
        CHOOSING = "choosing", _("chooses in a menu")
        HEARING = "hearing", _("hears the notice")
        TO_DIAL = "to_dial", _("to be dialled")
        DIALLED = "dialled", _("dialled")
        ON_LINE = "on_line", _("on the line")
        PASSED_ON = "passed_on", _("passed on")

    call = models.OneToOneField(Call, on_delete=models.CASCADE, null=True, related_name="caller")
    companion = models.OneToOneField(Companion, on_delete=models.CASCADE, null=True, related_name="caller")
    opposite = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="+")
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
    came_at = models.DateTimeField(null=True, help_text="Of who called; empty of whom the house calls.")
    theirs = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, blank=True)
    queue = models.ForeignKey("brands.Queue", on_delete=models.CASCADE, null=True, related_name="+")
    called = models.CharField(max_length=16, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.ON_LINE)
    dialled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=("choosing", "hearing"), call=None, companion=None)
                | (~models.Q(stage__in=("choosing", "hearing")) & models.Q(call__isnull=False, companion=None))
                | (~models.Q(stage__in=("choosing", "hearing")) & models.Q(call=None, companion__isnull=False)),
                name="who_has_arrived_has_a_part_in_a_call",
            )
        ]
        indexes = [models.Index(fields=["home"], name="callers_of_home")]

    def __str__(self) -> str:
        return f"caller of call {self.call_id}"

    @property
    def met_in(self) -> str:
        """The language in which they are met."""
        return self.language or self.number.language
