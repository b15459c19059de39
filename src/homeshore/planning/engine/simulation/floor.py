"""The floor that a simulation runs: queues with their traffic, groups of agents, agents with their shifts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.simulation.agents_kernel import NOBODY
from homeshore.planning.engine.simulation.contacts_kernel import EXPONENTIAL, LOGNORMAL, RECORDED

Law = Literal["exponential", "lognormal", "recorded"]
_LAWS: dict[str, int] = {"exponential": EXPONENTIAL, "lognormal": LOGNORMAL, "recorded": RECORDED}

SUPPORTED_POLICIES = frozenset({"longest_idle"})


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue and what arrives in it, with ``calls_per_hour`` for each interval of the day.

    Work is ``handling_seconds`` on average (wrap-up included), by ``law``; ``handling_spread`` is the coefficient of
    variation of a lognormal; ``recorded`` are seen handling times, each equally likely. Patience is exponential.
    A contact is due ``target_seconds - head_start_seconds`` after its arrival. ``groups`` are served in that order of
    preference when given; otherwise the agent idle longest in any group is taken. What ``can_wait`` is not routed with the
    rest: it is left to the time that agents have free (``waiting``).

    Contacts of a queue with several ``at_once`` are chats: an agent holds so many together, of all such queues that they
    serve the least, each lasts ``at_once`` times ``handling_seconds`` however many are held, and no call comes meanwhile.
    ``weight`` is that of its waiting, for policies that weigh queues against each other. From so many seconds of waiting the
    agents of the queues in ``overflow`` may answer too, and ``reserve`` of its free agents are kept from other queues.
    """

    name: str
    calls_per_hour: Sequence[float]
    handling_seconds: float
    law: Law = "exponential"
    handling_spread: float = 1.0
    recorded: Sequence[float] = ()
    patience_seconds: float = np.inf
    target_seconds: float = 20.0
    head_start_seconds: float = 0.0
    groups: Sequence[str] = ()
    can_wait: bool = False
    at_once: int = 1
    weight: float = 1.0
    overflow: Sequence[tuple[float, str]] = ()
    reserve: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Agents with the same queues. ``queues_in_order`` makes the order of ``queues`` a strict preference.

    Queues in ``later`` are served too, once a contact has waited for so many seconds.
    """

    name: str
    queues: Sequence[str]
    queues_in_order: bool = False
    later: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent: ``pace`` multiplies handling times (1.2 is slower), per queue if a mapping; shifts in seconds."""

    group: str
    shifts: Sequence[tuple[float, float]]
    pace: float | Mapping[str, float] = 1.0


@dataclass(frozen=True, slots=True)
class Floor:
    queues: Sequence[Queue]
    groups: Sequence[Group]
    agents: Sequence[Agent]
    interval_seconds: float = 1800.0
    policy: str = "longest_idle"

    def __post_init__(self) -> None:
        if self.policy not in SUPPORTED_POLICIES:
            raise unusable(
                "the fast simulation does not know the routing policy “%(policy)s” (it knows %(known)s): "
                "run the routing core itself on a virtual clock instead",
                field="policy", policy=self.policy, known=", ".join(sorted(SUPPORTED_POLICIES)),
            )  # fmt: skip
        names = [queue.name for queue in self.queues]
        known = {group.name for group in self.groups}
        if len(set(names)) < len(names) or len(known) < len(self.groups):
            raise unusable("two queues, or two groups, have the same name", field="name")
        if len({len(queue.calls_per_hour) for queue in self.queues}) != 1:
            raise unusable("every queue needs the same number of intervals", field="calls_per_hour")
        for group in self.groups:
            for name in (*group.queues, *group.later):
                if name not in names:
                    raise unusable("group “%(group)s” serves “%(queue)s”, which is no queue", field="queues",
                                   group=group.name, queue=name)  # fmt: skip
        for queue in self.queues:
            rates = np.asarray(queue.calls_per_hour, dtype=float)
            if not (np.isfinite(rates).all() and (rates >= 0).all()):
                raise unusable("queue “%(queue)s” has a negative or missing number of calls", field="calls_per_hour",
                               queue=queue.name)  # fmt: skip
            if not (queue.handling_seconds > 0 and queue.patience_seconds > 0):
                raise unusable("queue “%(queue)s” needs a handling time and a patience above 0 s", queue=queue.name)
            for _, name in queue.overflow:
                if name not in names or name == queue.name:
                    raise unusable("queue “%(queue)s” cannot overflow into “%(target)s”", field="overflow",
                                   queue=queue.name, target=name)  # fmt: skip
            if queue.at_once < 1:
                raise unusable("an agent holds at least one contact at once", field="at_once")
            if queue.law == "recorded" and not len(queue.recorded):
                raise unusable("queue “%(queue)s” has no recorded handling times", field="recorded", queue=queue.name)
        for place, agent in enumerate(self.agents):
            if agent.group not in known:
                raise unusable("agent %(place)d is of “%(group)s”, which is no group", field="group",
                               place=place + 1, group=agent.group)  # fmt: skip
            for start, end in agent.shifts:
                if not start < end:
                    raise unusable("a shift of agent %(place)d ends before it starts", field="shifts", place=place + 1)

    @property
    def intervals(self) -> int:
        return len(self.queues[0].calls_per_hour)

    @property
    def widens(self) -> bool:
        """Whether who may answer depends on more than the queue: overflow, reserved agents, or queues served later."""
        return any(queue.overflow or queue.reserve for queue in self.queues) or any(
            group.later for group in self.groups
        )

    def narrowed(self) -> "Floor":
        """The same floor without overflow, reserved agents and queues served later."""
        return replace(
            self,
            queues=[replace(queue, overflow=(), reserve=0) for queue in self.queues],
            groups=[replace(group, later={}) for group in self.groups],
        )


def group_places(group: Group, at_once: Mapping[str, int]) -> int:
    """How many chats somebody of ``group`` holds together: 1 who serves none."""
    return min((at_once[name] for name in group.queues if at_once[name] > 1), default=1)


def _padded(rows: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    table = np.full((len(rows), max([1, *map(len, rows)])), NOBODY, dtype=np.int64)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table


@dataclass(frozen=True, slots=True)
class Tables:
    """A floor as the arrays that the kernels read; made once for all replications.

    ``handling`` [agent, queue] is an agent's own time for a contact; ``places`` [group] are those for chats.
    """

    rates: NDArray[np.float64]
    law: NDArray[np.int64]
    spread: NDArray[np.float64]
    recorded: NDArray[np.float64]
    patience: NDArray[np.float64]
    target: NDArray[np.float64]
    due_after: NDArray[np.float64]
    handling: NDArray[np.float64]
    group_queues: NDArray[np.int64]
    queue_rank: NDArray[np.float64]
    queue_groups: NDArray[np.int64]
    group_rank: NDArray[np.float64]
    group_of: NDArray[np.int64]
    start_time: NDArray[np.float64]
    start_agent: NDArray[np.int64]
    start_end: NDArray[np.float64]
    end_time: NDArray[np.float64]
    end_agent: NDArray[np.int64]
    length: float
    intervals: int
    at_once: NDArray[np.int64]
    places: NDArray[np.int64]
    can_wait: NDArray[np.bool_]
    names: tuple[str, ...] = field(default=())


def tables_of(floor: Floor) -> Tables:
    """The kernel's arrays for ``floor``."""
    queues, groups = list(floor.queues), list(floor.groups)
    queue_at = {queue.name: place for place, queue in enumerate(queues)}
    group_at = {group.name: place for place, group in enumerate(groups)}
    queue_rank = np.zeros((len(groups), len(queues)))
    for g, group in enumerate(groups):
        if group.queues_in_order:
            for rank, name in enumerate(group.queues):
                queue_rank[g, queue_at[name]] = rank
    group_rank = np.zeros((len(queues), len(groups)))
    for q, queue in enumerate(queues):
        if queue.groups:
            group_rank[q] = len(queue.groups)
            for rank, name in enumerate(queue.groups):
                group_rank[q, group_at[name]] = rank
    serving = [
        sorted((g for g, group in enumerate(groups) if queue.name in group.queues), key=lambda g: group_rank[q, g])
        for q, queue in enumerate(queues)
    ]
    paces = np.ones((len(floor.agents), len(queues)))
    for a, agent in enumerate(floor.agents):
        if isinstance(agent.pace, Mapping):
            for name, pace in agent.pace.items():
                paces[a, queue_at[name]] = pace
        else:
            paces[a] = agent.pace
    at_once = {queue.name: queue.at_once for queue in queues}
    shifts = sorted((start, a, end) for a, agent in enumerate(floor.agents) for start, end in agent.shifts)
    ends = sorted((end, a) for _, a, end in shifts)
    can_wait = np.array([queue.can_wait for queue in queues], dtype=bool)
    rates = np.array([queue.calls_per_hour for queue in queues], dtype=float) / 3600.0
    longest = max([1, *(len(queue.recorded) for queue in queues)])
    recorded = np.ones((len(queues), longest))
    for q, queue in enumerate(queues):
        if len(queue.recorded):
            values = np.asarray(queue.recorded, dtype=float)
            recorded[q] = np.interp(np.arange(longest), np.linspace(0, longest - 1, values.size), np.sort(values))
            recorded[q] /= recorded[q].mean()
    return Tables(
        rates=np.where(can_wait[:, None], 0.0, rates),
        law=np.array([_LAWS[queue.law] for queue in queues]),
        spread=np.array([queue.handling_spread for queue in queues], dtype=float),
        recorded=recorded,
        patience=np.array([queue.patience_seconds for queue in queues], dtype=float),
        target=np.array([queue.target_seconds for queue in queues], dtype=float),
        due_after=np.array([queue.target_seconds - queue.head_start_seconds for queue in queues], dtype=float),
        handling=paces * np.array([queue.handling_seconds for queue in queues], dtype=float),
        group_queues=_padded([[queue_at[name] for name in group.queues] for group in groups]),
        queue_rank=queue_rank,
        queue_groups=_padded(serving),
        group_rank=group_rank,
        group_of=np.array([group_at[agent.group] for agent in floor.agents], dtype=np.int64),
        start_time=np.array([start for start, _, _ in shifts], dtype=float),
        start_agent=np.array([a for _, a, _ in shifts], dtype=np.int64),
        start_end=np.array([end for _, _, end in shifts], dtype=float),
        end_time=np.array([end for end, _ in ends], dtype=float),
        end_agent=np.array([a for _, a in ends], dtype=np.int64),
        length=float(floor.interval_seconds),
        intervals=floor.intervals,
        at_once=np.array(list(at_once.values()), dtype=np.int64),
        places=np.array([group_places(group, at_once) for group in groups], dtype=np.int64),
        can_wait=can_wait,
        names=tuple(queue_at),
    )
