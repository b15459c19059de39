from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.planning.engine.income import (
    Correction,
    Portage,
    Tariff,
    calibration,
    floor_cost,
    learn,
    minimum_hourly,
    net_of,
    promises,
    sample_day,
)
from homeshore.planning.engine.problems import Unusable
from homeshore.planning.engine.simulation import Agent, Floor, Group, Queue
from homeshore.routing.policy import Policy

AUTUMN = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("status", "earned", "net"),
    [("micro_bnc", 150_000, 111_300), ("micro_bic_services", 150_000, 117_950), ("micro_artisan", 150_000, 117_050)],
)
def test_a_micro_entrepreneurs_net_is_that_of_the_official_rules(status, earned, net):
    assert net_of(status, earned, on=AUTUMN).net == net


def test_an_employee_at_the_minimum_wage_gets_the_official_net_at_the_official_cost():
    part_time, full_time = net_of("employee", 0, on=AUTUMN, hours_a_week=24), net_of("employee", 0, on=AUTUMN)
    assert (part_time.net, part_time.cost) == (pytest.approx(99_149, abs=1), pytest.approx(133_975, abs=2))
    assert (full_time.net, full_time.cost) == (pytest.approx(145_599, abs=5), pytest.approx(194_463, abs=10))
    assert "under the minimum wage" in str(full_time.warnings[0])
    assert minimum_hourly(AUTUMN) == 1231
    assert minimum_hourly(date(2026, 3, 1)) == 1202


def test_portage_takes_its_fee_and_says_that_it_is_modelled():
    ported = net_of("portage", 400_000, on=AUTUMN)
    free = net_of("portage", 400_000, on=AUTUMN, portage=Portage(fee=0.0, source="my contract"))
    assert 150_000 < ported.net < free.net < 300_000
    assert "portage is modelled: a fee of 7 %" in str(ported.warnings[0])
    assert "my contract" in str(free.warnings[0])


@given(
    earned=st.integers(0, 900_000),
    more=st.integers(1, 100_000),
    status=st.sampled_from(["micro_bnc", "employee", "portage"]),
)
def test_earning_more_never_nets_less(earned, more, status):
    assert net_of(status, earned + more, on=AUTUMN).net >= net_of(status, earned, on=AUTUMN).net - 1


def test_what_has_no_table_is_refused():
    with pytest.raises(Unusable, match="“company” has no table"):
        net_of("company", 1000, on=AUTUMN)
    with pytest.raises(Unusable, match="no table of social contributions before 2026-01-01"):
        net_of("employee", 1000, on=date(2025, 12, 31))
    with pytest.raises(Unusable, match="shares must add up to 1"):
        Tariff([100, 200], [0.5, 0.6])


def small_floor(agents=6, paces=None):
    queue = Queue("calls", [120.0] * 8, 180, patience_seconds=200)
    paces = paces or [1.0] * agents
    crowd = [Agent("all", [(0, 4 * 3600)], pace) for pace in paces]
    return Floor([queue], [Group("all", ["calls"])], crowd, 1800.0)


def paths(count, level=1.0, spread=0.1, seed=2):
    return np.random.default_rng(seed).lognormal(0, spread, (count, 1, 1)) * level * np.full((count, 1, 8), 60.0)


def test_busy_agents_earn_what_their_pace_allows():
    """Far more calls than six agents can take: each is always busy, and ends 3600 / 180 / pace calls an hour."""
    sample = sample_day(
        small_floor(paces=[1.0, 2.0] * 3), {"calls": Tariff([100], [1.0])}, paths(60, level=6), first_hour=9
    )
    hourly = sample.cents[:, :, 10:12].mean(axis=(0, 2))
    assert hourly[0::2] == pytest.approx([2000] * 3, rel=0.03)
    assert hourly[1::2] == pytest.approx([1000] * 3, rel=0.03)
    assert sample.busy == pytest.approx([1] * 6, abs=0.03)
    assert sample.present[0, 8:14].tolist() == [0, 1, 1, 1, 1, 0]


def test_what_agents_earn_together_is_the_price_of_the_calls_ended():
    sample = sample_day(
        small_floor(), {"calls": Tariff([80, 200], [0.5, 0.5])}, paths(40, level=0.3, spread=0), first_hour=9
    )
    assert sample.cents.sum(axis=(1, 2)).mean() == pytest.approx(8 * 60 * 0.3 * 140, rel=0.05)


def test_promises_follow_the_rule_by_which_the_floor_gives_out_contacts():
    queues = [Queue(name, [60.0] * 8, 240, patience_seconds=200) for name in ("a", "b")]
    groups = [Group("a", ["a"]), Group("b", ["b"]), Group("both", ["a", "b"])]
    floor = Floor(queues, groups, [Agent(name, [(0, 4 * 3600)]) for name in ("a", "b", "both") for _ in range(4)])
    tariffs = {"a": Tariff([100], [1.0]), "b": Tariff([100], [1.0])}
    calls = np.full((12, 2, 8), 30.0)
    idle, cost = (
        sample_day(floor, tariffs, calls, policy=Policy(rule=rule)).cents.sum(axis=(0, 2))
        for rule in ("longest_idle", "least_cost")
    )
    assert (sample_day(floor, tariffs, calls).cents.sum(axis=(0, 2)) == idle).all()
    assert cost.sum() == pytest.approx(idle.sum(), rel=0.02)
    assert cost[8:].sum() < 0.9 * idle[8:].sum()  # who serves both is kept free for either


def test_a_promise_says_what_could_make_it_low():
    floor = small_floor(paces=[1.5] * 6)
    sample = sample_day(floor, {"calls": Tariff([100], [1.0])}, paths(100, level=0.9, spread=0.4), first_hour=9)
    made = promises(sample, Correction.none(), [1.5] * 6)
    assert {(p.agent, p.hour) for p in made} == {(a, h) for a in range(6) for h in range(9, 13)}
    for promise in made:
        assert promise.low <= promise.expected <= promise.high
    assert {r.code for p in made for r in p.reasons} == {"few_calls", "chance", "own_pace"}


def test_corrections_are_learned_and_promises_then_hold():
    rng = np.random.default_rng(1)

    def season(days):
        day = np.repeat(np.arange(days), 50)
        hour = np.tile(np.arange(50) % 10 + 8, days)
        mean, deviation = rng.uniform(800, 1500, day.size), rng.uniform(200, 300, day.size)
        actual = 1.1 * mean + 1.5 * deviation * rng.standard_normal(day.size)
        return mean, deviation, actual, hour, day

    learned = learn(*season(60))
    assert learned.scale == pytest.approx(1.1, abs=0.01)
    mean, deviation, actual, hour, day = season(60)
    middle = learned.scale * mean
    seen = calibration(
        middle, middle + learned.low[hour] * deviation, middle + learned.high[hour] * deviation, actual, hour, day
    )
    assert seen.coverage.low < 0.80 < seen.coverage.high
    assert abs(seen.bias.value) < 0.02
    assert set(seen.by_hour) == set(range(8, 18))


def test_a_stray_that_chance_explains_moves_the_scale_little():
    rng = np.random.default_rng(3)
    day = np.repeat(np.arange(14), 50)
    mean = np.full(day.size, 1000.0)
    actual = mean * rng.lognormal(0, 0.15, 14)[day]
    raw = actual.sum() / mean.sum()
    learned = learn(mean, np.full(day.size, 100.0), actual, np.full(day.size, 9), day)
    assert abs(learned.scale - 1) < abs(raw - 1)


def test_of_no_hour_nothing_is_learned():
    none = np.empty(0)
    hours = np.empty(0, np.int64)
    learned, nothing = learn(none, none, none, hours, hours), Correction.none()
    assert (learned.scale, learned.level) == (nothing.scale, nothing.level)
    assert (learned.low.tolist(), learned.high.tolist()) == (nothing.low.tolist(), nothing.high.tolist())


def test_a_guaranteed_floor_costs_what_is_missing():
    sample = sample_day(small_floor(), {"calls": Tariff([100], [1.0])}, paths(50, level=0.5), first_hour=9)
    nothing, some, more = (floor_cost([sample, sample], cents) for cents in (0, 800, 1600))
    assert (nothing.expected, nothing.share_of_hours) == (0, 0)
    assert 0 < some.expected < more.expected
    assert some.expected <= some.at_most
    full = sample.cents[:, sample.present > 0.999]
    assert more.expected == pytest.approx(2 * np.maximum(0, 1600 - full).sum(axis=1).mean(), rel=1e-6)
