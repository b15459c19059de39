"""The kernel and the routing core must take the same decisions on the same random numbers."""

from dataclasses import replace

import numpy as np
import pytest

from homeshore.planning.engine.problems import Unusable
from homeshore.planning.engine.simulation import (
    SUPPORTED_POLICIES,
    Agent,
    Contacts,
    Floor,
    Group,
    Queue,
    draw_contacts,
    route_contacts,
    simulate,
)
from homeshore.planning.engine.simulation.core import route_by, route_with_core
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
        route_contacts(given, contacts, record_acts=True),
        route_with_core(given, contacts, Policy(rule=policy), record_acts=True),
    )
    assert np.array_equal(fast.agent, real.agent)
    answered = fast.agent >= 0
    assert fast.left_queue_at[answered] == pytest.approx(real.left_queue_at[answered], abs=0.02)
    assert fast.busy_seconds == pytest.approx(real.busy_seconds, abs=0.001)
    assert np.array_equal(fast.acts, real.acts)
    assert fast.arrivals == pytest.approx(real.arrivals)
    assert fast.abandoned.sum() == real.abandoned.sum()
    assert fast.service_level == pytest.approx(real.service_level, abs=0.002)


def test_a_floor_is_judged_on_the_same_days_by_the_kernel_and_by_a_rule_that_only_the_core_knows():
    given = floor(1, 1.0, 200)
    days = [draw_contacts(given, 1, day) for day in range(2)]
    idle, cost = (
        np.array([route_by(Policy(rule=rule), given, day).service_level for day in days])
        for rule in ("longest_idle", "least_cost")
    )
    assert idle == pytest.approx(np.array([simulate(given, 1, day).service_level for day in range(2)]), abs=1e-12)
    assert cost != pytest.approx(idle, abs=1e-6)
    assert cost.mean() > idle.mean() - 0.05


def test_by_least_cost_contacts_go_to_who_serves_one_queue_and_leave_the_others_free():
    queues = [Queue(name, [40.0] * 4, 240, patience_seconds=300) for name in ("a", "b")]
    groups = [Group("a", ["a"]), Group("b", ["b"]), Group("both", ["a", "b"])]
    crowd = [Agent(name, [(0, 7200)]) for name in ("a", "b", "both") for _ in range(3)]
    given = Floor(queues, groups, crowd)
    acts = {
        rule: sum(
            route_by(Policy(rule=rule), given, draw_contacts(given, 1, day), record_acts=True).acts.sum(axis=(1, 2))
            for day in range(4)
        )
        for rule in ("longest_idle", "least_cost")
    }
    assert acts["least_cost"][:6].sum() > 1.1 * acts["longest_idle"][:6].sum()
    assert acts["least_cost"][6:].sum() < 0.9 * acts["longest_idle"][6:].sum()


def lone_call(**told):
    """A call at second 10 on a floor whose only agent serves another queue at once."""
    queues = [Queue("a", [0.0] * 2, 100, **told), Queue("b", [0.0] * 2, 100)]
    contact = Contacts(np.array([10.0]), np.array([0], np.int32), np.array([1.0]), np.array([np.inf]))
    return queues, contact


@pytest.mark.parametrize("rule", ["longest_idle", "least_cost"])
def test_an_agent_answers_a_queue_served_later_once_its_contact_has_waited_so_long(rule):
    queues, contact = lone_call()
    groups = [Group("b", ["b"], later={"a": 60.0}), Group("c", ["b"], later={"a": 90.0})]
    first, second = ([Agent(name, [(0, 3000)])] for name in ("b", "c"))
    for crowd, answered in ((first, 70.0), (second, 100.0), ([*second, *first], 70.0)):
        day = route_with_core(Floor(queues, groups, crowd), contact, Policy(rule=rule))
        assert day.left_queue_at.tolist() == [answered]


def test_agents_of_another_queue_help_after_its_overflow():
    queues, contact = lone_call(overflow=[(30.0, "b")])
    floor = Floor(queues, [Group("b", ["b"])], [Agent("b", [(0, 3000)])])
    assert route_with_core(floor, contact, Policy()).left_queue_at.tolist() == [40.0]


def test_a_reserved_agent_is_kept_from_other_queues():
    both = [Group("both", ["a", "b"])]
    crowd = [Agent("both", [(0, 3000)]), Agent("both", [(0, 3000)])]
    two = Contacts(np.array([10.0, 20.0]), np.zeros(2, np.int32), np.ones(2), np.full(2, np.inf))
    answered = [
        route_with_core(
            Floor([Queue("a", [0.0] * 2, 100), Queue("b", [0.0] * 2, 100, reserve=reserve)], both, crowd), two, Policy()
        ).left_queue_at.tolist()
        for reserve in (0, 1)
    ]
    assert answered == [[10.0, 20.0], [10.0, 110.0]]


@pytest.mark.parametrize(
    "told", [{"reserve": 1}, {"overflow": [(30.0, "b")]}, {}], ids=["reserve", "overflow", "later"]
)
def test_the_kernel_refuses_a_floor_whose_agents_change_with_the_wait_and_the_core_plays_it(told):
    queues, contact = lone_call(**told)
    floor = Floor(queues, [Group("b", ["b"], later={} if told else {"a": 60.0})], [Agent("b", [(0, 3000)])])
    with pytest.raises(Unusable, match="reserved agents"):
        route_contacts(floor, contact)
    idle = Policy(rule="longest_idle")
    assert np.array_equal(route_by(idle, floor, contact).agent, route_with_core(floor, contact, idle).agent)
    assert route_by(idle, floor.narrowed(), contact).agent.tolist() == [-1]
    with pytest.raises(Unusable, match="cannot overflow"):
        replace(floor, queues=[replace(queues[0], overflow=[(5.0, "a")]), queues[1]])
