"""Many queues, agents as individuals in skill groups: each contact goes by urgency, each agent by time idle.

Times are in seconds from the start of the day. An agent who becomes free takes, among the queues of its group, the
lowest rank, then the earliest due; a contact that finds idle agents goes to the lowest ranked group, then to the agent
idle longest. At one instant, ends of work come before ends of shift, before starts of shift, before arrivals.
"""

import numpy as np

from homeshore.planning.engine.compiled import compiled, inlined
from homeshore.planning.engine.simulation.agents_kernel import (
    AWAY,
    IDLE,
    NOBODY,
    WORKING,
    agents_of,
    earliest,
    idle_lines,
    line_up,
    put,
    ring_of,
    step_out,
    stretch_of,
    take,
)
from homeshore.planning.engine.simulation.lines_kernel import (
    ARRIVED,
    count_answered,
    count_unanswered,
    leave_first,
    most_urgent,
    stand_behind,
)


@inlined
def _idle_longest(q: int, queue_groups: np.ndarray, group_rank: np.ndarray, lines: np.ndarray) -> int:
    """The idle agent for a contact of queue ``q``: of the lowest ranked group, then idle longest."""
    chosen, chosen_rank, chosen_since = NOBODY, np.inf, np.inf
    for j in range(queue_groups.shape[1]):
        g = queue_groups[q, j]
        if g < 0:
            break
        since, rank, who = lines[g].longest_since, group_rank[q, g], lines[g].longest
        if rank > chosen_rank and chosen != NOBODY:
            break
        # without a branch, which could not be foreseen
        better = (since < chosen_since) | ((since == chosen_since) & (who < chosen))
        chosen, chosen_since, chosen_rank = (who, since, rank) if better else (chosen, chosen_since, rank)
    return chosen


@compiled
def route(
    time: np.ndarray, kind: np.ndarray, work: np.ndarray, stay: np.ndarray,
    target: np.ndarray, due_after: np.ndarray, handling: np.ndarray,
    group_queues: np.ndarray, queue_rank: np.ndarray, queue_groups: np.ndarray, group_rank: np.ndarray,
    group_of: np.ndarray,
    start_time: np.ndarray, start_agent: np.ndarray, start_end: np.ndarray,
    end_time: np.ndarray, end_agent: np.ndarray,
    length: float, intervals: int, acts: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Route contacts to agents. ``handling`` [agent, queue] is the mean handling time, that ``work`` multiplies.

    ``group_queues`` [group, k] lists the queues a group serves, padded with -1, ``queue_rank`` [group, queue] their
    rank; ``queue_groups`` [queue, k], in order of rank, and ``group_rank`` [queue, group] likewise. ``acts`` [agent,
    interval, queue] counts ended contacts by the interval of their end (give an array without rows to record none).

    Returns figures [queue, interval of arrival, 7]: arrivals, answered, answered within target, abandoned, abandoned
    within target, wait of the answered, wait of the abandoned; then for each contact its agent (NOBODY if it
    abandoned) and the time it was answered or left; then the busy seconds of each agent.
    """
    queues, groups, total = target.size, group_queues.shape[0], time.size
    last_interval = intervals - 1
    alone = np.ones(queues, np.bool_)
    figures = np.zeros((queues, intervals, 7))
    served_by = np.full(total, NOBODY, np.int32)
    ended_wait_at = np.empty(total)
    first, last = np.full(queues, NOBODY, np.int32), np.full(queues, NOBODY, np.int32)
    behind = np.empty(total, np.int32)
    agents, ring = agents_of(group_of), ring_of(group_of.size)
    lines, waiting = idle_lines(groups, group_of, end_agent)
    per_second = (total + 1.0) / (length * intervals)  # about one end in each stretch of the ring
    working, ending, stretch = 0, NOBODY, 0
    next_contact = next_start = next_end = 0

    while True:
        arrival = time[next_contact] if next_contact < total else np.inf
        begins = start_time[next_start] if next_start < start_time.size else np.inf
        leaves = end_time[next_end] if next_end < end_time.size else np.inf
        finish = agents[ending].ends if working > 0 else np.inf
        now = min(min(arrival, begins), min(leaves, finish))
        if now == np.inf:
            break
        free = taken = NOBODY
        if finish == now:
            free = ending
            agents[free].status = AWAY
            take(agents, ring, free, stretch)
            working -= 1
            if working > 0:
                ending, stretch = earliest(agents, ring, stretch, per_second)
            if acts.shape[0] > 0:
                acts[free, min(int(now / length), last_interval), kind[agents[free].holds]] += 1
            if agents[free].leaves <= now:
                continue
        elif leaves == now:
            a = end_agent[next_end]
            next_end += 1
            if agents[a].status == IDLE and agents[a].leaves <= now:
                step_out(agents, lines, waiting, a, AWAY)
            continue
        elif begins == now:
            free = start_agent[next_start]
            agents[free].leaves = max(agents[free].leaves, start_end[next_start])
            next_start += 1
            if agents[free].status != AWAY:
                continue
        else:
            taken = next_contact
            next_contact += 1
            q = kind[taken]
            figures[q, min(int(now / length), last_interval), ARRIVED] += 1
            free = _idle_longest(q, queue_groups, group_rank, lines)
            if free == NOBODY:
                stand_behind(taken, q, first, last, behind)
                continue
            step_out(agents, lines, waiting, free, WORKING)

        if taken == NOBODY:  # who is free looks for the most urgent contact
            taken = most_urgent(
                agents[free].group, True, now, time, stay, target, due_after, alone, group_queues, queue_rank,
                first, last, behind, length, figures, ended_wait_at,
            )  # fmt: skip
            if taken == NOBODY:
                line_up(agents, lines, waiting, free, now)
                continue
            leave_first(kind[taken], first, last, behind)

        q = kind[taken]
        count_answered(q, time[taken], now, target, length, figures)
        ended_wait_at[taken] = now
        served_by[taken] = free
        duration = work[taken] * handling[free, q]
        agent = agents[free]
        agent.holds, agent.status, agent.ends = taken, WORKING, now + duration
        agent.busy += duration
        its_stretch = stretch_of(agent.ends, per_second)
        put(agents, ring, free, its_stretch)
        if working == 0 or agent.ends < agents[ending].ends or (agent.ends == agents[ending].ends and free < ending):
            ending, stretch = free, its_stretch
        working += 1

    count_unanswered(time, stay, target, first, behind, length, figures, ended_wait_at)
    return figures, served_by, ended_wait_at, agents["busy"].copy()
