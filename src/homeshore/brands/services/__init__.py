"""All that is written about brands and their queues."""

from homeshore.brands.services.access import invite_brand_user
from homeshore.brands.services.brand import (
    delete_article,
    delete_reply,
    save_article,
    save_hours,
    save_reply,
    save_widget,
)
from homeshore.brands.services.queues import (
    NothingChanged,
    SavedMeanwhile,
    VersionInForce,
    apply_due_versions,
    close_queue,
    create_queue,
    reopen_queue,
    save_policy,
    withdraw_version,
)

__all__ = [
    "NothingChanged",
    "SavedMeanwhile",
    "VersionInForce",
    "apply_due_versions",
    "close_queue",
    "create_queue",
    "delete_article",
    "delete_reply",
    "invite_brand_user",
    "reopen_queue",
    "save_article",
    "save_hours",
    "save_policy",
    "save_reply",
    "save_widget",
    "withdraw_version",
]
