"""What brands declares: the lists in which later contexts listen, inside the transaction."""

from collections.abc import Callable

queue_changed: list[Callable[[int], None]] = []
"""Called with a queue's id when its rules in force are others now, or it takes contacts no more."""


def announce_queue(queue_id: int) -> None:
    """Tell whoever listens, in the open transaction: what one of them raises undoes it."""
    for listener in queue_changed:
        listener(queue_id)
