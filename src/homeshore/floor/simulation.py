"""The switch of the simulated people, for whoever supervises a demonstration; without one there are none to stop."""

from typing import Protocol


class Simulation(Protocol):
    """Simulated customers and agents, as a demonstration has them."""

    def is_present(self) -> bool:
        """Whether there are any in this process, playing or paused."""
        ...

    def is_running(self) -> bool:
        """Whether they come and work now."""
        ...

    def pause(self) -> None:
        """Let them finish what they have, and come no more."""
        ...

    def resume(self) -> None:
        """Let them come and work again."""
        ...


_offered: Simulation | None = None


def offer(simulation: Simulation) -> None:
    """A demonstration puts its switch here."""
    global _offered
    _offered = simulation


def switch() -> Simulation | None:
    """The switch, or None where nobody is simulated."""
    return _offered if _offered is not None and _offered.is_present() else None
