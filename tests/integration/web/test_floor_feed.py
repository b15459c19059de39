"""What the floor's screen follows: a snapshot and the events after it give the floor that a fresh snapshot shows.

The scenario is lived on a real database with the real router, then handed to the island's own reducer.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from homeshore.channels.voice.models import Leg
from homeshore.channels.voice.services import come_in, raise_hand
from homeshore.channels.voice.services.quality import rest_line
from homeshore.contacts import services
from homeshore.contacts.queries import floor as floors
from homeshore.contacts.router.rules import agent_changed
from homeshore.floor import queries
from homeshore.foundation import feed
from homeshore.foundation.feed import Position
from homeshore.foundation.models import Role
from homeshore.pay import services as pay
from homeshore.pay.models import Act
from tests.factories import (
    AgentFactory,
    CallFactory,
    DispositionFactory,
    QueueFactory,
    RateCardFactory,
    SkillFactory,
    user_as,
)

# The test's own transaction would hold back PostgreSQL's feed, and its queries are counted otherwise.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SAMPLE = "frontend/src/floor/scenario.sample.json"


@pytest.fixture
def supervisor(floor):
    return user_as(Role.SUPERVISOR, floor.operator)


@pytest.fixture
def floor_now(routed, floor, supervisor):
    """Take the floor's snapshot as it is now, as the browser gets it."""

    def take():
        facts = floors.floor_of_operator(floor.operator_id)
        told = queries.floor_snapshot(facts, floor.operator, user=supervisor, now=routed.now)
        return json.loads(json.dumps(told))

    return take


def events_after(position: str, topic: str) -> list[dict]:
    found = feed.read(Position.parse(position))
    return [
        {"position": str(each.position), "kind": each.kind, "payload": each.payload, "at": each.at.isoformat()}
        for each in found
        if topic in each.topics
    ]


def live_through(routed, queue, other_queue, agents, supervisor):
    """An hour with a bit of everything: answered, abandoned, declined, unanswered, moved, lost, paid, contested."""
    first, second = agents
    disposition = DispositionFactory.create(brand=queue.brand)

    def close(contact, agent, *, wrap_up):
        services.close_contact(
            agent_id=agent, contact_id=contact, disposition_id=disposition.pk, wrap_up=wrap_up, now=routed.now
        )
        routed.router.turn()

    def answer(contact, agent):
        body = "Bonjour, je regarde."
        services.send_message(agent_id=agent, contact_id=contact, body=body, client_id=f"a{contact}", now=routed.now)

    routed.ready(*agents)
    one = routed.write_in(queue, thread="one").contact
    taken = routed.accept(one)
    routed.after(5)
    answer(one.pk, taken.agent_id)
    two = routed.write_in(queue, thread="two").contact
    declined = routed.offer_of(two)
    services.decline_offer(agent_id=declined.agent_id, offer_id=declined.pk, now=routed.now)
    routed.router.turn()
    routed.after(queue.offer_seconds + 2)
    three = routed.write_in(queue, thread="three").contact
    routed.after(80)
    services.abandon_contact(contact_id=three.pk, now=routed.now)
    routed.router.turn()
    close(one.pk, taken.agent_id, wrap_up=True)
    routed.after(queue.wrap_up_seconds + 2)
    services.set_presence(agent_id=second.pk, state="break", reason="lunch", now=routed.now)
    routed.router.turn()
    services.assign_contact(contact_id=two.pk, agent_id=first.pk, by=supervisor, now=routed.now)
    routed.router.turn()
    answer(two.pk, first.pk)
    services.requeue_contact(contact_id=two.pk, queue_id=other_queue.pk, by=supervisor, now=routed.now)
    routed.router.turn()
    four = routed.write_in(queue, thread="four").contact
    services.assign_contact(contact_id=four.pk, agent_id=second.pk, by=supervisor, now=routed.now)
    routed.router.turn()
    close(four.pk, second.pk, wrap_up=True)
    services.set_presence(agent_id=first.pk, state="ready", now=routed.now)
    routed.after(95)
    services.lapse_presences(now=routed.now)
    routed.router.turn()
    rest_line(agent_id=second.pk, mos=2.9, now=routed.now)
    call = CallFactory.create(contact=two, state="talking", listening_told_at=routed.now)
    Leg.objects.create(call=call, number=1, agent=first, state="talking", began_at=routed.now)
    raise_hand(call_id=call.pk, agent_id=first.pk, on=True, now=routed.now)
    come_in(operator_id=call.operator_id, call_id=call.pk, by=supervisor, part="whisper", now=routed.now)
    act = Act.objects.order_by("id").first()
    pay.contest_act(agent_id=act.agent_id, act_id=act.pk, text="Le tarif de nuit manque", now=routed.now)


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_with_the_events_after_it_shows_what_a_fresh_snapshot_shows(
    routed, floor, queue, agent, supervisor, floor_now, tmp_path, root
):
    other_queue = QueueFactory.create(brand=queue.brand, floor=floor, channel="chat")
    colleague = AgentFactory.create(operator=floor.operator, queues=[queue, other_queue])
    RateCardFactory.create(brand=queue.brand, rates=[{"queue": other_queue, "amount_cents": 200}])
    agent_changed(colleague.pk)
    routed.router.turn()
    before = floor_now()
    live_through(routed, queue, other_queue, (agent, colleague), supervisor)
    after = floor_now()
    scenario = {"before": before, "events": events_after(before["position"], f"floor:{floor.pk}"), "after": after}
    kinds = {event["kind"] for event in scenario["events"]}
    assert kinds >= {
        "contact.changed", "agent.changed", "assignment.changed", "offer.opened", "offer.ended", "act.added", "act.contested",
        "call.line", "call.changed",
    }  # fmt: skip
    written = tmp_path / "scenario.json"
    written.write_text(json.dumps(scenario, ensure_ascii=False, indent=1))
    if os.environ.get("HOMESHORE_WRITE_SAMPLE"):
        (root / SAMPLE).write_text(json.dumps(scenario, ensure_ascii=False))
    ran = reduce_in_the_island(written, root)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def reduce_in_the_island(scenario: Path, root: Path) -> subprocess.CompletedProcess:
    vitest = root / "frontend" / "node_modules" / "vitest" / "vitest.mjs"
    node = shutil.which("node") or root / ".tools" / "node" / "bin" / "node"
    if not vitest.exists() or not Path(node).exists():
        pytest.skip("the islands' tools are not installed: make assets")
    command = [str(node), str(vitest), "run", "src/floor/scenario.test.ts"]
    environment = os.environ | {"FLOOR_SCENARIO": str(scenario)}
    return subprocess.run(
        command, cwd=root / "frontend", env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.sqlite
def test_a_floor_asks_the_same_number_of_queries_whatever_is_on_it(
    routed, floor, queue, agent, floor_now, queries_as_before
):
    for number in range(5):
        extra = QueueFactory.create(brand__operator=floor.operator, floor=floor)
        AgentFactory.create(operator=floor.operator, queues=[queue, extra])
        routed.write_in(queue, thread=f"visitor-{number}")
    routed.ready(agent)
    with queries_as_before():
        floor_now()


def test_no_word_and_no_name_of_a_customer_reaches_the_floor(routed, queue, agent, floor_now):
    routed.ready(agent)
    routed.write_in(queue, text="Mon numéro secret est 4712")
    told = json.dumps(floor_now(), ensure_ascii=False)
    assert "4712" not in told
    assert "Vasseur" not in told


def test_a_need_that_nobody_engaged_on_its_queue_meets_is_told_with_the_best_level_there_is(
    routed, floor, queue, floor_now
):
    portuguese = SkillFactory.create(operator=floor.operator, name="Portugais")
    asks = QueueFactory.create(floor=floor, brand=queue.brand, needs={portuguese: 4})
    AgentFactory.create(operator=floor.operator, queues=[asks], skills={portuguese: 3})
    AgentFactory.create(operator=floor.operator, queues=[queue], skills={portuguese: 5})
    told = {each["id"]: each["unmet"] for each in floor_now()["queues"]}
    assert told == {queue.pk: [], asks.pk: [{"skill": "Portugais", "level": 4, "best": 3}]}
    AgentFactory.create(operator=floor.operator, queues=[asks], skills={portuguese: 4})
    assert [each["unmet"] for each in floor_now()["queues"]] == [[], []]
