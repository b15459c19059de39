"""How much memory a week takes, told before it is begun: a refusal in words instead of a machine that stops."""

from collections.abc import Sized

import numpy as np

from homeshore.planning.engine.problems import unusable
from homeshore.planning.way.demand import Demanded
from homeshore.planning.way.wishes import WEEK, Wishes

HOURS_OF_A_SUPPOSED_PERSON = 18
BYTES_OF_A_PERSON = 5_000  # windows, shifts and their figures
BYTES_OF_A_CONTACT = 100  # drawn, routed, and its stretches of time


def week_fits(found: Demanded, people: Sized | None, wishes: Wishes) -> None:
    """Raise Unusable when scheduling and simulating the week would take more than ``wishes.memory_bytes``."""
    first, last = found.open_slots
    week, slots = min(WEEK, wishes.days), last - first
    scheduled = sum(q.requirement.scheduled[:week, first:last].sum() for q in found.queues)
    count = len(people) if people is not None else found.hours(int(scheduled)) / HOURS_OF_A_SUPPOSED_PERSON
    daily = np.sum([q.forecast.mean[:week] for q in found.queues], axis=0).sum(axis=1)
    contacts = wishes.calls_factor * float(daily.max())
    a_person = (
        BYTES_OF_A_PERSON
        + 20 * week * slots  # what each slot costs them, and what they do in it
        + 8 * 24 * wishes.replications * (week + 2)  # what each hour pays, in each possible future
        + 8 * slots * len(found.queues)
    )
    needed = (
        count * a_person
        + contacts * BYTES_OF_A_CONTACT
        + 16 * wishes.replications * len(found.queues) * found.queues[0].forecast.mean.size
    )
    if needed > wishes.memory_bytes:
        raise unusable(
            "a week of about %(people)d people and %(contacts)d contacts a day would take %(needed)d MB of memory, and %(most)d MB "
            "are allowed: plan some queues apart or a smaller part of the people, or have the limit raised "
            "(HOMESHORE_PLANNING_MEMORY_BYTES)",
            people=round(count), contacts=round(contacts), needed=round(needed / 1e6), most=round(wishes.memory_bytes / 1e6),
        )  # fmt: skip
