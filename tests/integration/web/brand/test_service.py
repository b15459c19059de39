"""What a brand's own people see."""

from datetime import timedelta

import pytest

from homeshore.contacts.models import Contact, Message
from homeshore.floor.service import level_of, service_of_brand
from homeshore.floor.tally import Tally
from tests.clock import MORNING
from tests.factories import BrandFactory, ContactFactory, MessageFactory, QueueFactory, brand_user
from tests.integration.web.brand.test_settings import signed_in


@pytest.fixture
def brand(db):
    return BrandFactory.create(name="Maison Lavande")


@pytest.fixture
def queue(brand):
    return QueueFactory.create(brand=brand, name="Discussion", target_seconds=60, target_percent=80)


@pytest.fixture
def person(brand, queue, clock):
    return signed_in(brand_user(brand, language="en"))


def answered(queue, *, after: int, **fields) -> Contact:
    arrived = fields.pop("arrived_at", MORNING - timedelta(hours=1))
    return ContactFactory.create(
        queue=queue,
        state=Contact.State.CLOSED,
        outcome="handled",
        arrived_at=arrived,
        answered_at=arrived + timedelta(seconds=after),
        answered_in_target=after <= queue.target_seconds,
        closed_at=arrived + timedelta(minutes=9),
        **fields,
    )


def left(queue, *, after: int) -> Contact:
    arrived = MORNING - timedelta(hours=1)
    return ContactFactory.create(
        queue=queue, state=Contact.State.CLOSED, outcome="abandoned", arrived_at=arrived,
        closed_at=arrived + timedelta(seconds=after),
    )  # fmt: skip


def test_the_service_level_counts_answers_in_time_among_answers_and_late_abandons_of_today(queue, clock):
    for after in (10, 20, 70):
        answered(queue, after=after)
    answered(queue, after=5, arrived_at=MORNING - timedelta(days=1))
    left(queue, after=30)
    left(queue, after=90)
    ContactFactory.create(queue=queue, arrived_at=MORNING - timedelta(minutes=2))
    answered(QueueFactory.create(brand__operator=queue.operator), after=1)
    [service] = service_of_brand(
        operator_id=queue.operator_id, brand_id=queue.brand_id, time_zone="Europe/Paris", now=MORNING
    )
    assert service.tally == Tally(arrived=5, answered=3, in_target=2, abandoned=2, abandoned_late=1)
    assert (service.level, service.is_low, service.came, service.waiting_now) == (50, True, 6, 1)


def test_an_answered_contact_counts_before_it_is_closed(queue, clock):
    ContactFactory.create(
        queue=queue, state=Contact.State.ACTIVE, arrived_at=MORNING - timedelta(minutes=1),
        answered_at=MORNING - timedelta(seconds=30), answered_in_target=True,
    )  # fmt: skip
    [service] = service_of_brand(
        operator_id=queue.operator_id, brand_id=queue.brand_id, time_zone="Europe/Paris", now=MORNING
    )
    assert service.level == 100


def test_a_promise_just_missed_is_not_shown_as_kept():
    assert level_of(Tally(answered=1000, in_target=799)) == 79
    assert level_of(Tally()) is None


def test_the_page_shows_the_brands_queues_and_the_notes_shared_with_it(person, brand, queue):
    answered(queue, after=10)
    contact = ContactFactory.create(queue=queue)
    note = {"conversation": contact.conversation, "contact": contact, "kind": Message.Kind.NOTE}
    MessageFactory.create(**note, audience="brand", body="La taille <b>M</b> est fausse", author_name="Inês")
    MessageFactory.create(**note, audience="operator", body="secret de l’opérateur", author_name="Inês")
    MessageFactory.create(conversation=contact.conversation, contact=contact, body="paroles du client")
    page = person.get("/brand/").content.decode()
    assert "100%" in page
    assert "La taille &lt;b&gt;M&lt;/b&gt; est fausse" in page
    assert "secret" not in page
    assert "paroles" not in page


def test_another_brand_of_the_same_operator_is_not_seen(person, brand):
    other = QueueFactory.create(brand__operator=brand.operator, brand__name="Rivale", name="File rivale")
    contact = ContactFactory.create(queue=other)
    MessageFactory.create(
        conversation=contact.conversation, contact=contact, kind=Message.Kind.NOTE, audience="brand", body="note rivale"
    )
    page = person.get("/brand/").content.decode()
    assert "rivale" not in page.lower()


def test_a_brand_user_changes_nothing(person, brand):
    for page in ("chat", "hours", "replies", "articles"):
        assert person.post(f"/brands/{brand.pk}/{page}/").status_code == 403


def test_a_long_history_of_notes_is_read_in_pages(person, queue):
    contact = ContactFactory.create(queue=queue)
    for number in range(31):
        MessageFactory.create(
            conversation=contact.conversation, contact=contact, kind=Message.Kind.NOTE, audience="brand",
            body=f"note numéro {number:02}",
        )  # fmt: skip
    first = person.get("/brand/")
    assert "note numéro 30" in first.content.decode()
    assert "note numéro 00" not in first.content.decode()
    assert "note numéro 00" in person.get(f"/brand/?before={first.context['older']}").content.decode()
