"""How fast the pure core decides, how that grows with agents, and what a contact and an agent weigh.

A decision: an agent becomes free, gets the most urgent eligible contact, accepts it, and a new contact takes its
place in the line. Three inputs, one offer with its reasons. The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import random
import time
import tracemalloc
from itertools import accumulate

from benchmarks.routing_floor import AGENTS, WAITING, FloorPlan, draw_floor
from homeshore.routing import State, step
from homeshore.routing.decisions import Offered
from homeshore.routing.inputs import (
    AgentSet,
    AssignmentClosed,
    AssignmentOpened,
    ContactArrived,
    OfferAccepted,
    PolicySet,
    PresenceSet,
    QueueSet,
)
from homeshore.routing.policy import Policy

START = 1_800_000_000_000
PRIORITIES, PRIORITY_WEIGHTS = (0, 1, 2), (60, 20, 20)


class Load:
    """A floor kept at its number of waiting contacts, every agent busy but the one who has just become free."""

    def __init__(self, plan: FloorPlan, waiting: int, rule: str, seed: int = 2) -> None:
        self.chance = random.Random(seed)
        self.shares = list(accumulate(plan.shares))
        self.queues = range(1, len(plan.queues) + 1)
        self.state = State("b")
        self.now = START
        self.contact = 0
        self.assignment = 0
        self.offers = 0
        step(self.state, PolicySet(Policy(rule=rule)), self.now)
        for queue in plan.queues:
            step(self.state, QueueSet(queue), self.now)
        for agent in plan.agents:
            step(self.state, AgentSet(agent), self.now)
            step(self.state, PresenceSet(agent.id, True), self.now)
        self.held: list[int] = []
        for agent in plan.agents:
            self._occupy(agent.id)
        for _ in range(waiting):
            self._arrive()

    def _arrive(self) -> None:
        self.contact += 1
        queue = self.chance.choices(self.queues, cum_weights=self.shares)[0]
        priority = self.chance.choices(PRIORITIES, PRIORITY_WEIGHTS)[0]
        step(self.state, ContactArrived(self.contact, queue, self.now, priority), self.now)

    def _occupy(self, agent: int) -> None:
        """Gives the agent some contact of their own, without an offer."""
        queues = self.state.agents[agent].rule.queues
        if queues:
            self.contact += 1
            self.assignment += 1
            step(self.state, AssignmentOpened(self.assignment, self.contact, agent, queues[0]), self.now)
            self.held.append(self.assignment)

    def decide(self, offers: int) -> list[float]:
        """Goes on until so many offers were made; tells the seconds each turn took, the drawing of chances left out."""
        held, chance = self.held, self.chance
        seconds: list[float] = []
        self.offers = 0
        clock = time.perf_counter
        while self.offers < offers:
            index = int(chance.random() * len(held))
            queue = chance.choices(self.queues, cum_weights=self.shares)[0]
            priority = chance.choices(PRIORITIES, PRIORITY_WEIGHTS)[0]
            self.now += 1
            begun = clock()
            closed, held[index] = held[index], held[-1]
            held.pop()
            self._take(AssignmentClosed(closed))
            self.contact += 1
            self._take(ContactArrived(self.contact, queue, self.now, priority))
            seconds.append(clock() - begun)
        return seconds

    def _take(self, input: AssignmentClosed | ContactArrived) -> None:
        """Gives the core an input, and accepts what it offers."""
        for decision in step(self.state, input, self.now).decisions:
            if isinstance(decision, Offered):
                self.offers += 1
                self.assignment += 1
                accepted = OfferAccepted(decision.id, decision.contact, decision.agent, self.assignment)
                step(self.state, accepted, self.now)
                self.held.append(self.assignment)


def measure(agents: int, decisions: int, rule: str) -> dict[str, float]:
    """Decisions per second, and the p50 and p99 of one, with as many waiting per agent as the shared floor has."""
    load = Load(draw_floor(agents), WAITING * agents // AGENTS, rule)
    load.decide(decisions // 10)
    gc.collect()
    used = time.process_time()
    seconds = sorted(load.decide(decisions))
    used = time.process_time() - used
    return {
        "agents": agents,
        "waiting": WAITING * agents // AGENTS,
        "decisions_per_s": round(load.offers / sum(seconds)),
        "decisions_per_cpu_s": round(load.offers / used),
        "p50_us": round(seconds[len(seconds) // 2] * 1e6, 1),
        "p99_us": round(seconds[len(seconds) * 99 // 100] * 1e6, 1),
    }


def weigh(agents: int = 2_000, contacts: int = 5_000) -> dict[str, int]:
    """Bytes the state holds for each agent of the shared floor, and for each waiting contact."""
    plan = draw_floor(agents)
    state = State("b")
    for queue in plan.queues:
        step(state, QueueSet(queue), START)
    gc.collect()
    tracemalloc.start()
    for agent in plan.agents:
        step(state, AgentSet(agent), START)
        step(state, PresenceSet(agent.id, False), START)
    gc.collect()
    with_agents = tracemalloc.get_traced_memory()[0]
    chance = random.Random(3)
    for contact in range(contacts):
        step(state, ContactArrived(contact, chance.randint(1, 200), START, 0), START)
    gc.collect()
    with_contacts = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return {
        "bytes_per_agent": with_agents // agents,
        "bytes_per_waiting_contact": (with_contacts - with_agents) // contacts,
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rule", default=Policy().rule)
    wanted = parser.parse_args()
    growth = [measure(size, wanted.decisions, wanted.rule) for size in wanted.sizes]
    for line in growth:
        print(line, flush=True)
    first, last = growth[0], growth[-1]
    slowdown = first["decisions_per_cpu_s"] / last["decisions_per_cpu_s"]
    result = {
        "core_decisions_per_s": next(
            (line["decisions_per_s"] for line in growth if line["agents"] == AGENTS), growth[-1]["decisions_per_s"]
        ),
        "rule": wanted.rule,
        "growth": growth,
        "slowdown_first_to_last": round(slowdown, 2),
        "log_n_ratio": round(math.log(last["agents"]) / math.log(first["agents"]), 2),
        **weigh(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
