"""The lines in which contacts wait, one a queue, who leaves them unanswered, and what is counted of each.

``first`` and ``last`` [queue] and ``behind`` [contact] are the lines; ``figures`` [queue, interval of arrival, figure].
"""

import numpy as np

from homeshore.planning.engine.compiled import compiled, inlined
from homeshore.planning.engine.simulation.agents_kernel import NOBODY

ARRIVED, ANSWERED, IN_TIME, ABANDONED, ABANDONED_IN_TIME, WAIT_OF_ANSWERED, WAIT_OF_ABANDONED = range(7)


@inlined
def _slot(arrived: float, length: float, figures: np.ndarray) -> int:
    last: int = figures.shape[1] - 1
    return min(int(arrived / length), last)


@inlined
def count_answered(
    q: int, arrived: float, now: float, target: np.ndarray, length: float, figures: np.ndarray
) -> None:  # fmt: skip
    """A contact of queue ``q`` that came at ``arrived`` is answered ``now``."""
    slot, waited = _slot(arrived, length, figures), now - arrived
    figures[q, slot, ANSWERED] += 1
    figures[q, slot, WAIT_OF_ANSWERED] += waited
    if waited <= target[q]:
        figures[q, slot, IN_TIME] += 1


@inlined
def _count_abandoned(
    q: int, arrived: float, waited: float, target: np.ndarray, length: float, figures: np.ndarray
) -> None:  # fmt: skip
    slot = _slot(arrived, length, figures)
    figures[q, slot, ABANDONED] += 1
    figures[q, slot, WAIT_OF_ABANDONED] += waited
    if waited <= target[q]:
        figures[q, slot, ABANDONED_IN_TIME] += 1


@inlined
def stand_behind(contact: int, q: int, first: np.ndarray, last: np.ndarray, behind: np.ndarray) -> None:
    """``contact`` is the last in the line of queue ``q``."""
    behind[contact] = NOBODY
    if last[q] == NOBODY:
        first[q] = contact
    else:
        behind[last[q]] = contact
    last[q] = contact


@inlined
def leave_first(q: int, first: np.ndarray, last: np.ndarray, behind: np.ndarray) -> None:
    """The first in the line of queue ``q`` waits no more."""
    first[q] = behind[first[q]]
    if first[q] == NOBODY:
        last[q] = NOBODY


@inlined
def most_urgent(
    g: int, free_of_all: bool, now: float, time: np.ndarray, stay: np.ndarray, target: np.ndarray, due_after: np.ndarray,
    alone: np.ndarray, group_queues: np.ndarray, queue_rank: np.ndarray,
    first: np.ndarray, last: np.ndarray, behind: np.ndarray, length: float, figures: np.ndarray,
    ended_wait_at: np.ndarray,
) -> int:  # fmt: skip
    """The contact for somebody of group ``g``: lowest rank of the queue, then earliest due; or nobody.

    Who is not ``free_of_all`` takes none of a queue whose contacts are held ``alone``. Who gave up is taken out of the
    lines looked at, and counted.
    """
    taken = NOBODY
    best_rank = best_due = best_arrival = np.inf
    for j in range(group_queues.shape[1]):
        q = group_queues[g, j]
        if q < 0:
            return taken  # with `break`, compiled code counts references at every contact: a third more time
        if alone[q] and not free_of_all:
            continue
        c = first[q]
        while c != NOBODY and time[c] + stay[c] <= now:
            _count_abandoned(q, time[c], stay[c], target, length, figures)
            ended_wait_at[c] = time[c] + stay[c]
            c = behind[c]
        first[q] = c
        if c == NOBODY:
            last[q] = NOBODY
            continue
        rank, due = queue_rank[g, q], time[c] + due_after[q]
        if rank < best_rank or (
            rank == best_rank and (due < best_due or (due == best_due and (time[c], c) < (best_arrival, taken)))
        ):
            taken, best_rank, best_due, best_arrival = c, rank, due, time[c]
    return taken


@compiled
def count_unanswered(
    time: np.ndarray, stay: np.ndarray, target: np.ndarray, first: np.ndarray, behind: np.ndarray, length: float,
    figures: np.ndarray, ended_wait_at: np.ndarray,
) -> None:  # fmt: skip
    """The day is over: who still waits leaves when their patience ends."""
    for q in range(first.size):
        c = first[q]
        while c != NOBODY:
            ended_wait_at[c] = time[c] + stay[c]
            if stay[c] < np.inf:
                _count_abandoned(q, time[c], stay[c], target, length, figures)
            c = behind[c]
