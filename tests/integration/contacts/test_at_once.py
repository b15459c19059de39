"""Two people, one contact, the same moment."""

import threading
import time

import pytest
from django.db import connection, connections

from homeshore.contacts import services
from homeshore.contacts.models import Contact, Message
from homeshore.contacts.services import CustomerFacts
from homeshore.contacts.services.locking import lock_contact
from homeshore.foundation.transactions import write
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


def _wait_until_somebody_waits_for_a_lock() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("the message did not wait for the contact that is being closed")
