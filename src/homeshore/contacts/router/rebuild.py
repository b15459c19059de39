"""A floor from its tables: what a new owner of it tells a fresh core.

These inputs are journaled like all others, so that a replay may start at any change of owner. Contacts and offers come
before presences: nobody is ready yet, so nothing is offered while the picture is being laid.
"""

from collections.abc import Iterator

from homeshore.contacts.models import Assignment, Contact, Offer, Presence
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.router.rules import agents_of_floor, queues_of_floor
from homeshore.routing.inputs import (
    AgentSet,
    AssignmentClosed,
    AssignmentOpened,
    ContactArrived,
    Input,
    OfferStanding,
    PolicySet,
    PresenceLapsed,
    PresenceSet,
    QueueSet,
)
from homeshore.routing.policy import Policy
from homeshore.values.clock import to_milliseconds


def inputs_from_tables(floor_id: int) -> Iterator[Input]:
    """All that a core must be told to stand where the database stands."""
    yield PolicySet(Policy())
    for queue in queues_of_floor(floor_id):
        yield QueueSet(queue)
    agents = agents_of_floor(floor_id)
    for agent in agents:
        yield AgentSet(agent)
    yield from _contacts(floor_id)
    yield from _assignments(floor_id)
    yield from _offers(floor_id)
    yield from _presences([agent.id for agent in agents])


def _contacts(floor_id: int) -> Iterator[Input]:
    waiting = Contact.objects.filter(floor_id=floor_id, state__in=(Contact.State.WAITING, Contact.State.OFFERED))
    for contact in waiting.order_by("arrived_at", "id").iterator():
        yield ContactArrived(
            contact=contact.pk,
            queue=contact.queue_id,
            arrived_at=to_milliseconds(contact.arrived_at),
            priority=contact.priority,
            due_at=to_milliseconds(contact.due_at),
        )


def _assignments(floor_id: int) -> Iterator[Input]:
    current = Assignment.objects.filter(contact__floor_id=floor_id).exclude(state=Assignment.State.ENDED)
    for assignment in current.order_by("id").iterator():
        yield AssignmentOpened(
            assignment=assignment.pk,
            contact=assignment.contact_id,
            agent=assignment.agent_id,
            queue=assignment.queue_id,
        )
        if assignment.state == Assignment.State.WRAP_UP:
            yield AssignmentClosed(assignment=assignment.pk, wrap_up=True)


def _offers(floor_id: int) -> Iterator[Input]:
    for offer in Offer.objects.filter(floor_id=floor_id, state=Offer.State.OPEN).order_by("id").iterator():
        yield OfferStanding(
            offer=offer.pk,
            contact=offer.contact_id,
            agent=offer.agent_id,
            queue=offer.queue_id,
            offered_at=to_milliseconds(offer.offered_at),
            expires_at=to_milliseconds(offer.expires_at),
        )


def _presences(agent_ids: list[int]) -> Iterator[Input]:
    here = Presence.objects.filter(agent_id__in=agent_ids).exclude(state=PresenceState.OFFLINE)
    for presence in here.order_by("since", "agent_id").iterator():
        yield PresenceSet(presence.agent_id, presence.state == PresenceState.READY, presence.reason)
        if presence.line_lost_at is not None:
            yield PresenceLapsed(presence.agent_id)
