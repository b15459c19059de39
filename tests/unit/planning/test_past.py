"""Promises of past weeks beside what acts really paid, on a floor whose truth is simulated."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest

from homeshore.planning.engine.history import History, history_of_contacts
from homeshore.planning.engine.problems import Problem
from homeshore.planning.engine.simulation import Agent, Floor, Group, Queue, draw_contacts, route_contacts
from homeshore.planning.way import Event, Wishes
from homeshore.planning.way.past import Checked, Past, checked, paces_of, tariffs_of
from homeshore.routing.policy import Policy

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
WISHES = Wishes(zone="UTC", country=None, shared=True, replications=20, policy=Policy(rule="longest_idle"))
CENTS = {"orders": 180, "claims": 320}
PACES = (0.8, 1.0, 1.25, 1.0, 0.9, 1.1)


def nobody_follows(step, share):
    """The work goes on."""


@cache
def lived(days=36):
    """Contacts, acts and presence of six agents, nine to five, day after day."""
    contacts, acts, ready = [], [], []
    for d in range(days):
        start = MONDAY + timedelta(days=d, hours=9)
        floor = Floor(
            [Queue("orders", [36.0] * 16, 300, patience_seconds=240), Queue("claims", [18.0] * 16, 420, patience_seconds=240)],
            [Group("both", ["orders", "claims"])], [Agent("both", [(0, 8 * 3600)], pace) for pace in PACES],
        )  # fmt: skip
        drawn = draw_contacts(floor, 5, d)
        day = route_contacts(floor, drawn)
        ready += [(f"a{k}", start.timestamp(), start.timestamp() + 8 * 3600) for k in range(len(PACES))]
        for c in range(drawn.time.size):
            queue, agent = ("orders", "claims")[drawn.queue[c]], int(day.agent[c])
            took = drawn.work[c] * (300, 420)[drawn.queue[c]] * PACES[agent] if agent >= 0 else None
            contacts.append((queue, start + timedelta(seconds=float(drawn.time[c])), agent >= 0,
                             float(day.left_queue_at[c] - drawn.time[c]), took, f"a{agent}" if agent >= 0 else None))  # fmt: skip
            if took is not None:
                ends = start.timestamp() + float(day.left_queue_at[c]) + took
                acts.append((f"a{agent}", ends, CENTS[queue], queue))
    names = ["queue", "arrived", "answered", "wait", "handling", "agent"]
    frame = pl.DataFrame(contacts, schema=names, orient="row").with_columns(
        pl.col("arrived").cast(pl.Datetime("us", "UTC"))
    )
    return (
        frame.sort("arrived"),
        pl.DataFrame(acts, schema=["agent", "at", "cents", "queue"], orient="row"),
        pl.DataFrame(ready, schema=["agent", "since", "until"], orient="row"),
    )


def told(days=36, acts=None, ready=None) -> tuple[History, Past]:
    frame, paid, there = lived()
    until = MONDAY + timedelta(days=days)
    serves = {f"a{k}": ("orders", "claims") for k in range(len(PACES))}
    history = history_of_contacts(frame.filter(pl.col("arrived") < until), zone="UTC")
    seen_at = (until - timedelta(hours=1)).timestamp()
    return history, Past(paid if acts is None else acts, there if ready is None else ready, serves, seen_at)


def test_promises_of_an_unseen_week_hold_four_times_in_five():
    found = checked(*told(), WISHES, nobody_follows)
    assert isinstance(found, Checked)
    assert found.week == (MONDAY + timedelta(days=28)).date()
    assert found.held.agent_hours == 7 * 6 * 8
    assert abs(found.held.bias.value) < 0.05
    assert found.held.coverage.low < 0.8 < found.held.coverage.high + 0.05
    assert set(found.held.by_hour) == set(range(9, 17))
    assert found.correction.scale == pytest.approx(1.0, abs=0.06)


def test_a_week_that_paid_half_shows_as_bias_and_bends_the_correction():
    _, acts, _ = lived()
    last = (MONDAY + timedelta(days=28)).timestamp()
    halved = acts.with_columns(
        pl.when(pl.col("at") >= last).then(pl.col("cents") // 2).otherwise("cents").alias("cents")
    )
    found = checked(*told(acts=halved), WISHES, nobody_follows)
    assert isinstance(found, Checked)
    assert found.held.bias.value == pytest.approx(1.0, abs=0.1)
    assert found.held.coverage.value < 0.5
    assert found.correction.scale < 0.95


def test_a_special_day_teaches_nothing_about_usual_ones():
    _, acts, _ = lived()
    feast = MONDAY + timedelta(days=23)  # in the week that teaches
    closed = acts.filter(~pl.col("at").is_between(feast.timestamp(), (feast + timedelta(days=1)).timestamp()))
    wishes = replace(WISHES, events=(Event("Feast", feast.date(), feast.date(), 1.0),))
    usual, bent = (checked(*told(acts=paid), wishes, nobody_follows) for paid in (acts, closed))
    assert isinstance(usual, Checked)
    assert isinstance(bent, Checked)
    assert bent.held == usual.held
    assert bent.correction.scale == usual.correction.scale


def test_too_short_a_past_and_too_few_hours_are_said():
    short = checked(*told(days=25), WISHES, nobody_follows)
    assert isinstance(short, Problem)
    assert "the history has 24 full days" in str(short)
    _, _, ready = lived()
    rarely = checked(*told(ready=ready.filter(pl.col("agent") == "a0")), WISHES, nobody_follows)
    assert isinstance(rarely, Problem)
    assert "56 hours in a week" in str(rarely)
    nobody = checked(*told(ready=ready.head(0)), WISHES, nobody_follows)
    assert isinstance(nobody, Problem)
    assert "nobody was there" in str(nobody)


def test_prices_and_paces_are_those_that_were_seen():
    history, past = told()
    tariffs = tariffs_of(pl.concat([past.acts, past.acts.with_columns(pl.col("cents") + 20)]))
    assert (tariffs["orders"].cents, tariffs["orders"].shares) == ([180, 200], [0.5, 0.5])
    paces = paces_of(history)
    seen = np.array([paces[f"a{k}"][0] for k in range(len(PACES))])
    np.testing.assert_allclose(seen / seen.mean(), np.array(PACES) / np.mean(PACES), rtol=0.1)
    assert all(0 < spread < 0.1 for _, spread in paces.values())


def test_the_planners_what_if_does_not_change_the_past():
    usual = checked(*told(), WISHES, nobody_follows)
    bent = checked(*told(), replace(WISHES, calls_factor=3.0, handling_factor=2.0, shrinkage=0.4), nobody_follows)
    assert isinstance(usual, Checked)
    assert isinstance(bent, Checked)
    assert bent.held == usual.held
