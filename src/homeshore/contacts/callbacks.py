"""Pure: for when a callback may be promised, and when it is tried again."""

from collections.abc import Callable
from datetime import datetime, timedelta

AGAIN_AFTER = (timedelta(minutes=15), timedelta(hours=2))
"""After the first and after the second attempt in vain; there is no fourth."""
FARTHEST = timedelta(days=30)
"""Nobody knows who works later than that."""

NextOpening = Callable[[datetime], datetime | None]
"""The moment itself where the brand is open then, else its next opening; None when it never opens again."""


def next_attempt(attempts: int, at: datetime, opening: NextOpening) -> datetime | None:
    """When to try again after so many attempts in vain, the last one at `at`, in opening hours; None to give up."""
    return opening(at + AGAIN_AFTER[attempts - 1]) if attempts <= len(AGAIN_AFTER) else None


def problem_with(wanted_at: datetime, now: datetime, opening: NextOpening) -> str | None:
    """Why a callback cannot be promised for that moment: `past`, `too_far` or `closed`; None when it can."""
    if wanted_at < now:
        return "past"
    if wanted_at > now + FARTHEST:
        return "too_far"
    return None if opening(wanted_at) == wanted_at else "closed"
