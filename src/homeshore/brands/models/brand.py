"""A brand: who buys the service, when it is open, and what it shares with those who answer for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    """The sectors of the mission (M8)."""

    TELECOMS = "telecoms", _("telecoms")
    MEDIA = "media", _("media")
    PRESS = "press", _("press")
    INSURANCE = "insurance", _("insurance")
    BANKING = "banking", _("banking and finance")
    RETAIL = "retail", _("retail")
    LEISURE = "leisure", _("leisure")


class Brand(models.Model):
    """A *donneur d'ordres*: buys the service, and is seen by its customers under its own name and accent."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="brands")
    name = models.CharField(max_length=80)
    slug = models.SlugField()
    sector = models.CharField(max_length=20, choices=Sector)
    time_zone = models.CharField(max_length=60, default="Europe/Paris")
    holidays_country = models.CharField(max_length=2, default="FR")
    accent = models.CharField(max_length=7, default="#0a655b")
    widget_key = models.CharField(max_length=40, unique=True)
    allowed_origins = models.JSONField(default=list, help_text="Origins whose pages may carry the chat widget.")
    greeting = models.JSONField(
        default=dict, help_text="By language, what the chat says first; empty means the house's words."
    )
    privacy_url = models.URLField(blank=True, help_text="The brand's page on personal data, linked from the chat.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "slug"], name="one_brand_per_slug")]

    def __str__(self) -> str:
        return self.name


class BrandAccess(models.Model):
    """The one brand that a brand user sees."""

    membership = models.OneToOneField("foundation.Membership", on_delete=models.CASCADE, related_name="brand_access")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.membership} → {self.brand}"


class OpeningHours(models.Model):
    """A stretch of a weekday (0 is Monday) when the brand is open, in its own time zone; closed on public holidays."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [models.CheckConstraint(condition=models.Q(weekday__lte=6), name="weekday_from_0_to_6")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}–{self.closes:%H:%M}"


class CannedReply(models.Model):
    """A ready answer, called by `/shortcut`; `{customer}`, `{agent}` and `{brand}` are filled in."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="canned_replies")
    shortcut = models.SlugField(max_length=30)
    title = models.CharField(max_length=80)
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "shortcut"], name="one_reply_per_shortcut")]

    def __str__(self) -> str:
        return f"/{self.shortcut}"


class Article(models.Model):
    """Customer knowledge that brand and operator share (M12)."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="articles")
    title = models.CharField(max_length=120)
    body = models.TextField()
    author = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title
