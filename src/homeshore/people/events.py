"""What people declares: the lists in which later contexts listen, inside the transaction."""

from collections.abc import Callable

agent_changed: list[Callable[[int], None]] = []
"""Called with an agent's id when what they can do is another: skills, places, the line at home, active or not."""


def announce_agent(agent_id: int) -> None:
    """Tell whoever listens, in the open transaction: what one of them raises undoes it."""
    for listener in agent_changed:
        listener(agent_id)
