"""When an agent's line is too weak for calls. Each end measures what it receives, so one direction alone does not tell whose line it is."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import fmean

BAR = 3.6
"""The mean opinion score under which many people are dissatisfied: R = 70, the lower end of "medium" (ITU-T G.109, table 1)."""
LATEST = 3
"""Samples in a row, of five seconds each, before anything is said."""
REST = timedelta(minutes=10)
"""How long no call is offered to a line that was too weak; then it is tried again."""


def is_poor(scores: Sequence[float], *, bar: float = BAR) -> bool:
    """Whether the latest samples of one direction lie below the bar; False with too few of them."""
    return len(scores) >= LATEST and fmean(scores[-LATEST:]) < bar


def is_weak(
    *, to_agent: Sequence[float], to_customer: Sequence[float], call_before: float | None, bar: float = BAR
) -> bool:
    """Whether it is the agent's line that is weak: both directions of this call are poor, or one is and the call before was too.

    `call_before` is the mean score of the agent's call before this one, with another customer; None when there was none.
    """
    poor = is_poor(to_agent, bar=bar), is_poor(to_customer, bar=bar)
    return all(poor) or (any(poor) and call_before is not None and call_before < bar)
