from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from homeshore.planning.engine.erlang import Goals
from homeshore.planning.engine.problems import Unusable
from homeshore.planning.engine.scenarios import MODELS, Demand, Mails, compare_models, defaults_for
from homeshore.planning.engine.scenarios.assumptions import USER
from homeshore.planning.engine.scenarios.compare import in_shifts

AUTUMN = date(2026, 11, 22)


def demand(scale=1.0):
    day = 40 * np.sin(np.linspace(0.2, 2.9, 24)) ** 2 * scale
    return Demand(np.tile(day, (6, 1)), 30, 240, 180, Goals())


def test_shifts_cover_the_need_and_short_ones_pay_for_less():
    needed = np.array([0, 1, 3, 1, 0, 0, 0, 2, 0])
    short, long = in_shifts(needed, 1), in_shifts(needed, 4)
    assert short.tolist() == needed.tolist()
    assert (long >= needed).all()
    assert long.sum() > short.sum()


def test_every_model_is_compared_on_the_same_need():
    results = {r.model: r for r in compare_models(demand(), AUTUMN).results}
    assert tuple(results) == MODELS
    assert results["on_site"].needed_hours == results["home_independent"].needed_hours
    assert results["home_independent"].paid_hours < results["home_employee"].paid_hours < results["on_site"].paid_hours
    for result in results.values():
        assert result.monthly_cost == pytest.approx(result.pay + result.overhead + result.turnover)
        assert result.service_level >= 0.8


def test_a_peak_is_worst_where_nobody_extra_comes():
    results = {r.model: r for r in compare_models(demand(), AUTUMN).results}
    assert results["on_site"].service_in_peak < results["on_site"].service_level
    assert results["home_independent"].service_in_peak > results["home_employee"].service_in_peak


def test_a_mixed_network_lies_between_its_halves():
    results = {r.model: r for r in compare_models(demand(), AUTUMN).results}
    ends = sorted(results[name].monthly_cost for name in ("home_employee", "home_independent"))
    assert ends[0] <= results["home_mixed"].monthly_cost <= ends[1]


def test_an_employees_hour_comes_from_the_official_table_and_examples_are_the_users():
    rows = defaults_for(AUTUMN)["on_site"]
    assert "modele-social 11.1" in rows["paid_hour"].source
    assert rows["turnover"].source == USER
    result = compare_models(demand(), AUTUMN).results[0]
    assert "turnover" in result.users
    assert "paid_hour" not in result.users


def test_assumptions_can_be_changed_and_are_then_no_longer_examples():
    base = compare_models(demand(), AUTUMN).results[0]
    changed = compare_models(demand(), AUTUMN, {"on_site": {"turnover": 0.0}}).results[0]
    assert changed.turnover == 0
    assert changed.monthly_cost == pytest.approx(base.monthly_cost - base.turnover)
    assert "turnover" not in changed.users
    with pytest.raises(Unusable, match="no assumption “rent”"):
        compare_models(demand(), AUTUMN, {"on_site": {"rent": 1}})
    with pytest.raises(Unusable, match="no model “moon”"):
        compare_models(demand(), AUTUMN, {"moon": {}})


def test_what_the_cost_hangs_on_is_told():
    for result in compare_models(demand(), AUTUMN).results:
        assert {s.name for s in result.sensitivity} >= {"turnover", "handling_factor"}
        assert all(s.more >= s.less - 1e-9 for s in result.sensitivity)


def test_no_carbon_figure_is_invented():
    assert compare_models(demand(), AUTUMN).co2 is None


def test_no_calls_are_refused():
    with pytest.raises(Unusable, match="needs a week of calls"):
        compare_models(demand(0), AUTUMN)


def with_mails(hours_a_day=40.0, due_hours=8.0, scale=1.0):
    calls = demand(scale)
    mails = np.tile(np.full(24, hours_a_day * 3600 / 360 / 24), (6, 1))
    return replace(calls, mails=(Mails(mails, 360, due_hours * 3600),))


def test_mails_are_answered_in_the_time_that_calls_leave_and_cost_what_does_not_fit():
    alone = {r.model: r for r in compare_models(demand(), AUTUMN).results}
    few = {r.model: r for r in compare_models(with_mails(1.0), AUTUMN).results}
    many = {r.model: r for r in compare_models(with_mails(60.0), AUTUMN).results}
    for model in ("on_site", "offshore", "home_employee"):
        assert few[model].paid_hours == pytest.approx(alone[model].paid_hours)  # they fit between calls
        assert many[model].paid_hours - alone[model].paid_hours > 0
        assert many[model].service_level == alone[model].service_level
    for model in ("on_site", "home_independent"):
        hired = (many[model].paid_hours - alone[model].paid_hours) * (1 - many[model].assumptions["shrinkage"].value)
        assert hired < 60.0 * 6 < hired + alone[model].paid_hours  # some of the work is done between calls
    assert few["home_independent"].pay > alone["home_independent"].pay  # an act is paid wherever it fits


def test_a_peak_makes_mails_late_where_nobody_extra_comes():
    results = {r.model: r for r in compare_models(with_mails(60.0, due_hours=1.0), AUTUMN).results}
    assert results["on_site"].mails_in_peak < results["home_independent"].mails_in_peak <= 1
    assert {r.mails_in_peak for r in compare_models(demand(), AUTUMN).results} == {None}


def test_a_contact_is_a_call_or_a_mail():
    both = with_mails(60.0)
    result = compare_models(both, AUTUMN).results[0]
    assert both.contacts == pytest.approx(demand().calls.sum() + 6 * 600)
    assert result.cost_per_contact == pytest.approx(result.monthly_cost / (both.contacts * 52 / 12))
