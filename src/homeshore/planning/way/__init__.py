"""The whole way: from a history to forecast, staffing, schedule and promises of income, step by step.

The command goes it in one stride; the screens stop after each step, and call the same functions.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from homeshore.planning.engine.history import History, Mapping, history_of
from homeshore.planning.engine.problems import Problem
from homeshore.planning.way.demand import Demanded, QueuePlan, demand_of, demanded
from homeshore.planning.way.future import Future, future
from homeshore.planning.way.schedule import Scheduled, scheduled
from homeshore.planning.way.wishes import Cancelled, Event, Tell, Terms, Wishes, teller

__all__ = [
    "Cancelled", "Demanded", "Event", "Future", "Outcome", "QueuePlan", "Scheduled", "Tell", "Terms", "Wishes",
    "demand_of", "demanded", "future", "scheduled", "whole_way",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What each step found."""

    demanded: Demanded
    scheduled: Scheduled
    future: Future
    wishes: Wishes

    @property
    def history(self) -> History:
        return self.demanded.history

    @property
    def week(self) -> list[date]:
        return [self.demanded.first_day + timedelta(days=d) for d in range(self.scheduled.plan.problem.days)]

    @property
    def assumptions(self) -> tuple[Problem, ...]:
        """What was not in the history, and so had to be supposed."""
        return (*self.demanded.assumptions, *self.scheduled.assumptions)


def whole_way(source: Path | History, wishes: Wishes, tell: Tell, mapping: Mapping | None = None) -> Outcome:
    """Everything from history to promises. Raises Unusable, or Cancelled when ``tell`` answers False."""
    say = teller(tell)
    say("reading", 0)
    history = source if isinstance(source, History) else history_of(
        source, mapping, zone=wishes.zone, interval_minutes=wishes.interval_minutes
    )  # fmt: skip
    wishes = replace(wishes, interval_minutes=history.interval_minutes)
    found = demanded(history, wishes, say)
    planned = scheduled(found, wishes, say)
    lived = future(found, planned.homes, planned.plan, wishes, say)
    say("done", 1)
    return Outcome(found, planned, lived, wishes)
