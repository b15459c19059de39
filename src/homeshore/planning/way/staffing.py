"""From a forecast to the agents it needs: each queue by its kind and its own goal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.staffing import Requirement, Traffic, staff
from homeshore.planning.way.wishes import Terms, Wishes


@dataclass(frozen=True, slots=True)
class Staffed:
    """A queue as staffing needs it: contacts [day, interval] expected, seconds of handling and of patience."""

    name: str
    members: tuple[str, ...]
    calls: NDArray[np.float64]
    handling_seconds: float
    patience_seconds: float


def needs_of(
    queues: Sequence[Staffed], interval_minutes: int, open_slots: tuple[int, int], wishes: Wishes
) -> list[Requirement]:
    """What each queue needs under these wishes. Screens, command and library all ask here."""
    return staff(
        [_traffic(queue, wishes) for queue in queues], interval_minutes, shrinkage=wishes.shrinkage,
        shared=wishes.shared, open_slots=open_slots,
    )  # fmt: skip


def own_seconds(handling_seconds: float, terms: Terms, wishes: Wishes) -> float:
    """What a contact takes of an agent's time: measured so, or a chat's length shared with those held beside it."""
    return handling_seconds if wishes.effort else handling_seconds / terms.at_once


def _traffic(queue: Staffed, wishes: Wishes) -> Traffic:
    terms = wishes.terms(queue.name, queue.members)
    return Traffic(
        queue.calls * wishes.calls_factor, own_seconds(queue.handling_seconds, terms, wishes) * wishes.handling_factor,
        queue.patience_seconds, wishes.goals_of(terms), terms.at_once, terms.kind == "mail",
    )  # fmt: skip
