"""An address that somebody typed is theirs once they answered from it, or an agent vouched for it."""

import pytest

from homeshore.contacts import services
from homeshore.contacts.models import Conversation, Customer
from homeshore.contacts.queries import desk
from homeshore.contacts.refusals import NoAddressToConfirm, NotYours
from homeshore.contacts.services import CustomerFacts
from homeshore.foundation.models import AuditEntry
from tests.clock import MORNING
from tests.factories import AgentFactory, ContactFactory, CustomerFactory, QueueFactory

pytestmark = pytest.mark.django_db

CLAIRE = "claire@example.org"


@pytest.fixture
def claire(queue):
    """A known customer who has been in touch before."""
    known = CustomerFactory.create(brand=queue.brand, operator=queue.operator, name="Claire Vasseur", email=CLAIRE)
    ContactFactory.create(queue=queue, conversation__customer=known, state="closed", closed_at=MORNING)
    return known


@pytest.fixture
def letters(floor, queue):
    return QueueFactory.create(brand=queue.brand, floor=floor, channel="email")


def say(queue, who, *, thread="visitor-1", id="m1", now):
    return services.receive_message(
        queue_id=queue.pk, thread_key=thread, customer=who, body="Bonjour", client_id=id, now=now
    )


def test_who_types_the_address_of_a_customer_is_not_taken_for_them(routed, queue, agent, claire):
    routed.ready(agent)
    received = say(queue, CustomerFacts(name="Paul", typed_email="Claire@Example.org"), now=routed.now)
    routed.router.turn()
    routed.accept(received.contact)
    [work] = desk.work(agent.pk)
    assert (work["customer"]["name"], work["customer"]["email"], work["history"]) == ("Paul", "", [])
    assert work["conversation"]["unverified_email"] == CLAIRE
    assert received.conversation.customer != claire


def test_an_address_typed_later_in_the_chat_is_kept_as_well(routed, queue):
    say(queue, CustomerFacts(name="Paul"), now=routed.now)
    say(queue, CustomerFacts(name="Paul", typed_email=CLAIRE), id="m2", now=routed.now)
    assert Conversation.objects.get().unverified_email == CLAIRE


@pytest.mark.parametrize("is_known", [True, False])
def test_an_answer_from_the_address_confirms_it(routed, letters, request, is_known):
    known = request.getfixturevalue("claire") if is_known else None
    say(letters, CustomerFacts(name="Claire V.", typed_email=CLAIRE), thread="asked", now=routed.now)
    say(letters, CustomerFacts(name="Claire", email=CLAIRE), thread="asked", id="m2", now=routed.now)
    conversation = Conversation.objects.get(thread_key="asked")
    assert (conversation.customer.email, conversation.unverified_email) == (CLAIRE, "")
    assert conversation.customer.name == ("Claire Vasseur" if is_known else "Claire V.")
    assert Customer.objects.count() == 1
    assert known in (None, conversation.customer)


def test_an_answer_from_another_address_confirms_nothing(routed, letters, claire):
    say(letters, CustomerFacts(typed_email=CLAIRE), thread="asked", now=routed.now)
    say(letters, CustomerFacts(email="paul@example.org"), thread="asked", id="m2", now=routed.now)
    assert Conversation.objects.get(thread_key="asked").unverified_email == CLAIRE


def test_the_answer_to_a_mail_says_nothing_of_who_writes_in_the_chat(routed, queue, letters, claire):
    """Somebody types the address of Claire, in the chat and for an answer by mail; she answers that mail."""
    chat = say(queue, CustomerFacts(name="Paul", typed_email=CLAIRE), now=routed.now).conversation
    paul = CustomerFacts(id=chat.customer_id, typed_email=CLAIRE)
    say(letters, paul, thread="asked", now=routed.now)
    say(letters, CustomerFacts(email=CLAIRE), thread="asked", id="m2", now=routed.now)
    chat.refresh_from_db()
    assert Conversation.objects.get(thread_key="asked").customer == claire
    assert (chat.customer.name, chat.customer.email, chat.unverified_email) == ("Paul", "", CLAIRE)


def test_an_agent_vouches_for_the_address_on_record(routed, queue, agent, claire):
    routed.ready(agent)
    contact = say(queue, CustomerFacts(name="Claire", typed_email=CLAIRE), now=routed.now).contact
    routed.router.turn()
    routed.accept(contact)
    services.confirm_address(agent_id=agent.pk, contact_id=contact.pk, by=agent.user, now=routed.now)
    [work] = desk.work(agent.pk)
    assert (work["customer"]["id"], len(work["history"])) == (claire.pk, 1)
    entry = AuditEntry.objects.get(verb="customer.address_confirmed")
    assert (entry.actor, entry.target, entry.data["is"]) == (agent.user, contact.reference, claire.pk)
    with pytest.raises(NoAddressToConfirm):
        services.confirm_address(agent_id=agent.pk, contact_id=contact.pk, by=agent.user, now=routed.now)


def test_only_the_agent_who_has_the_contact_vouches(routed, queue, agent, claire):
    contact = say(queue, CustomerFacts(typed_email=CLAIRE), now=routed.now).contact
    other = AgentFactory.create(operator=queue.operator, queues=[queue])
    with pytest.raises(NotYours):
        services.confirm_address(agent_id=other.pk, contact_id=contact.pk, by=other.user, now=routed.now)
