"""Variants of a day, held against one another under the same luck."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.routing.policy import AgentRule, Policy, QueueRule
from homeshore.routing.simulator import Shift
from homeshore.routing.simulator.document import (
    Question,
    UnreadableStudy,
    read_question,
    write_outcomes,
    write_question,
)
from homeshore.routing.simulator.study import (
    EVERYWHERE,
    Day,
    Figure,
    Known,
    Variant,
    figure_of,
    scenario_of,
    student,
    study,
)

START, MINUTE = 1_800_000_000_000, 60_000
HOUR = 60 * MINUTE
CHATS = QueueRule(1, "chat", target_seconds=60)
LUSOPHONE = QueueRule(2, "chat", needs=((9, 4),), target_seconds=60)


def a_day(contacts: int = 60, agents: int = 4) -> Day:
    people = tuple(AgentRule(n, queues=(1, 2), skills=((9, 3),), places={"chat": 1}) for n in range(1, agents + 1))
    return Day(
        queues=(CHATS, LUSOPHONE),
        agents=people,
        shifts=tuple(Shift(agent.id, START, START + HOUR) for agent in people),
        contacts=tuple(Known(START + n * MINUTE, 1 if n % 4 else 2) for n in range(contacts)),
        start=START,
        end=START + HOUR,
        handling={1: 3 * MINUTE, 2: 3 * MINUTE},
        patience={1: 2 * MINUTE, 2: 2 * MINUTE},
    )


def test_a_day_played_twice_gives_the_same_figures() -> None:
    assert study(a_day(), [Variant("so")], replications=3) == study(a_day(), [Variant("so")], replications=3)


def test_two_variants_that_are_the_same_differ_by_nothing() -> None:
    same, again = study(a_day(), [Variant("so"), Variant("again")], replications=4)
    assert same.figures == again.figures
    assert set(again.differences[EVERYWHERE].values()) == {Figure(0.0, 0.0)}


def test_a_rule_that_lets_more_agents_answer_shows_in_its_queue() -> None:
    wider = Variant("wider", queues=(replace(LUSOPHONE, needs=((9, 3),)),))
    so, changed = study(a_day(), [Variant("so"), wider], replications=5)
    assert so.figures[2]["abandonment"].mean > 0.9
    assert changed.figures[2]["abandonment"].mean < 0.3
    assert changed.differences[2]["service_level"].mean > 0.5


def test_more_contacts_or_fewer_agents_make_everybody_busier() -> None:
    variants = [Variant("so"), Variant("more", volume=1.3), Variant("fewer", agents_away=2)]
    so, more, fewer = study(a_day(agents=6), variants, replications=6)
    for busier in (more, fewer):
        assert busier.differences[EVERYWHERE]["occupancy"].mean > 0
        assert busier.figures[EVERYWHERE]["asa_s"].mean > so.figures[EVERYWHERE]["asa_s"].mean


@given(volume=st.floats(0, 3), seed=st.integers(0, 99))
def test_the_luck_of_a_contact_is_that_of_every_variant(volume: float, seed: int) -> None:
    day = a_day(contacts=8)
    plain = list(scenario_of(day, Variant("so"), seed=seed, replication=0).arrivals)
    other = list(scenario_of(day, Variant("more", volume=volume), seed=seed, replication=0).arrivals)
    assert all(START <= arrival.at < START + HOUR for arrival in other)
    assert abs(len(other) - 8 * volume) <= 8
    if volume >= 1:
        assert set(plain) <= set(other)


def test_what_is_known_of_a_contact_is_kept() -> None:
    left = Known(START, 1, waited=9_000, left=True)
    answered = Known(START, 1, waited=30_000, service=77_000)
    day = replace(a_day(), contacts=(left, answered))
    gone, served = scenario_of(day, Variant("so"), seed=3, replication=1).arrivals
    assert gone.patience_ms == 9_000
    assert served.service_ms == 77_000
    assert served.patience_ms is not None
    assert served.patience_ms >= 30_000


def test_progress_rises_to_one() -> None:
    heard: list[float] = []
    study(a_day(8), [Variant("so"), Variant("too")], replications=2, on_progress=heard.append)
    assert heard == [0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize(("freedom", "quantile"), [(4, 2.776), (9, 2.262), (19, 2.093), (99, 1.984)])
def test_students_quantile_is_that_of_the_tables(freedom: int, quantile: float) -> None:
    assert student(freedom) == pytest.approx(quantile, rel=0.01)


def test_the_interval_of_a_mean_is_students() -> None:
    assert figure_of([1.0, 3.0]).mean == 2.0
    assert figure_of([5.0]) == Figure(5.0, 0.0)


def test_a_question_written_down_is_read_as_it_was() -> None:
    question = Question(
        a_day(), (Variant("so"), Variant("new", (CHATS,), Policy(rule="longest_idle"), 1.3, 2)), replications=3, seed=7
    )
    assert read_question(json.loads(json.dumps(write_question(question)))) == question
    assert json.dumps(write_outcomes(study(question.day, question.variants, replications=2)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "no study of version 1"),
        ({"handling": {"1": 3}}, "says nothing of queue 2"),
        ({"end": START}, "does not come after"),
        ({"contacts": [[START, 5]]}, "queue 5"),
        ({"queues": [{"id": 1, "channel": "fax"}]}, "fax"),
        ({"shifts": [["x", 1, 2]]}, "cannot be read"),
    ],
)
def test_a_document_that_tells_no_study_is_refused_with_what_is_wrong(change: dict[str, object], said: str) -> None:
    with pytest.raises(UnreadableStudy, match=said):
        read_question(write_question(Question(a_day(), (Variant("so"),))) | change)


def test_a_document_may_tell_rates_instead_of_contacts() -> None:
    written = write_question(Question(a_day(), (Variant("so"),)))
    del written["contacts"], written["variants"]
    question = read_question(written | {"per_hour": {"1": 120}})
    assert 70 < len(question.day.contacts) < 180
    assert [variant.name for variant in question.variants] == ["as it is"]
