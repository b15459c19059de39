"""An act is written in the transaction of its disposition, from the card in force."""

import pytest

from homeshore.contacts import events, services
from homeshore.contacts.models import Contact
from homeshore.foundation.models import Event
from homeshore.pay import queries
from homeshore.pay.models import Act
from tests.factories import DispositionFactory, RateCardFactory, RateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def disposition(queue):
    return DispositionFactory.create(brand=queue.brand)


@pytest.fixture
def card(queue):
    card = RateCardFactory.create(brand=queue.brand)
    RateFactory.create(card=card, label="acte", amount_cents=190, queue=queue)
    RateFactory.create(card=card, label="langue", kind="supplement", amount_cents=50)
    return card


@pytest.fixture
def in_hand(routed, queue, agent):
    routed.ready(agent)
    contact = routed.write_in(queue).contact
    routed.accept(contact)
    return contact


def close(routed, agent, contact, disposition):
    return services.close_contact(
        agent_id=agent.pk, contact_id=contact.pk, disposition_id=disposition.pk, now=routed.now
    )


def test_closing_a_contact_pays_the_act_and_names_each_rate(routed, agent, in_hand, card, disposition):
    assignment = close(routed, agent, in_hand, disposition)
    act = Act.objects.get(assignment=assignment)
    assert (act.amount_cents, act.currency, act.rate_card_id, act.contact_id) == (240, "EUR", card.pk, in_hand.pk)
    assert [(part["label"], part["cents"]) for part in act.parts] == [("acte", 190), ("langue", 50)]
    assert queries.today(agent.pk, now=routed.now) == {"acts": 1, "cents": 240, "currency": "EUR"}


def test_closing_twice_pays_once(routed, agent, in_hand, card, disposition):
    first = close(routed, agent, in_hand, disposition)
    again = close(routed, agent, in_hand, disposition)
    assert (first, Act.objects.count()) == (again, 1)


def test_without_a_card_in_force_the_act_is_kept_at_zero_and_without_parts(routed, agent, in_hand, disposition):
    close(routed, agent, in_hand, disposition)
    assert list(Act.objects.values_list("amount_cents", "parts", "rate_card")) == [(0, [], None)]


def test_a_card_that_ended_pays_nothing_any_more_and_its_successor_does(routed, agent, in_hand, card, disposition):
    card.valid_to = routed.now
    card.save()
    successor = RateCardFactory.create(brand=card.brand, valid_from=routed.now)
    RateFactory.create(card=successor, amount_cents=300)
    close(routed, agent, in_hand, disposition)
    assert list(Act.objects.values_list("amount_cents", "rate_card")) == [(300, successor.pk)]


def test_when_pay_fails_the_disposition_is_undone_too(routed, agent, in_hand, disposition, monkeypatch):
    def fails(recorded):
        raise RuntimeError("no pay today")

    monkeypatch.setattr(events, "disposition_recorded", [*events.disposition_recorded, fails])
    with pytest.raises(RuntimeError, match="no pay today"):
        close(routed, agent, in_hand, disposition)
    in_hand.refresh_from_db()
    assert (in_hand.state, in_hand.disposition, Act.objects.count()) == (Contact.State.ACTIVE, None, 0)


def test_the_agent_and_the_floor_hear_of_the_act(routed, agent, in_hand, card, disposition):
    close(routed, agent, in_hand, disposition)
    told = {event.topics[0]: event.payload for event in Event.objects.filter(kind="act.added")}
    assert told[f"agent:{agent.pk}"]["today"] == {"acts": 1, "cents": 240, "currency": "EUR"}
    assert told[f"floor:{in_hand.floor_id}"]["act"]["cents"] == 240


def test_what_closing_would_pay_is_what_it_pays(routed, agent, in_hand, card, disposition):
    assert queries.closing_pay(queue_id=in_hand.queue_id, at=routed.now) == {"": 240, str(disposition.pk): 240}
    assert queries.ranges(in_hand.operator_id, now=routed.now)[in_hand.queue_id]["max_cents"] == 240


def test_an_offer_says_what_the_queues_own_line_pays_and_not_the_general_one_beside_it(
    routed, in_hand, card, disposition
):
    RateFactory.create(card=card, label="toute file", amount_cents=310)

    told = queries.ranges(in_hand.operator_id, now=routed.now)[in_hand.queue_id]

    assert told["parts"] == [{"label": "acte", "cents": 190}, {"label": "langue", "cents": 50}]
    assert (told["min_cents"], told["max_cents"]) == (240, 240)
