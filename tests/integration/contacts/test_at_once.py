"""Two people, one contact, the same moment."""

import threading
import time

import pytest
from django.db import connection, connections

from homeshore.contacts import services
from homeshore.contacts.models import Contact, Message, Reservation
from homeshore.contacts.router.rules import agent_changed
from homeshore.contacts.services import CustomerFacts
from homeshore.contacts.services.locking import lock_contact
from homeshore.foundation.transactions import write
from homeshore.people.services import set_voice_line
from tests.clock import MORNING
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_that_comes_while_its_contact_is_being_closed_opens_another():
    contact = ContactFactory.create(queue__channel="chat", state="waiting")
    closing, said = threading.Event(), []

    def write_in() -> None:
        try:
            closing.wait(10)
            said.append(
                services.receive_message(
                    queue_id=contact.queue_id,
                    thread_key=contact.conversation.thread_key,
                    customer=CustomerFacts(),
                    body="Encore une question",
                    client_id="late-message",
                    now=MORNING,
                )
            )
        finally:
            connections.close_all()

    customer = threading.Thread(target=write_in)
    customer.start()
    with write():
        lock_contact(contact.pk)
        closing.set()
        if connection.vendor == "postgresql":
            _wait_until_somebody_waits_for_a_lock()
        services.abandon_contact(contact_id=contact.pk, now=MORNING)
    customer.join(20)
    assert said[0].contact is not None
    assert (said[0].contact.state, said[0].contact.pk != contact.pk) == ("waiting", True)
    assert Message.objects.get(client_id="late-message").contact_id == said[0].contact.pk
    assert Contact.objects.get(pk=contact.pk).state == "closed"


@pytest.mark.postgres
def test_of_two_changes_of_an_agent_at_one_moment_the_router_hears_both(routed, queue, agent):
    """What was told last did not know of the other: an agent who was being asked by a colleague was offered contacts."""
    asking = ContactFactory.create(queue=queue)

    def measure_the_line() -> None:
        try:
            set_voice_line(agent_id=agent.pk, ok=False, now=MORNING)
        finally:
            connections.close_all()

    line = threading.Thread(target=measure_the_line)
    with write():
        Reservation.objects.create(agent=agent, contact=asking, since=MORNING)
        agent_changed(agent.pk)
        line.start()
        _wait_until_somebody_waits_for_a_lock()
    line.join(20)
    routed.router.turn()
    rule = routed.router.state.agents[agent.pk].rule
    assert (rule.consulted, rule.voice_line_ok) == (True, False)


def _wait_until_somebody_waits_for_a_lock() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("nobody waited for what is being changed")
