"""What a brand shows its customers: whether it is open, its tones, and the queues that its chat leads to."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from homeshore.brands import accent
from homeshore.brands.accent import Tones
from homeshore.brands.hours import Opening, Stretch, opening, public_holidays
from homeshore.brands.models import Brand, Channel, Queue


@dataclass(frozen=True, slots=True)
class Storefront:
    """A brand as its customers meet it; `week` is in its time zone, `greeting` by language."""

    brand_id: int
    widget_key: str
    name: str
    accent: str
    allowed_origins: tuple[str, ...]
    greeting: dict[str, str]
    privacy_url: str
    time_zone: str
    holidays_country: str
    week: tuple[Stretch, ...]

    def opening(self, at: datetime, *, language: str) -> Opening:
        """Whether the brand is open at `at`, by its hours, its time zone and its country's public holidays."""
        holidays = public_holidays(self.holidays_country, at.year - 1, at.year + 1, language)
        return opening(self.week, ZoneInfo(self.time_zone), holidays, at)

    @property
    def tones(self) -> dict[str, Tones]:
        """The accent as each theme needs it; the house's when the brand's own cannot be read."""
        return {"day": accent.by_day(self.accent), "night": accent.by_night(self.accent)}


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a brand's chat leads: its queue, and the queues in which it may go on by e-mail or by phone, if there are any."""

    chat_queue: int
    mail_queue: int | None
    call_queue: int | None


def storefront_of_widget(key: str) -> Storefront | None:
    """The brand whose widget carries this key."""
    brand = Brand.objects.filter(widget_key=key).prefetch_related("opening_hours").first()
    if brand is None:
        return None
    return Storefront(
        brand_id=brand.pk,
        widget_key=key,
        name=brand.name,
        accent=brand.accent,
        allowed_origins=tuple(brand.allowed_origins),
        greeting=brand.greeting,
        privacy_url=brand.privacy_url,
        time_zone=brand.time_zone,
        holidays_country=brand.holidays_country,
        week=tuple(Stretch(each.weekday, each.opens, each.closes) for each in brand.opening_hours.all()),
    )


def ways_of_chat(brand_id: int, *, queue: str = "") -> Ways | None:
    """The chat queue that a page names, else the brand's first, and the queues for e-mails and calls of the same activity.

    None when the brand takes no chats.
    """
    of_brand = Queue.objects.filter(brand_id=brand_id, active=True).order_by("id")
    chats = [each for each in of_brand if each.channel == Channel.CHAT]
    if not chats:
        return None
    chat = next((each for each in chats if each.slug == queue), chats[0])

    def like(channel: str) -> int | None:
        others = [each for each in of_brand if each.channel == channel]
        other = next((each for each in others if each.activity == chat.activity), others[0] if others else None)
        return other.pk if other else None

    return Ways(chat.pk, like(Channel.EMAIL), like(Channel.VOICE))
