"""What nobody can answer is known before a customer asks."""

import pytest

from homeshore.contacts.queries.coverage import Unanswerable, unanswerable
from homeshore.contacts.router.rules import agent_changed, queue_changed
from homeshore.missions.coverage import Lack, cover
from homeshore.people import queries as people
from tests.factories import AgentFactory, QueueFactory, SkillFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def portuguese(floor):
    return SkillFactory.create(operator=floor.operator)


def test_contacts_that_wait_for_a_skill_nobody_has_are_told_with_who_comes_nearest(routed, floor, queue, portuguese):
    lusophone = QueueFactory.create(brand=queue.brand, floor=floor, needs={portuguese: 4})
    queue_changed(lusophone.pk)
    for level in (3, 3, 2):
        AgentFactory.create(operator=floor.operator, queues=[lusophone], skills={portuguese: level})
    contacts = [routed.write_in(lusophone, thread=f"v{n}", id=f"m{n}").contact for n in range(2)]

    assert unanswerable(floor.pk, operator_id=floor.operator_id) == [
        Unanswerable(lusophone.pk, 2, contacts[0].arrived_at, 0, 0, (Lack(portuguese.pk, 4, 3, 2),))
    ]


def test_contacts_are_told_too_while_those_who_could_answer_are_away(routed, floor, queue, portuguese):
    lusophone = QueueFactory.create(brand=queue.brand, floor=floor, needs={portuguese: 4})
    queue_changed(lusophone.pk)
    able = AgentFactory.create(operator=floor.operator, queues=[lusophone], skills={portuguese: 5}, chat_places=1)
    agent_changed(able.pk)
    contact = routed.write_in(lusophone).contact

    assert unanswerable(floor.pk, operator_id=floor.operator_id) == [
        Unanswerable(lusophone.pk, 1, contact.arrived_at, 1, 0, ())
    ]
    routed.ready(able)
    routed.accept(contact)
    routed.write_in(lusophone, thread="v2", id="m2")
    assert unanswerable(floor.pk, operator_id=floor.operator_id) == []


def test_each_need_met_by_somebody_and_all_by_nobody_is_no_lack_of_a_skill(floor, portuguese):
    tax = SkillFactory.create(operator=floor.operator)
    AgentFactory.create(operator=floor.operator, skills={portuguese: 5})
    AgentFactory.create(operator=floor.operator, skills={tax: 5})

    found = cover({portuguese.pk: 3, tax.pk: 3}, people.agents_of_operator(floor.operator_id))

    assert (found.engaged, found.able, found.lacks) == (2, frozenset(), ())
