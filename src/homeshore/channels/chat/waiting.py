"""Pure: how long somebody who waits may expect to wait, when that can be said honestly."""

from collections.abc import Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=30)
LEAST_ANSWERS = 5
LONGEST_SAID = timedelta(hours=1)
STEPS = [
    (timedelta(minutes=3), timedelta(seconds=30)),
    (timedelta(minutes=15), timedelta(minutes=1)),
]
LONGEST_STEP = timedelta(minutes=5)


def expected_wait(place: int, answers: Sequence[datetime], now: datetime) -> timedelta | None:
    """The wait of who stands at `place` (1 is next), or None when too few were answered lately to say.

    The queue-length estimator of Whitt (*Predicting Queueing Delays*, Management Science 45(6), 1999): place times the
    mean gap between answers, the gap being that seen over the last half hour, the time since the last answer included,
    so that it grows when nobody answers any more. Nothing is said beyond an hour, nor before five answers.
    """
    recent = [at for at in answers if now - WINDOW <= at <= now]
    if len(recent) < LEAST_ANSWERS:
        return None
    wait = place * (now - min(recent)) / len(recent)
    return _rounded_up(wait) if wait <= LONGEST_SAID else None


def _rounded_up(wait: timedelta) -> timedelta:
    """To 30 s below three minutes, to the minute below fifteen, to five minutes above: no false precision."""
    step = next((step for below, step in STEPS if wait <= below), LONGEST_STEP)
    return step * max(1, -(-wait // step))
