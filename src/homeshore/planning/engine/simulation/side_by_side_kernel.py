"""Agents who hold several chats at once, routed as the routing core does: the free of a group stand in a heap.

A call is held alone: it goes to somebody who holds nothing, and keeps everything else away. A chat goes to somebody with
a place left and without a call. Among agents of one rank, who holds least comes first, then who has been longest without
an end of work or a beginning of shift. Times are in seconds from the start of the day; at one instant, ends of work come
before ends of shift, before starts of shift, before arrivals.
"""

from heapq import heappop, heappush

import numpy as np

from homeshore.planning.engine.compiled import compiled, inlined
from homeshore.planning.engine.simulation.agents_kernel import NOBODY
from homeshore.planning.engine.simulation.lines_kernel import (
    ARRIVED,
    count_answered,
    count_unanswered,
    leave_first,
    most_urgent,
    stand_behind,
)

HOLDER = np.dtype([
    ("leaves", "f8"),  # when the shift is over
    ("since", "f8"),  # of the last end of work or beginning of shift
    ("group", "i8"),
    ("holds", "i8"),  # contacts in hand
    ("on_call", "i8"),
    ("there", "i8"),
    ("dated", "i8"),  # what the heaps hold of an earlier date is no longer true
])  # fmt: skip

Free = tuple[int, float, int, int]
"""Contacts in hand, since when, the agent, and the date of this entry."""


@inlined
def _stand_free(holders: np.ndarray, heaps: list[list[Free]], places: np.ndarray, a: int) -> None:
    """Agent ``a`` stands among the free of its group if it is there and has a place left."""
    h = holders[a]
    h.dated += 1
    if h.there and not h.on_call and h.holds < places[h.group]:
        heappush(heaps[h.group], (h.holds, h.since, a, h.dated))


@inlined
def _best_free(
    q: int, empty_handed: bool, holders: np.ndarray, heaps: list[list[Free]], queue_groups: np.ndarray,
    group_rank: np.ndarray,
) -> int:  # fmt: skip
    """The free agent for a contact of queue ``q``, who holds nothing if it must be ``empty_handed``; or nobody."""
    chosen, chosen_rank = NOBODY, np.inf
    chosen_holds, chosen_since = 0, np.inf
    for j in range(queue_groups.shape[1]):
        g = queue_groups[q, j]
        if g < 0:
            break
        rank = group_rank[q, g]
        if rank > chosen_rank:
            break
        heap = heaps[g]
        while len(heap) > 0 and holders[heap[0][2]].dated != heap[0][3]:
            heappop(heap)
        if len(heap) == 0 or (empty_handed and heap[0][0] > 0):
            continue
        holds, since, a, _ = heap[0]
        if chosen == NOBODY or (holds, since, a) < (chosen_holds, chosen_since, chosen):
            chosen, chosen_rank, chosen_holds, chosen_since = a, rank, holds, since
    return chosen


@compiled
def route_side_by_side(
    time: np.ndarray, kind: np.ndarray, work: np.ndarray, stay: np.ndarray,
    target: np.ndarray, due_after: np.ndarray, handling: np.ndarray, at_once: np.ndarray, places: np.ndarray,
    group_queues: np.ndarray, queue_rank: np.ndarray, queue_groups: np.ndarray, group_rank: np.ndarray,
    group_of: np.ndarray,
    start_time: np.ndarray, start_agent: np.ndarray, start_end: np.ndarray,
    end_time: np.ndarray, end_agent: np.ndarray,
    length: float, intervals: int, acts: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Route contacts to agents, as ``multi_skill_kernel.route``, of whose arguments and results these are.

    An agent of a group holds ``places`` [group] contacts of queues with more than one ``at_once`` [queue]; such a contact
    lasts ``at_once`` times its ``handling`` and takes that part of the agent's busy time.
    """
    queues, groups, total = target.size, group_queues.shape[0], time.size
    last_interval = intervals - 1
    alone = at_once == 1
    figures = np.zeros((queues, intervals, 7))
    served_by = np.full(total, NOBODY, np.int32)
    ended_wait_at = np.empty(total)
    first, last = np.full(queues, NOBODY, np.int32), np.full(queues, NOBODY, np.int32)
    behind = np.empty(total, np.int32)
    busy = np.zeros(group_of.size)
    holders = np.zeros(group_of.size, HOLDER)
    for a in range(group_of.size):
        holders[a].group, holders[a].leaves = group_of[a], -np.inf
    nobody_free = [(0, 0.0, 0, 0)][:0]
    heaps = [nobody_free.copy() for _ in range(groups)]
    ends = [(0.0, 0, 0)][:0]
    next_contact = next_start = next_end = 0

    while True:
        arrival = time[next_contact] if next_contact < total else np.inf
        begins = start_time[next_start] if next_start < start_time.size else np.inf
        leaves = end_time[next_end] if next_end < end_time.size else np.inf
        finish = ends[0][0] if len(ends) > 0 else np.inf
        now = min(min(arrival, begins), min(leaves, finish))
        if now == np.inf:
            break
        free = taken = NOBODY
        if finish == now:
            _, free, done = heappop(ends)
            h = holders[free]
            h.holds -= 1
            h.on_call = 0
            h.since = now
            if acts.shape[0] > 0:
                acts[free, min(int(now / length), last_interval), kind[done]] += 1
            h.there = h.there and h.leaves > now
        elif leaves == now:
            a = end_agent[next_end]
            next_end += 1
            if holders[a].there and holders[a].leaves <= now:
                holders[a].there = 0
                _stand_free(holders, heaps, places, a)
            continue
        elif begins == now:
            free = start_agent[next_start]
            h = holders[free]
            h.leaves = max(h.leaves, start_end[next_start])
            next_start += 1
            if h.there:
                continue
            h.there, h.since = 1, now
        else:
            taken = next_contact
            next_contact += 1
            q = kind[taken]
            figures[q, min(int(now / length), last_interval), ARRIVED] += 1
            free = _best_free(q, alone[q], holders, heaps, queue_groups, group_rank)
            if free == NOBODY:
                stand_behind(taken, q, first, last, behind)
                continue

        h = holders[free]
        while h.there and not h.on_call and h.holds < places[h.group]:
            if taken == NOBODY:
                taken = most_urgent(
                    h.group, h.holds == 0, now, time, stay, target, due_after, alone, group_queues, queue_rank,
                    first, last, behind, length, figures, ended_wait_at,
                )  # fmt: skip
                if taken == NOBODY:
                    break
                leave_first(kind[taken], first, last, behind)
            q = kind[taken]
            count_answered(q, time[taken], now, target, length, figures)
            ended_wait_at[taken] = now
            served_by[taken] = free
            own = work[taken] * handling[free, q]
            heappush(ends, (now + own * at_once[q], free, taken))
            busy[free] += own
            h.holds += 1
            h.on_call = 1 if alone[q] else 0
            taken = NOBODY
        _stand_free(holders, heaps, places, free)

    count_unanswered(time, stay, target, first, behind, length, figures, ended_wait_at)
    return figures, served_by, ended_wait_at, busy
