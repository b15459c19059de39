"""The four weeks before a demonstration: rows as the services would have left them."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import F

from homeshore.contacts.models import Assignment, Contact, Message, Offer, PresenceSpan
from homeshore.demo import past
from homeshore.demo.load import load
from homeshore.demo.places import Places
from homeshore.pay import queries as pay
from homeshore.pay.models import Act
from homeshore.people.models import Agent
from tests.clock import MORNING

pytestmark = pytest.mark.django_db


def most_chats_at_once(agent: Agent) -> int:
    moments = []
    for opened, ended in Assignment.objects.filter(agent=agent, queue__channel="chat").values_list(
        "opened_at", "ended_at"
    ):
        moments += [(opened, 1), (ended, -1)]
    most = held = 0
    for _, change in sorted(moments):
        held += change
        most = max(most, held)
    return most


def test_the_past_is_whole_paid_shaped_like_weeks_and_never_written_twice():
    operator = load(Places(8000), now=MORNING)
    contacts = past.record(operator, now=MORNING)
    assert contacts > 2_000
    assert Contact.objects.filter(state="closed", arrived_at__lt=MORNING, closed_at__lte=MORNING).count() == contacts
    assert Contact.objects.filter(outcome="handled").count() == Assignment.objects.count() == Act.objects.count()
    assert not Offer.objects.filter(state="open").exists()
    assert not Assignment.objects.exclude(offer__state="accepted").exists()
    assert not Contact.objects.filter(answered_at__lt=F("arrived_at")).exists()
    assert Message.objects.filter(kind="inbound").count() >= contacts
    assert not PresenceSpan.objects.filter(until__lte=F("since")).exists()
    for agent in Agent.objects.all():
        assert most_chats_at_once(agent) <= agent.chat_places, agent.name
    for act in Act.objects.order_by("id")[:200]:
        prices = pay.closing_pay(queue_id=act.queue_id, at=act.at)
        assert act.amount_cents == prices[str(act.disposition_id)]

    by_weekday = Counter(at.weekday() for at in Contact.objects.values_list("arrived_at", flat=True))
    assert 0 < by_weekday[6] < by_weekday[5] < by_weekday[2] < by_weekday[0]

    assert past.record(operator, now=MORNING + timedelta(minutes=5)) == 0
    assert Contact.objects.count() == contacts
