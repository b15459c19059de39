"""How much one side may do: an allowance that fills with time, in the database, one for all processes."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.db import connection
from django.db.models import F

from homeshore.foundation.errors import TooMany
from homeshore.foundation.models import Allowance, SharedValue
from homeshore.foundation.transactions import write


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, then `per_minute`."""

    name: str
    burst: int
    per_minute: int


TAKE = """
INSERT INTO foundation_allowance AS known (key, remaining, burst, per_second, at) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET
    remaining = {least}(excluded.burst, known.remaining + {most}(0.0, excluded.at - known.at) * excluded.per_second)
        - (excluded.burst - excluded.remaining),
    burst = excluded.burst,
    per_second = excluded.per_second,
    at = {most}(known.at, excluded.at)
RETURNING remaining, per_second
"""
"""One statement, so that two processes never take the same; what is taken is what a fresh row lacks of its burst."""


def take(*counted: tuple[Limit, object], amount: int = 1, now: datetime) -> None:
    """Count one, or `amount` (of bytes, for example), against each limit of somebody, or nothing at all.

    Raises TooMany, with the seconds until it is allowed again, when one of them is used up.
    """
    rows: list[str | float] = []
    for limit, whose in sorted(counted, key=lambda each: each[0].name):
        rows += [f"{limit.name}:{whose}", limit.burst - amount, limit.burst, limit.per_minute / 60, now.timestamp()]
    least, most = ("LEAST", "GREATEST") if connection.vendor == "postgresql" else ("MIN", "MAX")
    places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(counted))
    with write():
        with connection.cursor() as cursor:
            cursor.execute(TAKE.format(rows=places, least=least, most=most), rows)
            left = cursor.fetchall()
        waits = [-remaining / per_second for remaining, per_second in left if remaining < 0]
        if waits:
            raise TooMany(retry_after=ceil(max(waits)))


def forget_full(*, now: datetime) -> int:
    """Drop the allowances that are whole again, and expired values; how many."""
    full = Allowance.objects.filter(remaining__gte=F("burst") - (now.timestamp() - F("at")) * F("per_second"))
    return full.delete()[0] + SharedValue.objects.filter(expires__lt=now).delete()[0]
