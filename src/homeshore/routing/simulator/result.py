"""What came of a simulated day, in the terms a floor is run by."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class QueueResult:
    """One queue. Times are milliseconds; `waits` holds that of every answered contact, `lost_waits` of every abandoned."""

    queue: int
    target_ms: int
    offered: int = 0
    still_waiting: int = 0
    still_waiting_beyond_target: int = 0
    waits: list[int] = field(default_factory=list)
    lost_waits: list[int] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return len(self.waits)

    @property
    def abandoned(self) -> int:
        return len(self.lost_waits)

    @property
    def service_level(self) -> float | None:
        """Share answered within the target; who left before it is not counted. None when nobody is."""
        return self.in_time / self.counted if self.counted else None

    @property
    def in_time(self) -> int:
        """How many were answered within the target."""
        return sum(wait <= self.target_ms for wait in self.waits)

    @property
    def counted(self) -> int:
        """How many count for the service level."""
        late = sum(wait >= self.target_ms for wait in self.lost_waits)
        return self.answered + late + self.still_waiting_beyond_target

    @property
    def asa_ms(self) -> float | None:
        """Average speed of answer."""
        return sum(self.waits) / self.answered if self.waits else None

    @property
    def abandonment(self) -> float | None:
        """Share of the offered who left unanswered."""
        return self.abandoned / self.offered if self.offered else None

    def wait_quantile(self, share: float) -> int | None:
        """The wait that this share of the answered did not exceed."""
        ordered = sorted(self.waits)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else None


@dataclass
class AgentResult:
    """One agent: contacts answered, and milliseconds ready, of which busy (talking or wrapping up)."""

    agent: int
    answered: int = 0
    ready_ms: int = 0
    busy_ms: int = 0

    @property
    def occupancy(self) -> float | None:
        """Busy time as a share of ready time; above 1 where several contacts are held at once."""
        return self.busy_ms / self.ready_ms if self.ready_ms else None


@dataclass
class Result:
    """The whole floor."""

    queues: dict[int, QueueResult]
    agents: dict[int, AgentResult]
    inputs: int = 0
    decisions: int = 0

    @property
    def offered(self) -> int:
        return sum(queue.offered for queue in self.queues.values())

    @property
    def answered(self) -> int:
        return sum(queue.answered for queue in self.queues.values())

    @property
    def abandoned(self) -> int:
        return sum(queue.abandoned for queue in self.queues.values())

    @property
    def occupancy(self) -> float | None:
        """Busy time of all agents as a share of their ready time."""
        ready = sum(agent.ready_ms for agent in self.agents.values())
        return sum(agent.busy_ms for agent in self.agents.values()) / ready if ready else None
