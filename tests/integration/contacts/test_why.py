"""Why a contact waits, why nothing comes, why another: answered from the journal, with names only for those who may see them."""

import pytest

from homeshore.contacts import services
from homeshore.contacts.models import Checkpoint, JournalEntry, Offer
from homeshore.contacts.queries import why
from homeshore.contacts.queries.past import PastNotKept, floor_after, floor_now
from homeshore.contacts.router import checkpoints
from homeshore.contacts.router.rules import agent_changed, queue_changed
from homeshore.foundation.errors import NotFound
from tests.factories import AgentFactory, FloorFactory, OperatorFactory, QueueFactory, SkillFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(routed, floor, queue):
    agent = AgentFactory.create(operator=floor.operator, queues=[queue], first_name="Inès", name="Inès Carvalho")
    agent_changed(agent.pk)
    routed.router.turn()
    return agent


@pytest.fixture
def asked(floor, routed):
    """Who asks: somebody of the floor's operator, now."""
    return lambda: {"operator_id": floor.operator_id, "zone": "Europe/Paris", "now": routed.now}


def code_and_facts(why):
    """A reason without its sentence."""
    return {name: value for name, value in why.items() if name != "text"}


def test_the_floor_laid_again_from_the_journal_is_the_one_its_router_holds(routed, floor, queue, agent):
    routed.ready(agent)
    routed.write_in(queue)
    routed.after(3)
    assert floor_now(floor.pk).dump() == routed.router.state.dump()


def test_an_offer_is_decided_again_from_the_last_checkpoint(routed, floor, queue, agent):
    routed.ready(agent)
    checkpoints.save(routed.router.state, at=routed.now)
    kept = routed.router.state.seq
    JournalEntry.objects.filter(floor=floor, seq__lte=kept).delete()
    Checkpoint.objects.filter(floor=floor, seq__lt=kept).delete()
    contact = routed.write_in(queue).contact
    past = floor_after(floor.pk, seq=kept + 1)
    assert [each.id for each in past.decisions] == [routed.offer_of(contact).pk]


def test_a_past_that_is_not_kept_any_more_is_refused_in_words(routed, floor, queue, agent):
    routed.ready(agent)
    routed.write_in(queue)
    Checkpoint.objects.filter(floor=floor).delete()
    with pytest.raises(PastNotKept):
        floor_now(floor.pk)


def test_a_decision_of_other_rules_is_refused_rather_than_retold_wrongly(routed, floor, queue, agent):
    routed.ready(agent)
    routed.write_in(queue)
    JournalEntry.objects.filter(floor=floor).exclude(decided="").update(decided="0" * 64)
    with pytest.raises(PastNotKept):
        floor_now(floor.pk)


def test_a_supervisor_reads_which_skill_nobody_has(routed, floor, queue, agent, asked):
    portuguese = SkillFactory.create(operator=floor.operator, name="Portugais")
    asks = QueueFactory.create(floor=floor, brand=queue.brand, needs={portuguese: 4})
    queue_changed(asks.pk)
    told = why.contact_waits(routed.write_in(asks).contact.pk, **asked())
    skill = {"id": portuguese.pk, "name": "Portugais"}
    assert code_and_facts(told["why"]) == {"code": "nobody_eligible", "skill": skill, "level": 0, "asked": 4}
    assert told["agents"] == []


def test_a_supervisor_reads_of_each_agent_of_the_queue_why_they_do_not_have_it(
    routed, floor, queue, agent, colleague, asked
):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    told = why.contact_waits(contact.pk, **asked())
    assert code_and_facts(told["why"]) == {"code": "offered_to", "agent": {"id": agent.pk, "name": agent.name}}
    assert [(each["agent"], each["why"]["code"]) for each in told["agents"]] == [
        (agent.pk, "offered_to"),
        (colleague.pk, "away"),
    ]
    assert told["offer"]["reasons"]["winner"]["agent"] == agent.pk


def test_an_agent_reads_why_another_and_not_who(routed, floor, queue, agent, colleague, asked):
    routed.ready(agent)
    routed.after(30)
    routed.ready(colleague)
    offer = routed.offer_of(routed.write_in(queue).contact)
    assert offer.agent_id == agent.pk
    told = why.offer_went_to_another(offer.pk, agent_id=colleague.pk, of_people=False, **asked())
    assert told["why"]["text"] == "You had been free for 0\u00a0s, your colleague for 30\u00a0s."
    assert told["why"]["free_since"] > told["why"]["other_free_since"]
    assert (told["reasons"]["rule"], told["reasons"]["free"]) == ("least_cost", 2)
    assert told["reasons"]["runner_up"]["me"] is True
    said = repr(told)
    assert agent.name not in said
    assert "'agent': " + str(agent.pk) not in said
    assert "contact" not in told


def test_an_agent_reads_the_offers_of_their_queues_that_went_to_others(routed, floor, queue, agent, colleague):
    routed.ready(agent)
    offer = routed.offer_of(routed.write_in(queue).contact)
    lately = why.offers_to_others(colleague.pk, since=offer.offered_at, limit=5)
    assert lately == [{"id": offer.pk, "queue": queue.pk, "offered_at": offer.offered_at.isoformat()}]
    assert why.offers_to_others(agent.pk, since=offer.offered_at, limit=5) == []


def test_an_agent_reads_what_waits_in_their_queues_without_learning_what_it_is(
    routed, floor, queue, agent, colleague, asked
):
    contact = routed.write_in(queue).contact
    told = why.agent_gets_nothing(agent.pk, of_people=False, **asked())
    assert code_and_facts(told["why"]) == {"code": "away"}
    [waiting] = told["contacts"]
    assert code_and_facts(waiting["why"]) == {"code": "away"}
    assert waiting["arrived_at"] == contact.arrived_at.isoformat()
    assert not {"id", "reference"} & set(waiting)


def test_nobody_asks_about_another_operator_or_a_queue_they_do_not_work_for(routed, floor, queue, agent, asked):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    offer = Offer.objects.get(contact=contact)
    elsewhere = {**asked(), "operator_id": OperatorFactory.create().pk}
    stranger = AgentFactory.create(operator=floor.operator)
    with pytest.raises(NotFound):
        why.contact_waits(contact.pk, **elsewhere)
    with pytest.raises(NotFound):
        why.agent_gets_nothing(agent.pk, of_people=True, **elsewhere)
    with pytest.raises(NotFound):
        why.offer_went_to_another(offer.pk, agent_id=stranger.pk, of_people=False, **asked())


def test_a_floor_that_was_never_routed_says_that_nothing_is_written_down(db):
    with pytest.raises(PastNotKept):
        floor_now(FloorFactory.create().pk)


def test_an_agent_whom_nothing_keeps_from_work_reads_how_many_come_before_them(
    routed, floor, queue, agent, colleague, asked
):
    routed.ready(agent, colleague)
    told = why.agent_gets_nothing(colleague.pk, of_people=False, **asked())
    assert code_and_facts(told["why"]) == {"code": "nothing_waits", "before": 1}
    services.set_presence(agent_id=colleague.pk, state="break", reason="lunch", now=routed.now)
    routed.router.turn()
    told = why.agent_gets_nothing(colleague.pk, of_people=False, **asked())
    assert code_and_facts(told["why"]) == {"code": "away"}
