"""Who came and who worked, day by day: invented, seeded, with the shape of a real centre's days."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from homeshore.routing.simulator import Arrival, Chances, Shift
from homeshore.values.clock import to_milliseconds

DAYS = 28
WEEKDAYS = (1.2, 1.05, 1.0, 1.0, 0.95, 0.55, 0.35)
"""Monday to Sunday, against a usual day; a public holiday is as a Sunday."""
HOURS = {9: 0.8, 10: 1.4, 11: 1.3, 12: 0.8, 13: 0.7, 14: 1.0, 15: 1.1, 16: 1.2, 17: 1.0, 18: 0.7}
"""Each hour of the day, against a usual hour."""
CONTACTS_A_DAY = {
    "service-client": 38,
    "service-client-portugal": 5,
    "ventes": 18,
    "apres-vente": 18,
    "courriers": 15,
    "contrats": 24,
    "assistance": 16,
    "contrats-courriers": 11,
    "appels": 0,
}
HABITS = (
    ((time(9), time(12, 30)), (time(14), time(18))),
    ((time(9, 30), time(13)), (time(16), time(19))),
    ((time(11, 30), time(15)), (time(15, 45), time(19))),
    ((time(9), time(11, 30)), (time(12), time(16, 30))),
)
"""The pieces of a day in which people at home offer their hours."""
WORKS = (0.5, 0.35)
"""How likely each piece is worked: on weekdays, and at the weekend."""


def days_until(until: datetime, zone: ZoneInfo) -> list[date]:
    """The local days of the past, the earliest first, the present one last."""
    today = until.astimezone(zone).date()
    return [today - timedelta(days=back) for back in range(DAYS, -1, -1)]


def weekdays(days: Sequence[date], country: str) -> dict[date, int]:
    """Each day's weekday, 0 for Monday; that of a public holiday is Sunday's."""
    closed = holidays.country_holidays(country, years=sorted({day.year for day in days}))
    return {day: 6 if day in closed else day.weekday() for day in days}


def arrivals(
    days: Mapping[date, int], queues: Mapping[str, int], *, until: datetime, zone: ZoneInfo, chance: random.Random
) -> Iterator[Arrival]:
    """Contacts in the order of their time; `days` gives each day's weekday, `queues` the id of each slug."""
    slugs = list(queues)
    weights = [CONTACTS_A_DAY[slug] for slug in slugs]
    for day, weekday in days.items():
        for hour, share in HOURS.items():
            begins = to_milliseconds(datetime.combine(day, time(hour), zone))
            mean = sum(weights) / len(HOURS) * share * WEEKDAYS[weekday]
            came = round(chance.gauss(mean, mean**0.5))
            for at in sorted(begins + chance.randrange(3_600_000) for _ in range(came)):
                if at < to_milliseconds(until):
                    yield Arrival(at, queues[chance.choices(slugs, weights)[0]])


def shifts(
    days: Mapping[date, int], agents: Sequence[int], *, until: datetime, zone: ZoneInfo, chance: random.Random
) -> list[Shift]:
    """Two pieces a day for most, each agent with habits of their own, cut off at `until`."""
    end = to_milliseconds(until)
    worked = []
    for place, agent in enumerate(agents):
        for day, weekday in days.items():
            for begins, ends in HABITS[place % len(HABITS)]:
                start = to_milliseconds(datetime.combine(day, begins, zone)) + chance.randrange(240_000)
                stop = min(to_milliseconds(datetime.combine(day, ends, zone)), end)
                if start < stop and chance.random() < WORKS[weekday > 4]:
                    worked.append(Shift(agent, start, stop))
    return worked


class Habits(Chances):
    """How long people talk, think and wait: lognormal talks by channel and agent, patience in chats only."""

    def __init__(self, mail_queues: frozenset[int], agents: Sequence[int], chance: random.Random) -> None:
        super().__init__(pace={agent: chance.uniform(0.8, 1.25) for agent in agents})
        self.mail_queues = mail_queues

    def service(self, chance: random.Random, agent: int, queue: int) -> int:
        """A mail takes about four minutes, a chat about five."""
        minutes = 4 if queue in self.mail_queues else 5
        return round(chance.lognormvariate(-0.12, 0.5) * minutes * 60_000 * self.pace[agent])

    def patience(self, chance: random.Random, queue: int) -> int | None:
        """Whoever writes a mail does not hang up."""
        return None if queue in self.mail_queues else round((20 + chance.expovariate(1 / 150)) * 1000)

    def wrap_up(self, chance: random.Random, agent: int, queue: int) -> int:
        """Between five and thirty seconds."""
        return chance.randrange(5_000, 30_000)

    def answer(self, chance: random.Random, agent: int) -> int | None:
        """Now and then an offer goes unanswered."""
        return None if chance.random() < 0.01 else chance.randrange(1_500, 7_000)
