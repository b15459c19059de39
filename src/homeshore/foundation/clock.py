"""What time it is: asked here and nowhere else, so that a replay and the tests can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from homeshore.values.clock import Clock, SystemClock

_clock: Clock = SystemClock()


def now() -> datetime:
    """The present moment, aware, UTC, by the clock of this process."""
    return _clock.now()


def use(clock: Clock) -> None:
    """Let this whole process live by another clock from now on, as a replay does."""
    global _clock
    _clock = clock


@contextmanager
def using(clock: Clock) -> Iterator[None]:
    """Live by another clock inside the block."""
    before = _clock
    use(clock)
    try:
        yield
    finally:
        use(before)
