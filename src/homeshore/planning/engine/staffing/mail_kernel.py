"""The loop that puts work which can wait into the time left free."""

import numpy as np

from homeshore.planning.engine.compiled import compiled


@compiled
def deferred(work: np.ndarray, due_intervals: int, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Work done in ``free`` time by interval, oldest first, and what finds none, spread evenly over its delay."""
    left_free = free.copy()
    done, extra = np.zeros(work.size), np.zeros(work.size)
    for t in range(work.size):
        left = work[t]
        last = min(t + due_intervals, work.size)
        for at in range(t, last):
            taken = min(left, max(left_free[at], 0.0))
            left_free[at] -= taken
            done[at] += taken
            left -= taken
            if left <= 1e-12:
                break
        for at in range(t, last):
            extra[at] += left / (last - t)
    return done, extra
