"""Many tabs, one conversation."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from homeshore.brands.models import Channel
from homeshore.contacts.models import Contact, Conversation, Message
from homeshore.foundation.clock import using
from tests.clock import ManualClock
from tests.factories import BrandFactory, QueueFactory
from tests.integration.channels.chat.conftest import Page


@pytest.mark.django_db(transaction=True)
def test_first_messages_sent_at_once_from_several_tabs_make_one_conversation_and_one_contact():
    brand = BrandFactory.create()
    QueueFactory.create(brand=brand, channel=Channel.CHAT)
    with using(ManualClock()):
        first = Page(brand.widget_key)
        first.visit()

        def say(number: int) -> int:
            try:
                tab = Page(brand.widget_key, token=first.token)
                return tab.say(f"Bonjour {number}", client_id=f"message-{number % 6}").status_code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(6) as tabs:
            statuses = list(tabs.map(say, range(10)))
    assert statuses == [201] * 10
    assert (Conversation.objects.count(), Contact.objects.count(), Message.objects.count()) == (1, 1, 6)
