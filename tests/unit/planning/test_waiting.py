"""Mails in the time that calls leave free, and chats held several at once."""

import numpy as np
import pytest

from homeshore.planning.engine.income import Tariff, sample_day
from homeshore.planning.engine.simulation import (
    Agent,
    Contacts,
    Floor,
    Group,
    Queue,
    draw_contacts,
    route_contacts,
    simulate,
)
from homeshore.planning.engine.simulation.core import route_with_core
from homeshore.planning.engine.simulation.floor import tables_of
from homeshore.planning.engine.simulation.waiting import Backlog, free_seconds, mails_of
from homeshore.routing.policy import Policy

MINUTE = 60.0


def floor(calls=0.0, mails=0.0, agents=2, due_minutes=60.0):
    return Floor(
        [Queue("calls", [calls] * 4, 300), Queue("mails", [mails] * 4, 600, target_seconds=due_minutes * 60, can_wait=True)],
        [Group("both", ["calls", "mails"]), Group("callers", ["calls"])],
        [Agent("both", [(0, 7200)])] * agents + [Agent("callers", [(0, 7200)])],
    )  # fmt: skip


def test_time_free_is_the_shift_less_what_calls_took_of_it():
    told = floor()
    contacts = Contacts(np.array([600.0]), np.array([0], np.int32), np.array([8.0]), np.array([np.inf]))
    day = route_contacts(told, contacts)
    free = free_seconds(told, tables_of(told), contacts, day)
    agent = day.agent[0]
    assert free[agent].tolist() == [600.0, 600.0, 1800.0, 1800.0]
    assert free.sum() == 3 * 7200 - 2400


def test_mails_are_answered_oldest_first_by_those_who_serve_them_and_carried_to_the_next_day():
    told = floor(agents=1)
    seconds = tables_of(told).handling
    backlog = Backlog(mails_of(told))
    free = np.full((2, 4), 1200.0)  # two mails an interval by the one agent who serves mails
    first = backlog.live(np.array([[6.0, 0.0, 0.0, 4.0]]), free, seconds)
    assert first[:, :, 0].tolist() == [[2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0]]
    assert backlog.level() == pytest.approx([6 / 8])  # due in two intervals: the third two were late
    second = backlog.live(np.zeros((1, 4)), free, seconds)
    assert second[0, :, 0].tolist() == [2.0, 0.0, 0.0, 0.0]
    assert backlog.level() == pytest.approx([8 / 10])


def test_mails_that_nobody_answers_count_as_late_once_they_are_overdue():
    told = floor(agents=0)
    backlog = Backlog(mails_of(told))
    free = np.full((1, 4), 1800.0)
    backlog.live(np.array([[3.0, 0.0, 0.0, 5.0]]), free, tables_of(told).handling)
    assert backlog.level() == pytest.approx([0.0])


def test_an_agent_is_paid_for_mails_between_calls_and_calls_do_not_wait_for_them():
    tariffs = {"calls": Tariff([100], [1.0]), "mails": Tariff([50], [1.0])}
    told = floor(calls=20.0, mails=4.0)
    paths = np.tile(np.array([[10.0] * 4, [2.0] * 4]), (40, 1, 1))
    backlogs = [Backlog(mails_of(told)) for _ in paths]
    with_mails = sample_day(told, tariffs, paths, backlogs=backlogs)
    without = sample_day(told, tariffs, paths)
    assert (with_mails.in_time == without.in_time).all()
    gained = (with_mails.cents - without.cents).sum(axis=(1, 2)).mean()
    assert gained == pytest.approx(50 * np.mean([backlog.judged[0] for backlog in backlogs]), rel=0.02)
    assert (with_mails.cents[:, 2] == without.cents[:, 2]).all()  # who serves calls alone gets none
    assert np.mean([backlog.level()[0] for backlog in backlogs]) > 0.9


def test_who_holds_three_chats_does_the_same_work_and_answers_sooner():
    def of(at_once):
        return Floor([Queue("chats", [40.0] * 4, 240, patience_seconds=600, at_once=at_once)],
                     [Group("all", ["chats"])], [Agent("all", [(0, 7200)])] * 4)  # fmt: skip

    alone, three = (np.mean([simulate(of(k), 1, r).mean_wait[0] for r in range(40)]) for k in (1, 3))
    assert three < alone
    contacts = draw_contacts(of(3))
    day = route_contacts(of(3), contacts, record_acts=True)
    served = day.agent >= 0
    assert day.busy_seconds.sum() == pytest.approx(240 * contacts.work[served].sum())  # each an agent's own time
    assert day.acts.shape == (4, 4, 1)
    assert 0 < day.acts.sum() <= served.sum()


@pytest.mark.parametrize("rule", ["longest_idle", "least_cost"])
def test_the_core_routes_calls_alone_and_leaves_mails_to_the_time_between(rule):
    told, alone = floor(calls=20.0, mails=4.0), floor(calls=20.0, mails=0.0)
    contacts = draw_contacts(told)
    assert (contacts.queue == 0).all()
    day, without = (route_with_core(each, contacts, Policy(rule=rule)) for each in (told, alone))
    assert np.array_equal(day.agent, without.agent)
    if rule == "longest_idle":
        assert np.array_equal(day.agent, route_contacts(told, contacts).agent)
