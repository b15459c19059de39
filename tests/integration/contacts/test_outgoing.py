"""An agent begins a contact by calling: routing counts it as their work, and nothing counts it as somebody who waited."""

import pytest

from homeshore.contacts import services
from homeshore.contacts.models import Assignment
from homeshore.contacts.queries import floor as floors
from homeshore.contacts.queries import history
from homeshore.contacts.refusals import AlreadyInTouch, NotFreeToCall
from homeshore.contacts.services import CustomerFacts
from homeshore.contacts.services.closing import end_wrap_up
from tests.factories import QueueFactory

pytestmark = pytest.mark.django_db
CLAIRE = CustomerFacts(name="Claire Vasseur", phone="+33145060708")


@pytest.fixture
def queue(floor):
    return QueueFactory.create(
        floor=floor, brand__operator=floor.operator, channel="voice", disposition_required=False, wrap_up_seconds=30
    )


@pytest.fixture
def calling(routed, agent, queue):
    """The contact of an agent who calls."""
    routed.ready(agent)
    contact = services.open_outgoing(
        agent_id=agent.pk, queue_id=queue.pk, thread_key="+33145060708", customer=CLAIRE, now=routed.now
    )
    routed.router.turn()
    return contact


def test_nothing_is_offered_to_who_calls_until_they_have_wrapped_up(routed, agent, queue, calling):
    waiting = services.arrive_contact(queue_id=queue.pk, thread_key="other", customer=CLAIRE, now=routed.now)
    routed.router.turn()
    assert not waiting.offers.exists()
    services.close_contact(agent_id=agent.pk, contact_id=calling.pk, disposition_id=None, now=routed.now)
    routed.router.turn()
    assert not waiting.offers.exists()
    end_wrap_up(agent_id=agent.pk, assignment_id=Assignment.objects.get(contact=calling).pk, now=routed.now)
    routed.router.turn()
    assert routed.offer_of(waiting).agent_id == agent.pk


def test_it_counts_in_no_service_level_and_no_forecast(routed, agent, calling):
    services.record_answer(agent_id=agent.pk, contact_id=calling.pk, now=routed.now)
    services.close_contact(agent_id=agent.pk, contact_id=calling.pk, disposition_id=None, now=routed.now)
    routed.after(60)
    since = calling.arrived_at
    assert list(floors.ends(routed.floor.pk, arrived_since=since, closed_before=routed.now)) == []
    assert history.extent(routed.floor.operator_id).contacts == 0


def test_who_is_not_free_and_a_customer_in_touch_are_told(routed, agent, queue, calling):
    with pytest.raises(NotFreeToCall):
        services.open_outgoing(
            agent_id=agent.pk, queue_id=queue.pk, thread_key="somebody", customer=CLAIRE, now=routed.now
        )
    services.close_contact(agent_id=agent.pk, contact_id=calling.pk, disposition_id=None, wrap_up=False, now=routed.now)
    services.arrive_contact(queue_id=queue.pk, thread_key="+33145060708", customer=CLAIRE, now=routed.now)
    with pytest.raises(AlreadyInTouch):
        services.open_outgoing(
            agent_id=agent.pk, queue_id=queue.pk, thread_key="+33145060708", customer=CLAIRE, now=routed.now
        )
