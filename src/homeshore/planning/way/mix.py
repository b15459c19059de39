"""The cheapest numbers of people by skills for some hours of a day, each queue at its own goal with a stated probability."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from homeshore.planning.engine.problems import Problem, unusable
from homeshore.planning.engine.simulation import Floor, Group
from homeshore.planning.engine.simulation.core import IDLE_LONGEST, kernel_plays
from homeshore.planning.engine.staffing import Mix, Tried, cheapest_mix
from homeshore.planning.people import people_of
from homeshore.planning.way.demand import Demanded, QueuePlan, Say
from homeshore.planning.way.future import overflow_of, queue_of
from homeshore.planning.way.wishes import Wishes
from homeshore.routing.policy import LEAST_COST, LONGEST_IDLE

Skills = tuple[tuple[str, ...], tuple[tuple[str, float], ...]]
"""Queues served at once, and those served later: from how many seconds of waiting on."""
MOST_GROUPS = 8  # the search tries exchanges among three groups: more of them than this take minutes
RULES = (LEAST_COST, LONGEST_IDLE)
ENOUGH_MIXES = 400
MOST_BY_CORE = 2_500_000
"""Contacts that the routing core decides on in one search: some three minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixAsked:
    """``day`` of the forecast and the hours of it; ``probability`` that such hours reach every goal; what an hour of
    somebody with one more queue costs above that of somebody with one; the ``rule`` by which contacts are given out."""

    day: int = 0
    first_hour: float
    last_hour: float
    probability: float = 0.9
    more_a_skill: float = 0.05
    rule: str = LEAST_COST

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise unusable("“%(rule)s” is no rule of routing (%(known)s)", field="rule", rule=self.rule,
                           known=", ".join(RULES))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mixed:
    """``groups``: the queues of each, at once and later, in the order of ``mix.agents``; costs are in hours of somebody with one queue."""

    mix: Mix
    groups: tuple[Skills, ...]
    queues: tuple[QueuePlan, ...]
    assumptions: tuple[Problem, ...]


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
    groups = [Group(f"group {k}", skills, later=dict(later)) for k, (skills, later) in enumerate(sets)]
    overflow = overflow_of(busy)
    queues = [
        queue_of(
            q, q.forecast.mean[asked.day, first:last] * wishes.calls_factor * 60 / minutes, overflow[q.name], wishes
        )
        for q in busy
    ]

    contacts = sum(sum(queue.calls_per_hour) for queue in queues) * minutes / 60
    policy = replace(wishes.policy, rule=asked.rule)
    floor = Floor(queues, groups, ())
    if not kernel_plays(policy, floor) and contacts * wishes.replications > MOST_BY_CORE / 5:
        policy = IDLE_LONGEST
        floor = floor.narrowed()
        told = (*told, Problem(
            "%(contacts).0f contacts on each of %(days)d days are too many for the routing core to decide on: the search is by longest idle. Ask for fewer hours",
            {"contacts": contacts, "days": wishes.replications},
        ))  # fmt: skip
    said = 0.0

    def heard(tried: Tried) -> bool:
        nonlocal said
        decided = tried.core_days * contacts / MOST_BY_CORE
        done = 0.3 + 0.69 * min(1.0, decided) if tried.by_core else 0.3 * min(1.0, tried.by_kernel / ENOUGH_MIXES)
        if done >= said + 0.01:
            said = done
            say("mixing", done)
        return decided < 1 if tried.by_core else tried.by_kernel < ENOUGH_MIXES

    say("mixing", 0)
    mix = cheapest_mix(
        floor.queues, floor.groups, {g.name: 1 + asked.more_a_skill * (len(g.queues) - 1) for g in groups},
        {q.name: q.goals.share for q in busy}, probability=asked.probability, interval_seconds=minutes * 60.0,
        replications=wishes.replications, seed=wishes.seed, policy=policy, keep_going=heard,
    )  # fmt: skip
    return Mixed(mix, tuple(sets), busy, told)


def _skill_sets(
    found: Demanded, queues: Sequence[QueuePlan], wishes: Wishes
) -> tuple[list[Skills], tuple[Problem, ...]]:
    """The sets of queues that people serve, at once and later, the commonest; or, without people, one queue each and all together."""
    names = [queue.name for queue in queues]
    if wishes.people is None:
        return [*(((name,), ()) for name in names), (tuple(names), ())], (
            Problem("people are supposed to serve one queue, or all of them: give yours with a file of people"),
        )
    members = {member: queue.name for queue in found.queues for member in (queue.name, *queue.members)}
    homes, told = people_of(wishes.people, found.first_day, members)
    counted = Counter(
        (skills, tuple((name, home.later[name]) for name in names if name in home.later))
        for home in homes if (skills := tuple(n for n in names if n in home.person.skills))
    )  # fmt: skip
    sets = [skills for skills, _ in counted.most_common(MOST_GROUPS)]
    for name in names:
        if not any(name in skills for skills, _ in sets):
            sets.append(((name,), ()))
            told.append(
                Problem(
                    "nobody of the commonest skills serves “%(queue)s”: people for it alone are supposed",
                    {"queue": name},
                )
            )
    return sets, tuple(told)
