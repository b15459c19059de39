"""Plays a scenario: events in the order of their time, each told to the core as production would tell it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from homeshore.routing.decisions import Decision, Offered, OfferTimedOut, OfferWithdrawn, Requeued, WrapUpTimedOut
from homeshore.routing.inputs import (
    AgentSet,
    AssignmentClosed,
    ContactArrived,
    ContactCancelled,
    Input,
    OfferAccepted,
    PolicySet,
    PresenceSet,
    QueueSet,
    Tick,
    WrapUpEnded,
)
from homeshore.routing.simulator.calendar import Calendar
from homeshore.routing.simulator.result import AgentResult, QueueResult, Result
from homeshore.routing.simulator.scenario import Arrival, Scenario
from homeshore.routing.state import State
from homeshore.routing.step import step

Watch = Callable[[Input, tuple[Decision, ...], int], None]
"""Sees each input as the core takes it, what the core decided on it, and when (milliseconds)."""


def simulate(scenario: Scenario, seed: int, *, watch: Watch | None = None) -> Result:
    """What becomes of the scenario; `watch` sees it happen. The same seed gives the same result."""
    return _Play(scenario, seed, watch).run()


class _Play:
    """One simulation under way."""

    def __init__(self, scenario: Scenario, seed: int, watch: Watch | None) -> None:
        self.scenario = scenario
        self.watch = watch
        self.chances = scenario.chances
        self.chance = random.Random(seed)  # noqa: S311 - a simulation, to be repeated by its seed
        self.state = State("sim")
        self.now = scenario.start
        self.calendar = Calendar()
        self.numbered = 0
        self.waiting: dict[int, Arrival] = {}
        self.open_offers: dict[str, int] = {}
        self.busy_since: dict[int, tuple[int, int, int]] = {}
        """By assignment: agent, since when, and its contact."""
        self.active: dict[int, Arrival] = {}
        self.result = Result(
            {queue.id: QueueResult(queue.id, queue.target_seconds * 1000) for queue in scenario.queues},
            {agent.id: AgentResult(agent.id) for agent in scenario.agents},
        )
        self.arrivals = iter(scenario.arrivals)

    def run(self) -> Result:
        """Plays to the end."""
        self._open()
        self._expect_next_arrival()
        end, calendar, state = self.scenario.end, self.calendar, self.state
        while True:
            at = calendar.next_at()
            due = state.due_by(end - 1 if at is None else min(at, end - 1))
            if due is not None:  # an event may have set it for the moment it happened
                self.now = max(due, self.now)
                self._tell(Tick())
            elif at is not None and at < end:
                self.now, _, act, subject = calendar.take()
                act(subject)
            else:
                break
        self.now = end
        self._close()
        return self.result

    def _open(self) -> None:
        self._tell(PolicySet(self.scenario.policy))
        for queue in self.scenario.queues:
            self._tell(QueueSet(queue))
        for agent in self.scenario.agents:
            self._tell(AgentSet(agent))
        for shift in self.scenario.shifts:
            self._expect(shift.start, self._comes, shift.agent)
            self._expect(shift.end, self._goes, shift.agent)
            ready = min(shift.end, self.scenario.end) - max(shift.start, self.scenario.start)
            self.result.agents[shift.agent].ready_ms += max(ready, 0)

    def _close(self) -> None:
        """Counts what is under way when the play ends."""
        for agent, since, _ in self.busy_since.values():
            self.result.agents[agent].busy_ms += self.now - since
        for arrival in self.waiting.values():
            queue = self.result.queues[arrival.queue]
            queue.still_waiting += 1
            queue.still_waiting_beyond_target += self.now - arrival.at > queue.target_ms

    def _tell(self, input: Input) -> None:
        taken = step(self.state, input, self.now)
        self.result.inputs += 1
        if self.watch:
            self.watch(input, taken.decisions, self.now)
        if taken.decisions:
            self._obey(taken.decisions)

    def _expect(self, at: int, act: Callable[[Any], None], subject: Any) -> None:
        self.numbered += 1
        self.calendar.write((at, self.numbered, act, subject))

    def _expect_next_arrival(self) -> None:
        arrival = next(self.arrivals, None)
        if arrival is not None:
            self._expect(arrival.at, self._arrives, arrival)

    def _arrives(self, arrival: Arrival) -> None:
        self.numbered += 1
        id = self.numbered
        self.waiting[id] = arrival
        self.result.queues[arrival.queue].offered += 1
        patience = arrival.patience_ms
        if patience is None:
            patience = self.chances.patience(self.chance, arrival.queue)
        if patience is not None:
            self._expect(self.now + patience, self._leaves, id)
        self._tell(ContactArrived(id, arrival.queue, self.now, arrival.priority))
        self._expect_next_arrival()

    def _leaves(self, id: int) -> None:
        arrival = self.waiting.pop(id, None)
        if arrival is not None:
            self.result.queues[arrival.queue].lost_waits.append(self.now - arrival.at)
            self._tell(ContactCancelled(id, "abandoned"))

    def _obey(self, decisions: tuple[Decision, ...]) -> None:
        for decision in decisions:
            if isinstance(decision, Offered):
                self._ring(decision)
            elif isinstance(decision, (OfferTimedOut, OfferWithdrawn)):
                self.open_offers.pop(decision.offer, None)
            elif isinstance(decision, WrapUpTimedOut):
                self._no_longer_busy(decision.assignment)
            elif isinstance(decision, Requeued):
                self._no_longer_busy(decision.assignment)
                self.waiting[decision.contact] = self.active.pop(decision.contact)

    def _ring(self, offer: Offered) -> None:
        after = self.chances.answer(self.chance, offer.agent)
        if after is None:
            return
        self.open_offers[offer.id] = offer.contact
        if after:
            self._expect(self.now + after, self._answers, offer)
        else:
            self._answers(offer)

    def _answers(self, offer: Offered) -> None:
        if self.open_offers.pop(offer.id, None) is None or offer.contact not in self.waiting:
            return
        arrival = self.waiting.pop(offer.contact)
        self.active[offer.contact] = arrival
        self.result.queues[arrival.queue].waits.append(self.now - arrival.at)
        self.result.agents[offer.agent].answered += 1
        self.numbered += 1
        assignment = self.numbered
        self.busy_since[assignment] = (offer.agent, self.now, offer.contact)
        service = arrival.service_ms
        if service is None:
            service = self.chances.service(self.chance, offer.agent, arrival.queue)
        self._expect(self.now + service, self._hangs_up, assignment)
        self._tell(OfferAccepted(offer.id, offer.contact, offer.agent, assignment))

    def _hangs_up(self, assignment: int) -> None:
        held = self.busy_since.get(assignment)
        if held is None:
            return
        arrival = self.active.pop(held[2])
        wrap_up = self.chances.wrap_up(self.chance, held[0], arrival.queue)
        if wrap_up:
            self._expect(self.now + wrap_up, self._wraps_up, assignment)
        else:
            self._no_longer_busy(assignment)
        self._tell(AssignmentClosed(assignment, wrap_up > 0))

    def _wraps_up(self, assignment: int) -> None:
        if assignment in self.busy_since:
            self._no_longer_busy(assignment)
            self._tell(WrapUpEnded(assignment))

    def _no_longer_busy(self, assignment: int) -> None:
        held = self.busy_since.pop(assignment, None)
        if held is not None:
            self.result.agents[held[0]].busy_ms += self.now - held[1]

    def _comes(self, agent: int) -> None:
        self._tell(PresenceSet(agent, True))

    def _goes(self, agent: int) -> None:
        self._tell(PresenceSet(agent, False, "shift_over"))
