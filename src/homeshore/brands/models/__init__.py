from homeshore.brands.models.brand import Article, Brand, BrandAccess, CannedReply, OpeningHours
from homeshore.brands.models.queue import Activity, Channel, Disposition, Queue, QueueNeed, QueueVersion
from homeshore.brands.models.rates import Rate, RateCard

__all__ = [
    "Activity",
    "Article",
    "Brand",
    "BrandAccess",
    "CannedReply",
    "Channel",
    "Disposition",
    "OpeningHours",
    "Queue",
    "QueueNeed",
    "QueueVersion",
    "Rate",
    "RateCard",
]
