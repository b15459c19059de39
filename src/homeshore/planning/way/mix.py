"""The cheapest numbers of people by skills for some hours of a day, each queue at its own goal with a stated probability."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from homeshore.planning.engine.problems import Problem, unusable
from homeshore.planning.engine.simulation import Agent, Floor, Group, Queue
from homeshore.planning.engine.simulation.core import levels_with_core
from homeshore.planning.engine.staffing import Mix, cheapest_mix
from homeshore.planning.people import people_of
from homeshore.planning.way.demand import Demanded, QueuePlan, Say
from homeshore.planning.way.staffing import own_seconds
from homeshore.planning.way.wishes import Wishes

MOST_GROUPS = 8  # the search tries exchanges among three groups: more of them than this take minutes
ENOUGH_MIXES = 400
DAYS_JUDGED = 10
MOST_JUDGED = 20_000
"""Contacts that the routing core decides on: some seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixAsked:
    """``day`` of the forecast and the hours of it; ``probability`` that such hours reach every goal; what an hour of
    somebody with one more queue costs above that of somebody with one."""

    day: int = 0
    first_hour: float
    last_hour: float
    probability: float = 0.9
    more_a_skill: float = 0.05


@dataclass(frozen=True, slots=True)
class Mixed:
    """``groups``: the queues of each, in the order of ``mix.agents``; costs are in hours of somebody with one queue.

    ``least_cost``: by queue, the mean share answered in time when the routing core itself decides by least cost, on
    ``days_judged`` of the same days; empty where it was not asked, which ``assumptions`` then tell.
    """

    mix: Mix
    groups: tuple[tuple[str, ...], ...]
    queues: tuple[QueuePlan, ...]
    assumptions: tuple[Problem, ...]
    least_cost: dict[str, float]
    days_judged: int


def mixed(found: Demanded, asked: MixAsked, wishes: Wishes, say: Say) -> Mixed:
    """Search among the skills that the plan's people have. Raises Unusable where the question cannot be meant."""
    live = tuple(queue for queue in found.queues if not queue.can_wait)
    if len(live) < 2:
        raise unusable("a mix of skills needs two queues of calls or chats", field="queues")
    minutes = found.history.interval_minutes
    first, last = round(asked.first_hour * 60 / minutes), round(asked.last_hour * 60 / minutes)
    opens, closes = found.open_slots
    if not opens <= first < last <= closes or not 0 <= asked.day < found.queues[0].forecast.mean.shape[0]:
        raise unusable("the hours must lie in a day of the forecast, between %(opens)g h and %(closes)g h",
                       field="hours", opens=found.hours(opens), closes=found.hours(closes))  # fmt: skip
    busy = tuple(q for q in live if q.forecast.mean[asked.day, first:last].sum() > 0)
    if not busy:
        raise unusable("nothing is expected in these hours: there is nobody to mix", field="hours")
    sets, told = _skill_sets(found, busy, wishes)
    groups = [Group(f"group {k}", skills) for k, skills in enumerate(sets)]
    queues = [
        Queue(q.name, (q.forecast.mean[asked.day, first:last] * wishes.calls_factor * 60 / minutes).tolist(),
              own_seconds(q.handling_seconds, q.terms, wishes) * wishes.handling_factor, law="lognormal",
              handling_spread=q.handling_spread, patience_seconds=q.patience_seconds, target_seconds=q.goals.seconds)
        for q in busy
    ]  # fmt: skip

    def heard(tried: int, cost: float) -> bool:
        say("mixing", min(0.99, tried / ENOUGH_MIXES))
        return tried < ENOUGH_MIXES

    say("mixing", 0)
    places = {g.name: min(q.terms.at_once for q in busy if q.name in g.queues) for g in groups}
    seconds = minutes * 60.0
    mix = cheapest_mix(
        queues, groups, {g.name: 1 + asked.more_a_skill * (len(g.queues) - 1) for g in groups},
        {q.name: q.goals.share for q in busy}, probability=asked.probability, interval_seconds=seconds,
        replications=wishes.replications, seed=wishes.seed, keep_going=heard, at_once=places,
    )  # fmt: skip
    length = (0.0, (last - first) * seconds)
    crowd = [Agent(g.name, [length], at_once=places[g.name]) for g in groups for _ in range(mix.agents[g.name])]
    judged, days, why = _judged(Floor(queues, groups, crowd, seconds), wishes)
    return Mixed(mix, tuple(sets), busy, (*told, *why), judged, days)


def _judged(floor: Floor, wishes: Wishes) -> tuple[dict[str, float], int, tuple[Problem, ...]]:
    """The mix under the house's other rule, which only the routing core knows; or why the core was not asked."""
    if any(agent.at_once > 1 for agent in floor.agents):
        seats = Problem(
            "who holds several chats at once counts as so many seats: the routing core itself was not asked"
        )
        return {}, 0, (seats,)
    contacts = sum(sum(queue.calls_per_hour) for queue in floor.queues) * floor.interval_seconds / 3600
    days = min(DAYS_JUDGED, int(MOST_JUDGED / max(contacts, 1)))
    if not days:
        return {}, 0, (Problem("too many contacts to ask the routing core itself: the mix holds for the longest idle"),)
    levels = levels_with_core(floor, "least_cost", days, wishes.seed).mean(axis=0)
    return {queue.name: float(level) for queue, level in zip(floor.queues, levels, strict=True)}, days, ()


def _skill_sets(
    found: Demanded, queues: Sequence[QueuePlan], wishes: Wishes
) -> tuple[list[tuple[str, ...]], tuple[Problem, ...]]:
    """The sets of queues that people serve, the commonest; or, without people, one queue each and all together."""
    names = [queue.name for queue in queues]
    alone = [(name,) for name in names]
    if wishes.people is None:
        return [*alone, tuple(names)], (
            Problem("people are supposed to serve one queue, or all of them: give yours with a file of people"),
        )
    members = {member: queue.name for queue in found.queues for member in (queue.name, *queue.members)}
    homes, told = people_of(wishes.people, found.first_day, members)
    counted = Counter(skills for home in homes if (skills := tuple(n for n in names if n in home.person.skills)))
    sets = [skills for skills, _ in counted.most_common(MOST_GROUPS)]
    for name in names:
        if not any(name in skills for skills in sets):
            sets.append((name,))
            told.append(
                Problem(
                    "nobody of the commonest skills serves “%(queue)s”: people for it alone are supposed",
                    {"queue": name},
                )
            )
    return sets, tuple(told)
