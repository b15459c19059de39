import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeshore.planning.engine.erlang import Goals, agents_for_a, agents_for_c, erlang_a, erlang_c
from homeshore.planning.engine.problems import Unusable

HOUR = 3600.0


def chain_of_m_m_n_m(arrivals: float, service: float, leaving: float, servers: int, states: int) -> np.ndarray:
    """Stationary law of the number present, from the balance equations in logarithms."""
    logs = np.zeros(states)
    for k in range(1, states):
        out = min(k, servers) * service + max(0, k - servers) * leaving
        logs[k] = logs[k - 1] + math.log(arrivals / out)
    law = np.exp(logs - logs.max())
    return law / law.sum()


@pytest.mark.parametrize(
    ("arrivals", "agents", "waits", "abandons"), [(10, 10, 0.542070, 0.125110), (48, 50, 0.405404, 0.039418)]
)
def test_erlang_a_gives_the_published_exact_values(arrivals, agents, waits, abandons):
    figures = erlang_a(arrivals * HOUR, 1.0, 1.0, agents)
    assert figures.waits == pytest.approx(waits, abs=5e-7)
    assert figures.abandonment == pytest.approx(abandons, abs=5e-7)


def test_erlang_a_gives_the_exact_values_of_a_hundred_agents():
    figures = erlang_a(95 * 60, 60.0, 120.0, 100)
    assert (figures.waits, figures.abandonment, figures.mean_wait / 60) == (
        pytest.approx(0.364474, abs=5e-7), pytest.approx(0.015141, abs=5e-7), pytest.approx(0.030282, abs=5e-7),
    )  # fmt: skip


@pytest.mark.parametrize("servers", [1, 7, 40, 90, 120])
@pytest.mark.parametrize("leaving", [0.05, 0.5, 3.0])
def test_erlang_a_agrees_with_its_markov_chain_under_light_and_crushing_load(servers, leaving):
    arrivals, service, target = 60.0, 1.0, 0.2
    law = chain_of_m_m_n_m(arrivals, service, leaving, servers, 3000)
    waiting = np.maximum(np.arange(3000) - servers, 0)
    figures = erlang_a(arrivals * HOUR, 1 / service, 1 / leaving, servers, target)
    assert figures.waits == pytest.approx(law[servers:].sum(), rel=1e-9, abs=1e-12)
    assert figures.abandonment == pytest.approx((waiting * leaving * law).sum() / arrivals, rel=1e-7, abs=1e-12)
    assert figures.mean_wait == pytest.approx((waiting * law).sum() / arrivals, rel=1e-7, abs=1e-12)


def answered_in_time_by_the_chain(arrivals, service, leaving, servers, target, states=400):
    """P(answered within target) and P(abandoned within target), by following one arrival's place in the queue."""
    from scipy.linalg import expm

    law = chain_of_m_m_n_m(arrivals, service, leaving, servers, states)
    places = states - servers
    # states 0..places-1: callers ahead of ours; then: answered, abandoned
    generator = np.zeros((places + 2, places + 2))
    for ahead in range(places):
        forward = servers * service + ahead * leaving
        generator[ahead, ahead - 1 if ahead else places] += forward
        generator[ahead, places + 1] += leaving
        generator[ahead, ahead] -= forward + leaving
    after = expm(generator * target)
    in_time, gone = law[:servers].sum(), 0.0
    for ahead in range(places):
        in_time += law[servers + ahead] * after[ahead, places]
        gone += law[servers + ahead] * after[ahead, places + 1]
    return in_time, gone


@pytest.mark.parametrize("servers", [8, 12, 20])
def test_service_level_with_abandonment_follows_one_caller_through_the_queue(servers):
    in_time, gone = answered_in_time_by_the_chain(12.0, 1.0, 0.4, servers, 0.3)
    figures = erlang_a(12 * HOUR, 1.0, 2.5, servers, 0.3)
    assert figures.service_level == pytest.approx(in_time / (1 - gone), rel=1e-9)


def test_erlang_c_gives_the_textbook_value():
    """Cooper (1981): 10 Erlang, 12 servers: P(wait) = 0.4494."""
    figures = erlang_c(120, 300, 12, 20)
    assert figures.waits == pytest.approx(0.449388, abs=1e-6)
    assert figures.service_level == pytest.approx(1 - figures.waits * math.exp(-2 * 20 / 300))
    assert figures.mean_wait == pytest.approx(figures.waits * 150)


def test_erlang_c_without_enough_agents_never_settles():
    figures = erlang_c([120, 120, 0], 300, [10, 5, 0])
    assert figures.service_level.tolist() == [0, 0, 1]
    assert figures.mean_wait.tolist() == [math.inf, math.inf, 0]


def test_very_patient_callers_behave_as_in_erlang_c():
    patient = erlang_a(120, 300, 1e9, 13)
    endless = erlang_c(120, 300, 13)
    assert patient.service_level == pytest.approx(endless.service_level, rel=1e-4)


loads = st.floats(0.05, 4000)


@given(load=loads, share=st.floats(0.1, 0.99), seconds=st.floats(0, 120), occupancy=st.floats(0.5, 1))
@settings(max_examples=150, deadline=None)
def test_staffing_under_erlang_c_is_enough_and_one_less_is_not(load, share, seconds, occupancy):
    calls, goals = load * 12, Goals(share, seconds, largest_occupancy=occupancy)
    agents = int(agents_for_c(calls, 300, goals))
    enough, short = erlang_c(calls, 300, agents, seconds), erlang_c(calls, 300, agents - 1, seconds)
    assert enough.service_level >= share - 1e-9
    assert enough.occupancy <= occupancy + 1e-9
    assert short.service_level < share + 1e-9 or load > occupancy * (agents - 1) - 1e-9


@given(load=loads, share=st.floats(0.1, 0.99), seconds=st.floats(0, 120), patience=st.floats(20, 2000))
@settings(max_examples=150, deadline=None)
def test_staffing_under_erlang_a_is_enough_and_one_less_is_not(load, share, seconds, patience):
    calls = load * 12
    agents = int(agents_for_a(calls, 300, patience, Goals(share, seconds)))
    assert erlang_a(calls, 300, patience, agents, seconds).service_level >= share - 1e-9
    if agents > 1:
        assert erlang_a(calls, 300, patience, agents - 1, seconds).service_level < share + 1e-9


@given(load=st.floats(0.5, 500), agents=st.integers(1, 600), patience=st.floats(20, 2000))
@settings(max_examples=150, deadline=None)
def test_one_more_agent_never_worsens_service(load, agents, patience):
    calls = load * 12
    fewer, more = (erlang_a(calls, 300, patience, n) for n in (agents, agents + 1))
    assert more.service_level >= fewer.service_level - 1e-9
    assert more.abandonment <= fewer.abandonment + 1e-9
    assert erlang_c(calls, 300, agents + 1).service_level >= erlang_c(calls, 300, agents).service_level - 1e-9


@given(load=st.floats(0.5, 500), scale=st.floats(0.1, 10), agents=st.integers(1, 600))
@settings(max_examples=100, deadline=None)
def test_the_unit_of_time_does_not_matter(load, scale, agents):
    one = erlang_a(load * 12, 300, 180, agents, 20)
    other = erlang_a(load * 12 / scale, 300 * scale, 180 * scale, agents, 20 * scale)
    assert other.service_level == pytest.approx(one.service_level, rel=1e-6, abs=1e-9)
    assert other.abandonment == pytest.approx(one.abandonment, rel=1e-6, abs=1e-9)


def test_no_calls_need_no_agents():
    assert agents_for_c([0, 12], 300, Goals()).tolist() == [0, 3]
    assert agents_for_a([0, 12], 300, 180, Goals())[0] == 0


def test_a_wrong_amount_is_named_with_its_place():
    with pytest.raises(Unusable, match=r"calls_per_hour.*interval 2 holds -3\.0"):
        agents_for_c([1, -3], 300, Goals())


def test_a_service_level_that_no_staffing_can_meet_is_refused():
    with pytest.raises(Unusable, match="no staffing answers every call in time"):
        Goals(share=1.0)
