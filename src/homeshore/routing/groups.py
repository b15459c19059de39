"""Which queues share work, and so must be routed together: what a centre can be split along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Queues that reach each other through agents or overflow, and the agents who work on them; all by their ids."""

    queues: tuple[int, ...]
    agents: tuple[int, ...]


def connected_groups(overflows: Mapping[int, Iterable[int]], engaged: Mapping[int, Iterable[int]]) -> list[Group]:
    """The smallest groups that can be routed apart without changing anybody's work, the most agents first.

    `overflows` tells for every queue the ones that it overflows to, `engaged` for every agent the queues they work on.
    Two queues belong together when an agent works on both or one overflows to the other; queues that are not among
    the keys of `overflows` link nothing. Agents who work on no queue are in no group.
    """
    leader = {queue: queue for queue in overflows}

    def lead(queue: int) -> int:
        while leader[queue] != queue:
            leader[queue] = leader[leader[queue]]
            queue = leader[queue]
        return queue

    works_on = {agent: [queue for queue in queues if queue in leader] for agent, queues in engaged.items()}
    links = [(queue, other) for queue, others in overflows.items() for other in others if other in leader]
    links += [(queues[0], other) for queues in works_on.values() for other in queues[1:]]
    for one, other in links:
        leader[max(lead(one), lead(other))] = min(lead(one), lead(other))

    queues_of: dict[int, list[int]] = {}
    for queue in sorted(leader):
        queues_of.setdefault(lead(queue), []).append(queue)
    agents_of: dict[int, list[int]] = {}
    for agent, queues in sorted(works_on.items()):
        if queues:
            agents_of.setdefault(lead(queues[0]), []).append(agent)
    groups = [Group(tuple(queues), tuple(agents_of.get(first, ()))) for first, queues in queues_of.items()]
    return sorted(groups, key=lambda group: (-len(group.agents), group.queues))


def packed(groups: Iterable[Group], floors: int) -> list[Group]:
    """The groups put together into so many floors at most, as even in agents as whole groups allow."""
    found = [Group((), ()) for _ in range(floors)]
    for group in sorted(groups, key=lambda each: (-len(each.agents), each.queues)):
        least = min(range(floors), key=lambda number: (len(found[number].agents), len(found[number].queues), number))
        queues, agents = found[least].queues + group.queues, found[least].agents + group.agents
        found[least] = Group(tuple(sorted(queues)), tuple(sorted(agents)))
    return [each for each in found if each.queues]
