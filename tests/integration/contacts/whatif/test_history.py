"""A floor's own history, played again."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from homeshore.cli import homeshore
from homeshore.contacts import services
from homeshore.contacts.whatif.child import StudyFailed, ask
from homeshore.contacts.whatif.history import ASSUMED_PATIENCE_MS, day_of_floor
from homeshore.contacts.whatif.periods import days_with_contacts, floor_and_zone
from homeshore.routing.simulator.document import Question, write_question
from homeshore.routing.simulator.study import Variant, as_recorded
from homeshore.values.clock import to_milliseconds
from tests.factories import DispositionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(routed, queue, agent):
    """One chat answered after 30 s and closed after 200 s, one customer gone after 40 s, one still waiting."""
    begins = routed.now
    answered = routed.write_in(queue, thread="v1", id="m1").contact
    left = routed.write_in(queue, thread="v2", id="m2").contact
    routed.after(30)
    services.assign_contact(contact_id=answered.pk, agent_id=agent.pk, by=agent.user, now=routed.now)
    routed.ready(agent)
    routed.after(10)
    services.abandon_contact(contact_id=left.pk, now=routed.now)
    routed.after(190)
    end = DispositionFactory.create(brand=queue.brand)
    services.close_contact(
        agent_id=agent.pk, contact_id=answered.pk, disposition_id=end.pk, wrap_up=False, now=routed.now
    )
    services.set_presence(agent_id=agent.pk, state="break", reason="pause", now=routed.now)
    routed.router.turn()
    routed.write_in(queue, thread="v3", id="m3")
    routed.after(10)
    return begins


def test_the_day_holds_what_came_what_is_known_of_it_and_who_was_ready(routed, floor, queue, agent, morning):
    day = day_of_floor(floor.pk, start=morning, end=routed.now)
    assert [(each.waited, each.left, each.service) for each in day.contacts] == [
        (30_000, False, 200_000),
        (40_000, True, None),
        (None, False, None),
    ]
    begins = to_milliseconds(morning)
    assert [tuple(shift) for shift in day.shifts] == [(agent.pk, begins + 30_000, begins + 230_000)]
    assert (day.guessed, day.patience) == (frozenset({queue.pk}), {queue.pk: ASSUMED_PATIENCE_MS["chat"]})
    assert as_recorded(day) == {
        "service_level": 1.0,
        "asa_s": 30.0,
        "abandonment": pytest.approx(1 / 3),
        "occupancy": 1.0,
    }


def test_only_days_on_which_something_came_are_offered(routed, floor, morning):
    known = floor_and_zone(floor.pk)
    assert list(days_with_contacts(known, now=routed.now).values()) == [3]
    assert days_with_contacts(known, now=routed.now + timedelta(days=20)) == {}
    assert floor_and_zone(0) is None


def test_a_child_plays_the_study_says_how_far_it_is_and_writes_nothing(routed, floor, morning):
    day = day_of_floor(floor.pk, start=morning, end=routed.now)
    question = Question(day, (Variant("as it is"), Variant("more", volume=2.0)), replications=2)
    *progress, outcomes = ask(write_question(question))
    assert progress == [0.25, 0.5, 0.75, 1.0]
    assert [outcome["name"] for outcome in outcomes] == ["as it is", "more"]
    with pytest.raises(StudyFailed, match="version"):
        list(ask({"version": 0}))


def test_the_command_plays_a_file_and_tells_what_is_wrong_with_one(tmp_path, routed, floor, morning):
    day = day_of_floor(floor.pk, start=morning, end=routed.now)
    file = tmp_path / "study.json"
    file.write_text(json.dumps(write_question(Question(day, (Variant("as it is"),), replications=2))))
    run = CliRunner().invoke(homeshore, ["simulate", str(file), "--rule", "longest_idle", "--away", "1"])
    assert run.exit_code == 0, run.output
    assert "Contacts: 3; stretches of work: 1;" in run.output
    assert "Too little history" in run.output
    assert "rule longest_idle" in run.output
    told = json.loads(CliRunner().invoke(homeshore, ["simulate", str(file), "--json"]).stdout)
    assert told["recorded"]["asa_s"] == 30.0
    file.write_text("{}")
    wrong = CliRunner().invoke(homeshore, ["simulate", str(file)])
    assert (wrong.exit_code, "no study of version 1" in wrong.output) == (1, True)
    assert CliRunner().invoke(homeshore, ["simulate"]).exit_code == 2
