from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from homeshore.planning.engine.forecast import (
    NAIVE,
    Calendar,
    SpecialDay,
    calendar_of,
    forecast,
    french_school_holidays,
    reconciled,
)
from homeshore.planning.engine.forecast.choice import noise_wape, tried
from homeshore.planning.engine.forecast.methods import Days
from homeshore.planning.engine.history import Series, history_of
from homeshore.planning.engine.history.marks import Mark, outlying_intervals
from homeshore.planning.engine.problems import Problem, Unusable

WEEK = np.array([1.2, 1.0, 1.0, 0.9, 1.0, 0.5, 0.2])
SHAPE = np.concatenate([np.zeros(16), np.bartlett(26)[1:25] * 20, np.zeros(8)])


def series(days=120, seed=1, first=date(2026, 1, 5), level=1.0, day_spread=0.1, queue="all", noisy=True):
    rng = np.random.default_rng(seed)
    means = np.array([WEEK[(first + timedelta(days=k)).weekday()] * SHAPE for k in range(days)])
    means *= np.broadcast_to(level, days)[:, None]
    if not noisy:
        return Series(queue, first, means, "Europe/Paris", 30)
    counts = rng.poisson(means * rng.lognormal(-0.5 * day_spread**2, day_spread, (days, 1))).astype(float)
    return Series(queue, first, counts, "Europe/Paris", 30)


def held_out(whole, origin, count=14):
    return replace(whole, calls=whole.calls[:origin]), whole.calls[origin : origin + count]


def test_a_noiseless_week_is_foretold_exactly():
    whole = series(noisy=False)
    past, future = held_out(whole, 98)
    assert forecast(past, 14).mean == pytest.approx(future, rel=0.02, abs=0.05)


def test_error_nears_what_noise_alone_leaves_and_intervals_hold_four_fifths():
    errors, inside = [], []
    for seed in range(6):
        past, future = held_out(series(126, seed, day_spread=0.0), 112)
        told = forecast(past, 14)
        errors.append(np.abs(told.mean - future).sum() / future.sum() / told.noise_wape)
        open_hours = told.mean > 0.5
        inside.append(((future >= told.low) & (future <= told.high))[open_hours].mean())
    assert np.mean(errors) < 1.12
    assert 0.74 < np.mean(inside) < 0.86


def test_the_chosen_method_is_the_best_of_those_shown():
    told = forecast(series(), 14)
    assert told.methods[0].chosen
    assert [m.wape for m in told.methods] == sorted(m.wape for m in told.methods)
    assert "same day last week" in {m.name for m in told.methods}
    assert told.method == told.methods[0].name


def test_a_public_holiday_never_seen_looks_like_a_day_of_rest_and_is_said_to_be_uncertain():
    past, _ = held_out(series(120), 110)  # until the 24th of April
    easter_monday = (date(2026, 4, 6) - past.first_day).days
    past.calls[easter_monday] = past.calls[easter_monday - 1]  # a Sunday
    told = forecast(past, 14, calendar_of("FR", [2026], language="fr"))
    labour_day = (date(2026, 5, 1) - told.first_day).days
    assert told.mean[labour_day].sum() < 0.4 * told.mean[labour_day - 1].sum()
    assert told.high[labour_day].sum() > 0.5 * told.mean[labour_day - 1].sum()
    assert [str(w) for w in told.warnings] == [
        f"{day} is {name}: history holds 1 day like it; the forecast supposes a rest day and is uncertain"
        for day, name in (("2026-05-01", "Fête du Travail"), ("2026-05-08", "Fête de la Victoire"))
    ]


def test_an_event_multiplies_a_usual_day_until_it_has_been_seen():
    past, _ = held_out(series(112, noisy=False), 98)
    event = past.first_day + timedelta(days=100)
    plain = forecast(past, 7)
    told = forecast(past, 7, Calendar().with_events({event: SpecialDay("launch", "usual", factor=2.0)}))
    assert told.mean[2].sum() == pytest.approx(2 * plain.mean[2].sum(), rel=0.01)
    assert "launch: history holds no day like it" in str(told.warnings[0])


def test_a_lasting_change_of_level_is_followed_and_said():
    level = np.where(np.arange(126) >= 91, 1.6, 1.0)
    whole = series(126, level=level, day_spread=0.03)
    past, future = held_out(whole, 112)
    told = forecast(past, 14)
    assert told.mean.sum() == pytest.approx(future.sum(), rel=0.1)
    assert "the level of this series changed around 2026-04-0" in " ".join(str(w) for w in told.warnings)


def test_marked_days_are_left_out_of_learning():
    whole = series(98, noisy=False)
    calls = whole.calls.copy()
    calls[85] *= 10
    spoiled = replace(whole, calls=calls)
    marked = forecast(spoiled, 7, marks=[Mark(spoiled.days[85], "outlier", Problem("breakdown elsewhere"))])
    assert marked.mean == pytest.approx(forecast(whole, 7).mean, rel=0.03, abs=0.1)


def test_a_burst_of_half_an_hour_is_marked_and_left_out_of_learning():
    whole = series(98, day_spread=0.0)
    calls = whole.calls.copy()
    calls[85, 30] = 400
    burst = replace(whole, calls=calls)
    marks = outlying_intervals(burst)
    assert [(mark.day, mark.slot) for mark in marks] == [(burst.days[85], 30)]
    assert forecast(burst, 7, marks=marks).mean.max() < 30
    assert burst.calls[85, 30] == 400


def test_missing_weeks_do_not_pull_the_forecast_down():
    whole = series(112, noisy=False)
    calls = whole.calls.copy()
    calls[60:67] = np.nan
    assert forecast(replace(whole, calls=calls), 7).mean == pytest.approx(forecast(whole, 7).mean, rel=0.02, abs=0.05)


def test_a_few_days_of_history_give_a_forecast_that_says_it_is_a_guess():
    for length in (1, 5, 20):
        past, _ = held_out(series(40, noisy=False), length)
        told = forecast(past, 3)
        assert np.isfinite(told.mean).all()
        assert (told.low <= told.mean).all()
    assert "no method could be tried" in str(forecast(held_out(series(40), 2)[0], 3).warnings[-1])


def test_no_volume_at_all_forecasts_none():
    quiet = Series("all", date(2026, 1, 5), np.zeros((60, 48)), "Europe/Paris", 30)
    assert forecast(quiet, 7).mean.sum() == 0


def test_no_data_at_all_is_refused():
    with pytest.raises(Unusable, match="no day of this series has data"):
        forecast(Series("all", date(2026, 1, 5), np.full((60, 48), np.nan), "Europe/Paris", 30), 7)


def test_a_country_without_known_holidays_is_refused():
    with pytest.raises(Unusable, match="no public holidays are known for “XX”"):
        calendar_of("XX", [2026])


def test_school_holidays_that_move_calls_are_learned_and_expected():
    free = french_school_holidays("A", [2026])
    whole = series(200, day_spread=0.02, first=date(2026, 1, 5))
    calls = whole.calls * np.array([0.6 if day in free else 1.0 for day in whole.days])[:, None]
    ends = (date(2026, 7, 4) - whole.first_day).days  # the first day of the summer holidays
    past = replace(whole, calls=calls[:ends])
    told = forecast(past, 14, Calendar(school_holidays=free))
    blind = forecast(past, 14)
    assert abs(told.mean.sum() / calls[ends : ends + 14].sum() - 1) < 0.12
    assert told.mean.sum() < 0.8 * blind.mean.sum()
    with pytest.raises(Unusable, match="“D” is no school zone"):
        french_school_holidays("D", [2026])


def test_brands_and_queues_add_up_after_reconciliation():
    one, two = series(98, 1, queue="a"), series(98, 2, level=0.4, queue="b")
    total = replace(one, queue="brand", calls=one.calls + two.calls)
    told = {s.queue: forecast(s, 7) for s in (one, two, total)}
    together = reconciled(told, {"a": "brand", "b": "brand"})
    assert together["a"].mean + together["b"].mean == pytest.approx(together["brand"].mean)
    assert together["brand"].mean.sum() == pytest.approx(told["brand"].mean.sum(), rel=0.03)
    assert all((f.low <= f.mean).all() and (f.mean <= f.high).all() for f in together.values())


def test_possible_futures_average_to_the_forecast():
    told = forecast(series(98, day_spread=0.2), 7)
    paths = told.paths(4000)
    assert paths.mean(axis=0) == pytest.approx(told.mean, rel=0.05, abs=0.01)


def test_noise_of_a_perfect_forecast_is_de_moivres_deviation():
    rng = np.random.default_rng(1)
    days = Days(series(60, noisy=False), Calendar(), 0)
    trial = tried(days, NAIVE, (28, 35, 42), 14)
    drawn = rng.poisson(trial.forecast, (400, *trial.forecast.shape))
    measured = np.abs(drawn - trial.forecast).sum() / (400 * trial.forecast.sum())
    assert noise_wape(trial) == pytest.approx(measured, rel=0.01)


def test_the_bank_year_is_foretold_better_than_by_last_week(bank_volumes):
    whole = history_of(bank_volumes, zone="Asia/Jerusalem").series("all")
    calendar, ours, naive, inside, counted = calendar_of("IL", [1999]), 0.0, 0.0, 0, 0
    for back in (9, 5, 2):
        past, future = held_out(whole, whole.calls.shape[0] - 14 * back)
        told = forecast(past, 14, calendar)
        seen = np.isfinite(future)
        ours += np.abs(told.mean - future)[seen].sum()
        naive += np.abs(NAIVE(Days(past, calendar, 14), past.calls.shape[0], 14) - future)[seen].sum()
        inside += ((future >= told.low) & (future <= told.high))[seen].sum()
        counted += seen.sum()
    assert ours < 0.75 * naive
    assert 0.72 < inside / counted < 0.88
