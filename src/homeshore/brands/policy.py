"""Pure: what people set for one queue, as one value: who may answer, how soon, and what happens as a contact waits.

A version of it holds from its date. `routing` gets the same rules in its own words (contacts/router/rules.py).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Needs = Mapping[int, int]
"""The least level by skill."""

ANSWER, HOLD = "answer", "hold"
"""Outside the brand's hours: offered as usual, or kept until it opens."""


@dataclass(frozen=True, slots=True)
class Ring:
    """From so many seconds of waiting these needs replace the queue's own."""

    after_seconds: int
    needs: Needs


@dataclass(frozen=True, slots=True)
class Overflow:
    """From so many seconds of waiting, agents of another queue may answer too."""

    after_seconds: int
    queue: int


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """The rules of a queue. `cost` weighs its waiting against other queues'; `reserve` free agents are kept for it.

    A customer goes to the agent they had within `last_agent_days` (0: nobody in particular), and waits for them up to
    `sticky_seconds` when they are there and busy.
    """

    target_seconds: int
    target_percent: int = 80
    offer_seconds: int = 20
    wrap_up_seconds: int = 60
    priority: int = 0
    cost: float = 1.0
    needs: Needs = field(default_factory=dict)
    rings: tuple[Ring, ...] = ()
    overflow: tuple[Overflow, ...] = ()
    reserve: int = 0
    last_agent_days: int = 0
    sticky_seconds: int = 0
    interruptible: bool = True
    outside_hours: str = ANSWER

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, skills' ids as texts."""
        values = asdict(self)
        values["needs"] = _named(self.needs)
        values["rings"] = [{"after_seconds": ring.after_seconds, "needs": _named(ring.needs)} for ring in self.rings]
        values["overflow"] = [asdict(step) for step in self.overflow]
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "QueuePolicy":
        """What `to_json` wrote."""
        rings = tuple(Ring(ring["after_seconds"], _numbered(ring["needs"])) for ring in values["rings"])
        overflow = tuple(Overflow(**step) for step in values["overflow"])
        rest = {name: value for name, value in values.items() if name not in ("needs", "rings", "overflow")}
        return cls(needs=_numbered(values["needs"]), rings=rings, overflow=overflow, **rest)

    def changes_from(self, before: "QueuePolicy") -> dict[str, tuple[Any, Any]]:
        """What is other than before: by field, its plain value then and now."""
        then, now = before.to_json(), self.to_json()
        return {name: (then[name], now[name]) for name in now if now[name] != then[name]}


def _named(needs: Needs) -> dict[str, int]:
    return {str(skill): level for skill, level in sorted(needs.items())}


def _numbered(needs: Mapping[str, int]) -> dict[int, int]:
    return {int(skill): level for skill, level in sorted(needs.items(), key=lambda each: int(each[0]))}


def circle(overflows: Mapping[int, tuple[int, ...]]) -> list[int]:
    """The first circle in which queues overflow into one another, its first queue repeated at the end; [] for none."""
    done: set[int] = set()
    for start in sorted(overflows):
        found = _walk(start, overflows, [], done)
        if found:
            return found
    return []


def _walk(queue: int, overflows: Mapping[int, tuple[int, ...]], path: list[int], done: set[int]) -> list[int]:
    if queue in path:
        return [*path[path.index(queue) :], queue]
    if queue in done:
        return []
    for target in overflows.get(queue, ()):
        found = _walk(target, overflows, [*path, queue], done)
        if found:
            return found
    done.add(queue)
    return []
