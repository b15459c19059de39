import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.planning.engine.erlang import Goals, agents_for_a, agents_for_c
from homeshore.planning.engine.problems import Unusable
from homeshore.planning.engine.simulation import Agent, Floor, Group, Queue, draw_contacts, simulate
from homeshore.planning.engine.simulation.core import route_with_core
from homeshore.planning.engine.staffing import (
    Traffic,
    cheapest_mix,
    defer,
    mail_requirement,
    requirement,
    staff,
    whole_agents,
)
from homeshore.planning.engine.staffing.pool import apportioned
from homeshore.routing.policy import Policy


def test_requirement_is_erlangs_and_shrinkage_is_added():
    needed = requirement([0, 30, 60], 30, 300, Goals(), shrinkage=0.3)
    assert needed.at_work.tolist() == [0, *agents_for_c([60, 120], 300, Goals()).tolist()]
    assert needed.scheduled.tolist() == np.ceil(needed.at_work / 0.7).astype(int).tolist()
    assert (needed.service_level[1:] >= 0.8).all()
    patient = requirement([30, 60], 30, 300, Goals(), patience_seconds=120)
    assert patient.at_work.tolist() == agents_for_a([60, 120], 300, 120, Goals()).tolist()


def test_agents_who_hold_three_chats_are_a_third_as_many():
    one, three = (requirement([100], 30, 600, Goals(0.8, 60), in_parallel=k) for k in (1, 3))
    assert three.at_work[0] == -(-one.at_work[0] // 3)
    assert three.service_level[0] >= 0.8


def test_wrong_shares_are_refused():
    with pytest.raises(Unusable, match="shrinkage is a share"):
        requirement([1], 30, 300, Goals(), shrinkage=1.0)


def test_mail_is_done_in_spare_time_first_and_nothing_is_lost():
    work, spare = np.array([2.0, 0, 0, 0, 3.0, 0]), np.array([0.5, 0.5, 0.5, 0, 1.0, 0.0])
    done = defer(work, 3, spare)
    assert done.done_in_spare.tolist() == [0.5, 0.5, 0.5, 0, 1.0, 0]
    assert done.done_in_spare.sum() + done.extra.sum() == pytest.approx(work.sum())
    assert done.extra == pytest.approx([0.5 / 3] * 3 + [0] + [1.0, 1.0])


def queues(calls=60.0):
    return [Queue(n, [calls] * 2, 240, patience_seconds=300, target_seconds=30) for n in ("a", "b")]


GROUPS = [Group("a", ["a"]), Group("b", ["b"]), Group("both", ["a", "b"])]
COST = {"a": 1.0, "b": 1.0, "both": 1.2}
SHARE = {"a": 0.8, "b": 0.8}


def kept(counts, replications=30):
    crowd = [Agent(g.name, [(0, 3600)]) for g, n in zip(GROUPS, counts, strict=True) for _ in range(n)]
    floor = Floor(queues(), GROUPS, crowd)
    days = np.array([simulate(floor, 1, r).service_level for r in range(replications)])
    return (np.quantile(days, 0.2, axis=0, method="lower") >= 0.8).all()


def test_the_cheapest_mix_is_the_cheapest_of_all_mixes():
    found = cheapest_mix(queues(), GROUPS, COST, SHARE, probability=0.8, replications=30)
    assert min(found.kept.values()) >= 0.8
    best = min(
        sum(n * COST[g.name] for g, n in zip(GROUPS, counts, strict=True))
        for counts in itertools.product(range(9), range(9), range(15))
        if 8 <= sum(counts) <= 14 and sum(n * COST[g.name] for g, n in zip(GROUPS, counts, strict=True)) <= found.cost
        if kept(counts)
    )
    assert found.cost <= 1.05 * best


def test_the_routing_core_decides_on_the_mix_by_a_rule_that_the_kernel_does_not_know():
    asked: Any = {"probability": 0.8, "replications": 12, "policy": Policy(rule="least_cost")}
    found = cheapest_mix(queues(20.0), GROUPS, COST, SHARE, **asked)
    assert (found.rule, found.settled) == ("least_cost", True)
    assert found.by_core > 0

    def keeps(counts):
        crowd = [Agent(g.name, [(0, 3600)]) for g, n in zip(GROUPS, counts, strict=True) for _ in range(n)]
        floor = Floor(queues(20.0), GROUPS, crowd)
        days = np.array([
            route_with_core(floor, draw_contacts(floor, 1, day), Policy(rule="least_cost")).service_level for day in range(12)
        ])  # fmt: skip
        return ((days < 0.8).sum(axis=0) <= 2).all()

    a, b, both = found.agents.values()
    assert keeps((a, b, both))
    cheaper = {
        (a - 1, b, both),
        (a, b - 1, both),
        (a, b, both - 1),
        (a + 1, b, both - 1),
        (a, b + 1, both - 1),
        (a - 1, b - 1, both + 1),
    }
    assert not any(keeps(counts) for counts in cheaper if min(counts) >= 0)


def test_a_search_that_is_stopped_in_the_core_says_that_it_was_not_settled_and_stopped_before_it_that_idle_longest_decided():
    asked: Any = {"probability": 0.8, "replications": 12, "policy": Policy(rule="least_cost")}
    stopped = cheapest_mix(queues(20.0), GROUPS, COST, SHARE, **asked, keep_going=lambda tried: tried.by_core == 0)
    assert (stopped.rule, stopped.settled) == ("longest_idle", True)
    late = cheapest_mix(queues(20.0), GROUPS, COST, SHARE, **asked, keep_going=lambda tried: tried.core_days < 30)
    assert (late.rule, late.settled) == ("least_cost", False)
    assert min(late.kept.values()) >= 0.8


def test_a_queue_that_nobody_serves_is_refused():
    with pytest.raises(Unusable, match="no group serves queue “b”"):
        cheapest_mix(queues(), GROUPS[:1], COST, SHARE)


def test_a_search_that_cannot_succeed_says_so():
    with pytest.raises(Unusable, match="5 agents do not reach"):
        cheapest_mix(queues(600), GROUPS, COST, SHARE, most=5, replications=5)


def test_a_pool_needs_fewer_agents_than_its_queues_alone_and_gives_them_out_whole_by_load():
    queues = [Traffic(np.full((2, 4), calls), 240.0, 180.0) for calls in (20.0, 6.0, 3.0)]
    alone = staff(queues, 30, shrinkage=0.1)
    shared = staff(queues, 30, shrinkage=0.1, shared=True)
    whole = requirement(np.full((2, 4), 29.0), 30, 240.0, Goals(0.8, 20), patience_seconds=180.0, shrinkage=0.1)
    assert np.array_equal(sum(need.scheduled for need in shared), whole.scheduled)
    assert sum(need.scheduled.sum() for need in shared) < sum(need.scheduled.sum() for need in alone)
    assert [int(need.scheduled[0, 0]) for need in shared] == sorted(
        (int(n.scheduled[0, 0]) for n in shared), reverse=True
    )


@given(st.integers(0, 40), st.lists(st.floats(0, 50), min_size=1, max_size=6))
def test_agents_given_out_by_load_add_up_and_are_never_a_whole_one_off(whole, loads):
    load = np.array(loads)[:, None, None]
    given_out = apportioned(np.full((1, 1), whole), load)
    if load.sum() > 0:
        assert given_out.sum() == whole
        assert (np.abs(given_out - whole * load / load.sum()) < 1 + 1e-6).all()
    else:
        assert given_out.sum() == 0


@given(
    st.lists(st.floats(0, 6), min_size=4, max_size=24), st.integers(1, 8), st.floats(0, 3), st.sampled_from([1.0, 0.85])
)
def test_with_the_agents_added_every_mail_is_answered_before_it_is_due(work, due, free, occupancy):
    arriving = np.array(work)
    spare = np.full(arriving.size, free)
    agents = whole_agents(arriving, due, spare, defer(arriving, due, spare).extra / occupancy)
    waiting: list[list[float]] = []
    for t, amount in enumerate(arriving):
        waiting.append([t, amount])
        time = spare[t] + agents[t]
        while waiting and time > 0:
            taken = min(time, waiting[0][1])
            waiting[0][1] -= taken
            time -= taken
            if waiting[0][1] > 1e-9:
                break
            waiting.pop(0)
        assert all(came + due - 1 > t or left < 1e-6 for came, left in waiting)


def test_mails_of_the_night_are_done_from_the_morning_on_and_agents_are_added_only_for_what_calls_leave_over():
    mails = np.zeros((2, 4))
    mails[0, 3] = 60  # after closing on the first day
    mails[1, 0] = 30  # before opening on the second
    free = np.full((2, 4), 2.0)
    alone, helped = (
        mail_requirement(mails, 30, 60.0, 3600.0, spare, (1, 3)) for spare in (np.zeros((2, 4)), free)
    )  # fmt: skip
    assert alone.at_work.tolist() == [[0, 0, 0, 0], [0, 2, 1, 0]]
    assert (helped.at_work.sum(), helped.in_spare.sum()) == (0, pytest.approx(3.0))


def test_queues_of_a_pool_meet_the_strictest_goal_and_their_mails_take_the_free_time():
    calls = Traffic(np.full((1, 4), 20.0), 240.0, 180.0, Goals(0.8, 20))
    patient = Traffic(np.full((1, 4), 20.0), 240.0, 180.0, Goals(0.8, 300))
    mails = Traffic(np.full((1, 4), 6.0), 240.0, np.inf, Goals(0.9, 3600), can_wait=True)
    strict = staff([calls, replace(calls)], 30, shared=True)
    mixed = staff([calls, mails, patient], 30, shared=True)
    assert sum(need.at_work.sum() for need in strict) == mixed[0].at_work.sum() + mixed[2].at_work.sum()
    assert mixed[2].service_level.mean() > mixed[0].service_level.mean() >= 0.8
    assert mixed[1].in_spare.sum() + mixed[1].load.sum() == pytest.approx(6 * 4 * 240 / 1800)
    assert mixed[1].at_work.sum() < staff([calls, mails, patient], 30)[1].at_work.sum()


def test_chats_held_together_need_fewer_agents_for_the_same_work():
    one, three = (Traffic(np.full((1, 2), 40.0), 300.0, 600.0, Goals(0.8, 60), at_once=k) for k in (1, 3))
    (alone,), (together,) = staff([one], 30), staff([three], 30)
    assert (together.load == alone.load).all()
    assert (together.at_work <= alone.at_work).all()
    assert (together.service_level >= 0.8).all()
