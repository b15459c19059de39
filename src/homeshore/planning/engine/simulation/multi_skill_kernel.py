"""Many queues, agents as individuals in skill groups: each contact goes by urgency, each agent by time idle.

Times are in seconds from the start of the day. An agent who becomes free takes, among the queues of its group, the
lowest rank, then the earliest due; a contact that finds idle agents goes to the lowest ranked group, then to the agent
idle longest. At one instant, ends of work come before ends of shift, before starts of shift, before arrivals.
"""

import math

import numpy as np

from homeshore.planning.engine.compiled import compiled
from homeshore.planning.engine.random_kernel import exponential, generator, normal, uniform

NOBODY = -1
EXPONENTIAL, LOGNORMAL, RECORDED = 0, 1, 2


@compiled
def draw_contacts(
    rates: np.ndarray, length: float, law: np.ndarray, spread: np.ndarray, recorded: np.ndarray,
    patience: np.ndarray, seed: int, replication: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Arrival times in order, their queue, work (mean 1 handling time), and patience in seconds.

    ``rates`` [queue, interval] are per second. Each queue draws from its own stream, so that changing one queue,
    the agents or the policy leaves the contacts of the others as they were: common random numbers.
    ``recorded`` [queue, k] are equally likely values of work, for law RECORDED.
    """
    queues, intervals = rates.shape
    starts = np.zeros(queues + 1, np.int64)
    room = 0
    for q in range(queues):
        mean = rates[q].sum() * length
        room += int(mean + 10.0 * math.sqrt(mean + 1.0) + 20.0)
    time = np.empty(room)
    work = np.empty(room)
    stay = np.empty(room)
    count = 0
    for q in range(queues):
        state = generator(seed, replication, q)
        mean_log = -0.5 * math.log1p(spread[q] ** 2)
        sigma = math.sqrt(math.log1p(spread[q] ** 2))
        for i in range(intervals):
            if rates[q, i] <= 0.0:
                continue
            now = i * length
            end = now + length
            while True:
                step, state = exponential(state)
                now += step / rates[q, i]
                if now >= end or count == room:
                    break
                if law[q] == EXPONENTIAL:
                    amount, state = exponential(state)
                elif law[q] == LOGNORMAL:
                    z, state = normal(state)
                    amount = math.exp(mean_log + sigma * z)
                else:
                    u, state = uniform(state)
                    amount = recorded[q, min(int(u * recorded.shape[1]), recorded.shape[1] - 1)]
                limit, state = exponential(state)
                time[count], work[count], stay[count] = now, amount, limit * patience[q]
                count += 1
        starts[q + 1] = count
    return merged(time, work, stay, starts)


@compiled
def merged(
    time: np.ndarray, work: np.ndarray, stay: np.ndarray, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Contacts sorted queue by queue, put into one order of arrival."""
    queues = starts.size - 1
    total = starts[queues]
    times, kinds, works, stays = np.empty(total), np.empty(total, np.int32), np.empty(total), np.empty(total)
    cursor = starts[:queues].copy()
    heads = np.full(queues, np.inf)
    for q in range(queues):
        if cursor[q] < starts[q + 1]:
            heads[q] = time[cursor[q]]
    for k in range(total):
        q = int(np.argmin(heads))
        c = cursor[q]
        times[k], kinds[k], works[k], stays[k] = time[c], q, work[c], stay[c]
        cursor[q] = c + 1
        heads[q] = time[c + 1] if c + 1 < starts[q + 1] else np.inf
    return times, kinds, works, stays


@compiled
def _sift_down(key: np.ndarray, agent: np.ndarray, size: int, time: float, who: int) -> None:
    """Put (time, who) in place of the first of a four-way heap ordered by time, then by agent."""
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if key[other] < key[least] or (key[other] == key[least] and agent[other] < agent[least]):
                least = other
        if time < key[least] or (time == key[least] and who < agent[least]):
            break
        key[hole], agent[hole] = key[least], agent[least]
        hole = least
    key[hole], agent[hole] = time, who


@compiled
def _sift_up(key: np.ndarray, agent: np.ndarray, size: int, time: float, who: int) -> None:
    place = size
    while place > 0:
        parent = (place - 1) // 4
        if key[parent] < time or (key[parent] == time and agent[parent] < who):
            break
        key[place], agent[place] = key[parent], agent[parent]
        place = parent
    key[place], agent[place] = time, who


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
    rank; ``queue_groups`` [queue, k] and ``group_rank`` [queue, group] likewise. ``acts`` [agent, interval, queue]
    counts ended contacts by the interval of their end (give an array without rows to record none).

    Returns figures [queue, interval of arrival, 7]: arrivals, answered, answered within target, abandoned, abandoned
    within target, wait of the answered, wait of the abandoned; then for each contact its agent (NOBODY if it
    abandoned) and the time it was answered or left; then the busy seconds of each agent.
    """
    queues, groups, agents, total = target.size, group_queues.shape[0], group_of.size, time.size
    figures = np.zeros((queues, intervals, 7))
    served_by = np.full(total, NOBODY, np.int32)
    ended_wait_at = np.empty(total)
    busy = np.zeros(agents)
    key, who_ends, size = np.empty(agents), np.empty(agents, np.int32), 0
    working = np.zeros(agents, np.bool_)
    ends_at = np.full(agents, -np.inf)
    idle_since = np.zeros(agents)
    older, newer = np.full(agents, NOBODY, np.int32), np.full(agents, NOBODY, np.int32)
    idle = np.zeros(agents, np.bool_)
    longest, shortest = np.full(groups, NOBODY, np.int32), np.full(groups, NOBODY, np.int32)
    behind = np.full(total, NOBODY, np.int32)
    first, last = np.full(queues, NOBODY, np.int32), np.full(queues, NOBODY, np.int32)
    holds = np.zeros(agents, np.int32)
    next_contact = next_start = next_end = 0
    last_interval = intervals - 1

    while True:
        arrival = time[next_contact] if next_contact < total else np.inf
        begins = start_time[next_start] if next_start < start_time.size else np.inf
        leaves = end_time[next_end] if next_end < end_time.size else np.inf
        finish = key[0] if size > 0 else np.inf
        now = min(min(arrival, begins), min(leaves, finish))
        if now == np.inf:
            break
        candidate = NOBODY
        if finish == now:
            candidate = who_ends[0]
            if acts.shape[0] > 0:
                acts[candidate, min(int(now / length), last_interval), kind[holds[candidate]]] += 1
            if ends_at[candidate] <= now:
                working[candidate] = False
                size -= 1
                if size > 0:
                    _sift_down(key, who_ends, size, key[size], who_ends[size])
                continue
        elif leaves == now:
            a = end_agent[next_end]
            next_end += 1
            if idle[a] and ends_at[a] <= now:
                g = group_of[a]
                if older[a] == NOBODY:
                    longest[g] = newer[a]
                else:
                    newer[older[a]] = newer[a]
                if newer[a] == NOBODY:
                    shortest[g] = older[a]
                else:
                    older[newer[a]] = older[a]
                idle[a] = False
            continue
        elif begins == now:
            a = start_agent[next_start]
            ends_at[a] = max(ends_at[a], start_end[next_start])
            next_start += 1
            if working[a] or idle[a]:
                continue
            candidate = a
        if candidate != NOBODY:
            g = group_of[candidate]
            best = NOBODY
            best_rank = best_due = best_arrival = np.inf
            for j in range(group_queues.shape[1]):
                q = group_queues[g, j]
                if q < 0:
                    break
                c = first[q]
                while c != NOBODY and time[c] + stay[c] <= now:
                    i = min(int(time[c] / length), last_interval)
                    figures[q, i, 3] += 1
                    figures[q, i, 6] += stay[c]
                    if stay[c] <= target[q]:
                        figures[q, i, 4] += 1
                    ended_wait_at[c] = time[c] + stay[c]
                    c = behind[c]
                first[q] = c
                if c == NOBODY:
                    last[q] = NOBODY
                    continue
                rank, due = queue_rank[g, q], time[c] + due_after[q]
                if rank < best_rank or (
                    rank == best_rank and (due < best_due or (due == best_due and (time[c], c) < (best_arrival, best)))
                ):
                    best, best_rank, best_due, best_arrival = c, rank, due, time[c]
            if best == NOBODY:
                if working[candidate]:
                    working[candidate] = False
                    size -= 1
                    if size > 0:
                        _sift_down(key, who_ends, size, key[size], who_ends[size])
                idle[candidate] = True
                idle_since[candidate] = now
                older[candidate], newer[candidate] = shortest[g], NOBODY
                if shortest[g] == NOBODY:
                    longest[g] = candidate
                else:
                    newer[shortest[g]] = candidate
                shortest[g] = candidate
                continue
            q = kind[best]
            first[q] = behind[best]
            if first[q] == NOBODY:
                last[q] = NOBODY
            i = min(int(time[best] / length), last_interval)
            wait = now - time[best]
            figures[q, i, 1] += 1
            figures[q, i, 5] += wait
            if wait <= target[q]:
                figures[q, i, 2] += 1
            ended_wait_at[best] = now
            served_by[best] = candidate
            holds[candidate] = best
            duration = work[best] * handling[candidate, q]
            busy[candidate] += duration
            if working[candidate]:
                _sift_down(key, who_ends, size, now + duration, candidate)
            else:
                working[candidate] = True
                _sift_up(key, who_ends, size, now + duration, candidate)
                size += 1
            continue

        c = next_contact
        next_contact += 1
        q = kind[c]
        i = min(int(now / length), last_interval)
        figures[q, i, 0] += 1
        chosen = NOBODY
        chosen_rank = chosen_since = np.inf
        for j in range(queue_groups.shape[1]):
            g = queue_groups[q, j]
            if g < 0:
                break
            a = longest[g]
            if a != NOBODY:
                rank = group_rank[q, g]
                if rank < chosen_rank or (
                    rank == chosen_rank
                    and (idle_since[a] < chosen_since or (idle_since[a] == chosen_since and a < chosen))
                ):
                    chosen, chosen_rank, chosen_since = a, rank, idle_since[a]
        if chosen == NOBODY:
            if last[q] == NOBODY:
                first[q] = c
            else:
                behind[last[q]] = c
            last[q] = c
            continue
        g = group_of[chosen]
        longest[g] = newer[chosen]
        if longest[g] == NOBODY:
            shortest[g] = NOBODY
        else:
            older[longest[g]] = NOBODY
        idle[chosen] = False
        working[chosen] = True
        figures[q, i, 1] += 1
        figures[q, i, 2] += 1
        ended_wait_at[c] = now
        served_by[c] = chosen
        holds[chosen] = c
        duration = work[c] * handling[chosen, q]
        busy[chosen] += duration
        _sift_up(key, who_ends, size, now + duration, chosen)
        size += 1

    for q in range(queues):
        c = first[q]
        while c != NOBODY:
            i = min(int(time[c] / length), last_interval)
            ended_wait_at[c] = time[c] + stay[c]
            if stay[c] < np.inf:
                figures[q, i, 3] += 1
                figures[q, i, 6] += stay[c]
                if stay[c] <= target[q]:
                    figures[q, i, 4] += 1
            c = behind[c]
    return figures, served_by, ended_wait_at, busy
