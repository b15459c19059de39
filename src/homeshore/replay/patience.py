"""How long callers wait before they leave, from calls most of which were answered before they lost patience. Pure.

The survival curve is that of Kaplan and Meier (1958): those answered are censored at their wait. Beyond the longest wait
at which anybody left, patience goes on exponentially at the average rate of leaving.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Patience:
    """`survival[i]` is the share still waiting just after `times[i]` seconds; `rate` leaves a second in the tail."""

    times: tuple[float, ...]
    survival: tuple[float, ...]
    rate: float

    def still_waiting(self, after: float) -> float:
        """The share whose patience is longer than so many seconds."""
        index = bisect_right(self.times, after)
        if index == 0:
            return 1.0
        share = self.survival[index - 1]
        beyond = after - self.times[-1]
        return share * math.exp(-self.rate * beyond) if index == len(self.times) and beyond > 0 else share

    def draw(self, chance: float, *, longer_than: float = 0.0) -> float:
        """The patience at a chance between 0 and 1 of somebody known to have waited `longer_than` seconds.

        Infinite when nobody was ever seen to leave.
        """
        target = self.still_waiting(longer_than) * (1.0 - chance)
        for at, share in zip(self.times, self.survival, strict=True):
            if at > longer_than and share <= target:
                return at
        if self.rate <= 0:
            return math.inf
        last = self.survival[-1] if self.survival else 1.0
        start = self.times[-1] if self.times else 0.0
        return (
            max(longer_than, start)
            + math.log(max(1.0, min(last, self.still_waiting(longer_than)) / max(target, 1e-12))) / self.rate
        )


def estimate(waits: Iterable[tuple[float, bool]]) -> Patience:
    """The patience behind waits in seconds, each with whether the caller left (True) or was answered (False)."""
    ordered = sorted(waits)
    at_risk, share = len(ordered), 1.0
    times: list[float] = []
    survival: list[float] = []
    for at, group in groupby(ordered, key=lambda wait: wait[0]):
        outcomes = [left for _, left in group]
        leaving = sum(outcomes)
        if leaving:
            share *= 1 - leaving / at_risk
            times.append(at)
            survival.append(share)
        at_risk -= len(outcomes)
    total = sum(at for at, _ in ordered)
    left = sum(left for _, left in ordered)
    return Patience(tuple(times), tuple(survival), left / total if total else 0.0)
