"""The simulator against what queueing theory knows, and against itself."""

from __future__ import annotations

import math
import random

import pytest

from homeshore.routing.policy import AgentRule, Policy, QueueRule
from homeshore.routing.simulator import Arrival, Chances, Scenario, Shift, poisson_arrivals, simulate

SECOND = 1_000
HOUR = 3_600 * SECOND
QUEUE = QueueRule(1, "voice", target_seconds=20, wrap_up_seconds=600)


def team(count: int) -> tuple[AgentRule, ...]:
    return tuple(AgentRule(id, queues=(1,), places={"voice": 1}) for id in range(1, count + 1))


def scenario(
    arrivals: object, chances: Chances, agents: int = 1, end: int = HOUR, queue: QueueRule = QUEUE
) -> Scenario:
    people = team(agents)
    shifts = tuple(Shift(agent.id, 0, end) for agent in people)
    return Scenario((queue,), people, shifts, arrivals, 0, end, Policy(rule="longest_idle"), chances)  # type: ignore[arg-type]


def test_one_agent_and_three_callers_are_counted_by_hand() -> None:
    calls = [
        Arrival(0, 1, patience_ms=HOUR, service_ms=60 * SECOND),
        Arrival(10 * SECOND, 1, patience_ms=15 * SECOND),
        Arrival(20 * SECOND, 1, patience_ms=HOUR, service_ms=60 * SECOND),
        Arrival(30 * SECOND, 1, patience_ms=25 * SECOND),
    ]
    result = simulate(scenario(calls, Chances(wrap_up_seconds=30)), seed=1)
    queue = result.queues[1]
    assert (queue.offered, queue.waits, queue.lost_waits) == (4, [0, 70 * SECOND], [15 * SECOND, 25 * SECOND])
    assert queue.service_level == pytest.approx(1 / 3)
    assert queue.asa_ms == 35 * SECOND
    assert result.agents[1].busy_ms == 180 * SECOND
    assert result.occupancy == pytest.approx(0.05)


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    def play(seed: int) -> tuple[list[int], list[int]]:
        arrivals = poisson_arrivals(random.Random(7), {1: 0.05}, 0, HOUR)
        queue = simulate(scenario(arrivals, Chances(service_seconds=60), agents=3), seed).queues[1]
        return queue.waits, queue.lost_waits

    assert play(1) == play(1)
    assert play(1) != play(2)


def test_waiting_agrees_with_erlang_a() -> None:
    """M/M/n+M: 10 agents, offered load 9.5, patience twice the service time; abandonment within 3 standard errors."""
    agents, load, patience = 10, 9.5, 2.0
    weights = [1.0]
    for number in range(1, 200):
        rate = number if number <= agents else agents + (number - agents) / patience
        weights.append(weights[-1] * load / rate)
    total = sum(weights)
    waiting = sum(weight * max(number - agents, 0) for number, weight in enumerate(weights)) / total
    expected = waiting / patience / load
    shares = []
    for seed in range(12):
        arrivals = poisson_arrivals(random.Random(100 + seed), {1: load / 60}, 0, 4 * HOUR)
        chances = Chances(service_seconds=60, patience_seconds=60 * patience)
        queue = simulate(scenario(arrivals, chances, agents, 4 * HOUR), seed).queues[1]
        shares.append(queue.abandoned / queue.offered)
    mean = sum(shares) / len(shares)
    error = math.sqrt(sum((share - mean) ** 2 for share in shares) / (len(shares) - 1) / len(shares))
    assert abs(mean - expected) < 3 * error


def test_an_agent_who_never_answers_is_rested_and_the_customer_gets_another() -> None:
    class OneIsDeaf(Chances):
        def answer(self, chance: random.Random, agent: int) -> int | None:
            return None if agent == 1 else 2 * SECOND

    calls = [Arrival(at * 120 * SECOND, 1, patience_ms=HOUR, service_ms=10 * SECOND) for at in range(6)]
    result = simulate(scenario(calls, OneIsDeaf(), agents=2), seed=1)
    assert result.agents[1].answered == 0
    assert result.agents[2].answered == 6
    assert sorted(result.queues[1].waits)[-1] == 23 * SECOND


def test_wrap_up_beyond_the_limit_is_cut_by_the_core() -> None:
    queue = QueueRule(1, "voice", wrap_up_seconds=10)
    calls = [Arrival(0, 1, patience_ms=HOUR, service_ms=SECOND)]
    result = simulate(scenario(calls, Chances(wrap_up_seconds=60), queue=queue), seed=1)
    assert result.agents[1].busy_ms == 11 * SECOND


def test_nobody_is_served_outside_a_shift_and_who_waits_on_is_told() -> None:
    people = team(1)
    calls = [Arrival(10 * SECOND, 1, patience_ms=2 * HOUR, service_ms=SECOND)]
    plan = Scenario((QUEUE,), people, (Shift(1, 0, 5 * SECOND),), calls, 0, HOUR)
    queue = simulate(plan, seed=1).queues[1]
    assert (queue.answered, queue.still_waiting, queue.service_level) == (0, 1, 0.0)
