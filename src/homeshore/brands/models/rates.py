"""Rate cards: what an act pays, published before it is done."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateCard(models.Model):
    """A brand's rates between two dates. A published card never changes; a revision is a card with the next version."""

    brand = models.ForeignKey("brands.Brand", on_delete=models.CASCADE, related_name="rate_cards")
    version = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "version"], name="one_card_per_version")]

    def __str__(self) -> str:
        return f"{self.brand} v{self.version}"


class Rate(models.Model):
    """One line of a card: pays every act that fits its queue and disposition (empty fits all).

    Of the lines of kind *act* the most specific one pays; every *supplement* that fits is added.
    """

    class Kind(models.TextChoices):
        ACT = "act", _("act")
        SUPPLEMENT = "supplement", _("supplement")

    card = models.ForeignKey(RateCard, on_delete=models.CASCADE, related_name="rates")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ACT)
    label = models.CharField(max_length=80)
    queue = models.ForeignKey("brands.Queue", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    disposition = models.ForeignKey(
        "brands.Disposition", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    amount_cents = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.label} {self.amount_cents}"
