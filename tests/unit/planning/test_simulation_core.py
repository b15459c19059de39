"""The kernel and the routing core must take the same decisions on the same random numbers."""

from dataclasses import replace

import numpy as np
import pytest

from homeshore.planning.engine.simulation import (
    SUPPORTED_POLICIES,
    Agent,
    Floor,
    Group,
    Queue,
    draw_contacts,
    route_contacts,
    simulate,
)
from homeshore.planning.engine.simulation.core import level_with_core, route_with_core
from homeshore.routing.policy import Policy


def floor(seed: int, load: float, patience: float, law="lognormal", chats: int = 1) -> Floor:
    """Four queues, of which two are of chats where several are held at once."""
    rng = np.random.default_rng(seed)
    queues = [
        Queue(
            name,
            rng.uniform(50, 150, 4) * load,
            240,
            law=law,
            recorded=[1] * 40 + [1000],  # now and then one that lasts for hours
            patience_seconds=patience,
            target_seconds=target,
            at_once=chats if name in "bd" else 1,
        )
        for name, target in (("a", 20), ("b", 60), ("c", 20), ("d", 300))
    ]
    groups = [
        Group("ab", ["a", "b"]),
        Group("bcd", ["b", "c", "d"]),
        Group("d", ["d"]),
        Group("all", ["a", "b", "c", "d"]),
    ]
    agents = []
    for k in range(28):
        start = float(rng.integers(0, 5)) * 600
        shifts = [(start, start + 2400.0)] if k % 2 else [(start, start + 1500), (start + 2100, start + 4200)]
        agents.append(Agent(groups[k % 4].name, shifts, pace=float(rng.uniform(0.7, 1.4))))
    return Floor(queues, groups, agents, 1800.0)


def in_whole_milliseconds(contacts):
    """Contacts whose every time is a whole number of milliseconds, as the core counts."""
    return replace(contacts, time=np.round(contacts.time, 3), patience=np.round(contacts.patience, 3))


@pytest.mark.parametrize("policy", sorted(SUPPORTED_POLICIES))
@pytest.mark.parametrize("chats", [1, 2, 3])
@pytest.mark.parametrize(
    ("load", "patience", "law"),
    [
        (0.5, 120, "lognormal"),
        (1.0, 200, "lognormal"),
        (2.0, 60, "lognormal"),
        (1.0, np.inf, "lognormal"),
        (1.0, 200, "recorded"),
    ],
)
def test_kernel_and_core_give_each_contact_to_the_same_agent_at_the_same_time(policy, chats, load, patience, law):
    given = replace(floor(1, load, patience, law, chats), policy=policy)
    contacts = in_whole_milliseconds(draw_contacts(given, seed=3))
    fast, real = (
        route_contacts(given, contacts),
        route_with_core(given, contacts, Policy(head_start_seconds=0, rule=policy)),
    )
    assert np.array_equal(fast.agent, real.agent)
    answered = fast.agent >= 0
    assert fast.left_queue_at[answered] == pytest.approx(real.left_queue_at[answered], abs=0.02)
    assert fast.busy_seconds == pytest.approx(real.busy_seconds, abs=0.001)
    assert fast.arrivals == pytest.approx(real.arrivals)
    assert fast.abandoned.sum() == real.abandoned.sum()
    assert fast.service_level == pytest.approx(real.service_level, abs=0.002)


def test_a_floor_is_judged_on_the_days_that_the_kernel_simulates_also_by_a_rule_that_only_the_core_knows():
    given = floor(1, 1.0, 200)
    idle, cost = (
        np.array([level_with_core(given, rule, 1, day) for day in range(2)]) for rule in ("longest_idle", "least_cost")
    )
    days = [simulate(given, 1, d).service_level for d in range(2)]
    assert idle == pytest.approx(np.array(days), abs=0.01)
    assert cost != pytest.approx(idle, abs=1e-6)
    assert cost.mean() > idle.mean() - 0.05
