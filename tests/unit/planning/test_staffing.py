import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.planning.engine.erlang import Goals, agents_for_a, agents_for_c
from homeshore.planning.engine.problems import Unusable
from homeshore.planning.engine.simulation import Agent, Floor, Group, Queue, simulate
from homeshore.planning.engine.staffing import Traffic, cheapest_mix, defer, requirement, staff
from homeshore.planning.engine.staffing.pool import apportioned


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


def test_a_queue_that_nobody_serves_is_refused():
    with pytest.raises(Unusable, match="no group serves queue “b”"):
        cheapest_mix(queues(), GROUPS[:1], COST, SHARE)


def test_a_search_that_cannot_succeed_says_so():
    with pytest.raises(Unusable, match="5 agents do not reach"):
        cheapest_mix(queues(600), GROUPS, COST, SHARE, most=5, replications=5)


def test_a_pool_needs_fewer_agents_than_its_queues_alone_and_gives_them_out_whole_by_load():
    queues = [Traffic(np.full((2, 4), calls), 240.0, 180.0) for calls in (20.0, 6.0, 3.0)]
    alone = staff(queues, 30, Goals(0.8, 20), shrinkage=0.1)
    shared = staff(queues, 30, Goals(0.8, 20), shrinkage=0.1, shared=True)
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
