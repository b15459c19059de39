"""Work that can wait, in the time that calls and chats leave free: mails, oldest first, put aside for every call."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeshore.planning.engine.simulation import Contacts, Day
from homeshore.planning.engine.simulation.floor import Floor, Tables

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mails:
    """A queue of work that can wait: its place among the floor's queues, its delay in intervals of opening time, and
    which agents serve it."""

    queue: int
    due_intervals: int
    serving: NDArray[np.bool_]


def mails_of(floor: Floor) -> list[Mails]:
    """The floor's queues that can wait, the most urgent first."""
    groups = {group.name: set(group.queues) for group in floor.groups}
    found = [
        Mails(
            k, max(1, round(queue.target_seconds / floor.interval_seconds)),
            np.array([queue.name in groups[agent.group] for agent in floor.agents], dtype=bool),
        )
        for k, queue in enumerate(floor.queues) if queue.can_wait
    ]  # fmt: skip
    return sorted(found, key=lambda mails: mails.due_intervals)


def free_seconds(floor: Floor, tables: Tables, contacts: Contacts, day: Day) -> Floats:
    """Seconds [agent, interval] on shift and without a contact; what runs over the end of a shift takes none."""
    shifts = [(a, start, end) for a, agent in enumerate(floor.agents) for start, end in agent.shifts]
    owners, starts, ends = (np.array([shift[k] for shift in shifts]) for k in range(3))
    free = _spread(owners.astype(int), starts, ends, np.ones(len(shifts)), tables, len(floor.agents))
    served = np.flatnonzero(day.agent >= 0)
    agent = day.agent[served]
    begun = day.left_queue_at[served]
    queue = contacts.queue[served]
    lasted = contacts.work[served] * tables.handling[agent, queue] * tables.at_once[queue]
    busy = _spread(agent, begun, begun + lasted, 1.0 / tables.at_once[queue], tables, len(floor.agents))
    return np.maximum(free - busy, 0.0)


def _spread(
    agent: NDArray[np.integer], start: Floats, end: Floats, weight: Floats, tables: Tables, agents: int
) -> Floats:  # fmt: skip
    """Stretches of time as seconds by [agent, interval]; what lies after the last interval is left out."""
    table = np.zeros(agents * tables.intervals)
    at = np.asarray(start, dtype=float).copy()
    left = np.flatnonzero(at < end)
    while left.size:
        slot = (at[left] / tables.length + 1e-9).astype(int)
        inside = slot < tables.intervals
        left, slot = left[inside], slot[inside]
        edge = np.minimum((slot + 1) * tables.length, end[left])
        table += np.bincount(agent[left] * tables.intervals + slot, (edge - at[left]) * weight[left], table.size)
        at[left] = edge
        left = left[edge < end[left] - 1e-9]
    return table.reshape(agents, tables.intervals)


class Backlog:
    """Mails that wait in one possible future, carried from day to day; time counts while the centre is open."""

    def __init__(self, kinds: Sequence[Mails]) -> None:
        self.kinds = kinds
        self._now = 0
        self._waiting: list[deque[list[float]]] = [deque() for _ in kinds]
        self.in_time = np.zeros(len(kinds))
        self.judged = np.zeros(len(kinds))

    def live(self, arriving: Floats, free: Floats, seconds: Floats, opening: int = 0) -> Floats:
        """A day: mails ``arriving`` [kind, interval], answered in the ``free`` seconds [agent, interval], each taking
        ``seconds`` [agent, queue]; time counts from interval ``opening`` on. Mails done by [agent, interval, kind]."""
        left = free.copy()
        done = np.zeros((*free.shape, len(self.kinds)))
        for t in range(opening, free.shape[1]):
            for m, mails in enumerate(self.kinds):
                come = arriving[m, t] + (arriving[m, :opening].sum() if t == opening else 0.0)
                if come:
                    self._waiting[m].append([self._now, come])
                waiting = sum(count for _, count in self._waiting[m])
                could = np.where(mails.serving, left[:, t] / seconds[:, mails.queue], 0.0)
                total = could.sum()
                if not waiting or total <= 0.0:
                    continue
                share = min(1.0, waiting / total)
                done[:, t, m] = share * could
                left[:, t] -= share * could * seconds[:, mails.queue]
                self._answered(m, share * total)
            self._now += 1
        return done

    def _answered(self, m: int, count: float) -> None:
        """``count`` mails of a kind are answered now, the oldest first."""
        waiting, due = self._waiting[m], self.kinds[m].due_intervals
        while waiting and count > 1e-12:
            came, there = waiting[0]
            taken = min(there, count)
            self.judged[m] += taken
            self.in_time[m] += taken if self._now - came < due else 0.0
            count -= taken
            waiting[0][1] -= taken
            if waiting[0][1] <= 1e-12:
                waiting.popleft()

    def level(self) -> Floats:
        """By kind: mails answered in time over all that were answered or are overdue; 1 where none came."""
        overdue = np.array([
            sum(count for came, count in waiting if self._now - came >= mails.due_intervals)
            for mails, waiting in zip(self.kinds, self._waiting, strict=True)
        ])  # fmt: skip
        judged = self.judged + overdue
        level = np.ones(len(self.kinds))
        np.divide(self.in_time, judged, out=level, where=judged > 0)
        return level
