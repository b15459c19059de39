"""An agent contests a choice of the router, a person answers, and the agent is told at once; nobody else is."""

import pytest

from homeshore.contacts import refusals, services
from homeshore.contacts.models import ContestedOffer
from homeshore.contacts.queries import contests, days
from homeshore.contacts.router.rules import agent_changed
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import AuditEntry, Event, Role
from tests.factories import AgentFactory, OperatorFactory, user_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(routed, floor, queue):
    agent = AgentFactory.create(operator=floor.operator, queues=[queue])
    agent_changed(agent.pk)
    routed.router.turn()
    return agent


@pytest.fixture
def offer(routed, queue, agent, colleague):
    """An offer that went to `agent`, and not to `colleague`."""
    routed.ready(agent)
    return routed.offer_of(routed.write_in(queue).contact)


def told(topic):
    found = Event.objects.filter(kind="offer.contested").order_by("id")
    return [event.payload["contest"] for event in found if topic in event.topics]


def test_an_agent_contests_that_an_offer_went_to_another_and_is_answered(routed, floor, agent, colleague, offer):
    supervisor = user_as(Role.SUPERVISOR, floor.operator, name="Hélène Marchetti")
    said = services.contest_offer(
        agent_id=colleague.pk, offer_id=offer.pk, text=" Je parle portugais. ", now=routed.now
    )
    assert [each.pk for each in contests.to_answer(floor.operator_id)] == [said.pk]
    services.answer_contested_offer(
        operator_id=floor.operator_id,
        contest_id=said.pk,
        by=supervisor,
        accepted=True,
        answer="Exact, votre dossier est mis à jour.",
        now=routed.now,
    )
    assert contests.to_answer(floor.operator_id) == []
    [mine] = contests.of_agent(colleague.pk, since=routed.now)
    assert (mine["text"], mine["outcome"], mine["answer"], mine["answered_by"]) == (
        "Je parle portugais.",
        "accepted",
        "Exact, votre dossier est mis à jour.",
        "Hélène Marchetti",
    )
    assert [each["outcome"] for each in told(f"agent:{colleague.pk}")] == ["", "accepted"]
    assert told(f"agent:{agent.pk}") == []
    assert [each["answered_at"] is None for each in told(f"floor:{floor.pk}")] == [True, False]
    assert not any("portugais" in str(each) for each in told(f"floor:{floor.pk}"))
    assert AuditEntry.objects.get(verb="offer.contest_answered").actor == supervisor


def test_an_agent_contests_an_offer_of_their_own_and_their_day_shows_it(routed, agent, offer):
    services.contest_offer(agent_id=agent.pk, offer_id=offer.pk, text="Je ne parle pas portugais.", now=routed.now)
    services.contest_offer(agent_id=agent.pk, offer_id=offer.pk, text="Ni l’espagnol.", now=routed.now)
    [made] = days.offers_made(agent.pk, since=offer.offered_at, until=offer.expires_at)
    assert made["contest"] == "Ni l’espagnol."
    assert ContestedOffer.objects.count() == 1


def test_what_was_answered_is_neither_answered_nor_contested_again(routed, floor, colleague, offer):
    supervisor = user_as(Role.SUPERVISOR, floor.operator)
    said = services.contest_offer(agent_id=colleague.pk, offer_id=offer.pk, text="Pourquoi ?", now=routed.now)
    answered = {"operator_id": floor.operator_id, "contest_id": said.pk, "by": supervisor, "accepted": False}
    services.answer_contested_offer(answer="Libre depuis plus longtemps.", now=routed.now, **answered)
    with pytest.raises(refusals.AnsweredAlready):
        services.answer_contested_offer(answer="Autre chose.", now=routed.now, **answered)
    with pytest.raises(refusals.AnsweredAlready):
        services.contest_offer(agent_id=colleague.pk, offer_id=offer.pk, text="Encore ?", now=routed.now)


def test_nothing_is_contested_without_words_nor_answered_without_a_reason(routed, floor, colleague, offer):
    with pytest.raises(Invalid):
        services.contest_offer(agent_id=colleague.pk, offer_id=offer.pk, text="  ", now=routed.now)
    said = services.contest_offer(agent_id=colleague.pk, offer_id=offer.pk, text="Pourquoi ?", now=routed.now)
    supervisor = user_as(Role.SUPERVISOR, floor.operator)
    with pytest.raises(Invalid):
        services.answer_contested_offer(
            operator_id=floor.operator_id, contest_id=said.pk, by=supervisor, accepted=True, answer=" ", now=routed.now
        )


def test_an_offer_of_other_queues_or_operators_cannot_be_contested(routed, floor, offer):
    elsewhere = AgentFactory.create(operator=OperatorFactory.create())
    stranger = AgentFactory.create(operator=floor.operator)
    for agent in (elsewhere, stranger):
        with pytest.raises(NotFound):
            services.contest_offer(agent_id=agent.pk, offer_id=offer.pk, text="Pourquoi ?", now=routed.now)
