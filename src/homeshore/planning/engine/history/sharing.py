"""An agent's time when several contacts are held at once: each moment is shared equally by those then open."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shared_seconds(agents: Sequence[int], begun: Floats, ended: Floats) -> Floats:
    """Seconds of an agent's time that each stretch took; an agent's sum is the time in which any was open.

    A chat held for ten minutes beside another one for all that time took five.
    """
    taken = np.zeros(len(agents))
    order = np.argsort(begun, kind="stable")
    by_agent: dict[int, list[int]] = {}
    for place in order:
        by_agent.setdefault(agents[place], []).append(int(place))
    for places in by_agent.values():
        moments = sorted([(begun[p], 1, p) for p in places] + [(ended[p], 0, p) for p in places])
        open_now: set[int] = set()
        before = 0.0
        for moment, opens, place in moments:
            if open_now:
                share = (moment - before) / len(open_now)
                for each in open_now:
                    taken[each] += share
            before = moment
            if opens:
                open_now.add(place)
            else:
                open_now.discard(place)
    return taken
