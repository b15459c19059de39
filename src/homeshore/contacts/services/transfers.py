"""A contact changes hands: by its agent, or by a supervisor."""

from dataclasses import dataclass
from datetime import datetime

from homeshore.brands import queries as brands
from homeshore.contacts import events, facts
from homeshore.contacts.due import due_at
from homeshore.contacts.floors import floor_of_agent, floor_of_queue, hold_floor_of_queue
from homeshore.contacts.models import Assignment, Contact, Message
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.queries.policies import policy_of_floor
from homeshore.contacts.refusals import ContactMoved, MessageTooLong, NotYours, NowhereToTransfer
from homeshore.contacts.services.closing import leave_work
from homeshore.contacts.services.locking import hold_presence, lock_contact, lock_work
from homeshore.contacts.services.messages import BODY_LIMIT
from homeshore.foundation.audit import record as record_audit
from homeshore.foundation.errors import NotFound
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.people import queries as people
from homeshore.routing.inputs import (
    AssignmentClosed,
    AssignmentOpened,
    AssignmentRequeued,
    ContactArrived,
    ContactCancelled,
    ContactScheduled,
)
from homeshore.values.clock import to_milliseconds


def transfer_contact(
    *,
    agent_id: int,
    contact_id: int,
    to_queue_id: int | None = None,
    to_agent_id: int | None = None,
    note: str = "",
    now: datetime,
) -> None:
    """The agent hands a contact to a queue, or to a colleague by way of its queue, with a note for whoever takes it.

    The contact keeps its arrival, so it is not last again. Raises NotYours, NowhereToTransfer, MessageTooLong.
    """
    if len(note) > BODY_LIMIT:
        raise MessageTooLong(limit=BODY_LIMIT)
    with write():
        assignment = lock_work(agent_id=agent_id, contact_id=contact_id)
        contact = assignment.contact
        check_target(contact, to_queue_id, to_agent_id, agent_id=agent_id)
        _note(assignment, note, now=now)
        wait_again(
            assignment, queue_id=to_queue_id or contact.queue_id, why="transferred", preferred=to_agent_id, now=now
        )


def hand_over(*, agent_id: int, contact_id: int, to_agent_id: int, note: str = "", now: datetime) -> Assignment:
    """The agent gives a contact to a colleague who said yes: theirs at once, without an offer. The agent wraps up their part.

    Answers the colleague's assignment. Raises NotYours, NowhereToTransfer, also for a colleague who has gone meanwhile.
    """
    with write():
        assignment = lock_work(agent_id=agent_id, contact_id=contact_id)
        contact = assignment.contact
        check_target(contact, None, to_agent_id, agent_id=agent_id)
        presence = hold_presence(to_agent_id)
        if presence is None or presence.state == PresenceState.OFFLINE:
            raise NowhereToTransfer
        _note(assignment, note, now=now)
        wraps_up = assignment.queue.wrap_up_seconds > 0
        leave_work(assignment, why="handed_over", wraps_up=wraps_up, now=now)
        return give(contact, to_agent_id, now=now)


def _note(assignment: Assignment, note: str, *, now: datetime) -> None:
    """What the agent says to whoever has the contact next, kept beside the thread."""
    if not note.strip():
        return
    contact = assignment.contact
    noted = Message.objects.create(
        conversation_id=contact.conversation_id,
        contact=contact,
        kind=Message.Kind.NOTE,
        audience=Message.Audience.OPERATOR,
        author_id=assignment.agent.user_id,
        author_name=str(assignment.agent),
        body=note,
        client_id=f"transfer:{assignment.pk}",
        at=now,
    )
    events.message_added(noted, operator_id=contact.operator_id, agent_id=assignment.agent_id, at=now)


def hand_back(*, agent_id: int, contact_id: int, why: str, now: datetime) -> bool:
    """A channel lost the agent in the middle: the contact waits again at its old place. False when it was not theirs."""
    with write():
        try:
            assignment = lock_work(agent_id=agent_id, contact_id=contact_id)
        except NotYours:
            return False
        wait_again(assignment, queue_id=assignment.contact.queue_id, why=why, preferred=None, now=now)
    return True


@dataclass(frozen=True, slots=True)
class Seen:
    """With whom a supervisor saw a contact when they decided; None for nobody."""

    agent_id: int | None


def requeue_contact(
    *, contact_id: int, by: User, queue_id: int | None = None, seen: Seen | None = None, now: datetime
) -> None:
    """A supervisor sends a contact back to its queue or to another one, at its old place; also out of an agent's hands.

    Raises ContactMoved when it was closed meanwhile or is no longer with whom it was seen, NowhereToTransfer for a
    queue of another floor.
    """
    with write():
        contact = _open(contact_id)
        check_target(contact, queue_id, None, agent_id=None)
        queue_id = queue_id or contact.queue_id
        active = _as_seen(_active(contact), seen)
        if active:
            wait_again(active, queue_id=queue_id, why="requeued", preferred=None, now=now)
        elif queue_id != contact.queue_id:
            move_waiting(contact, queue_id, now=now)
        record_audit(
            operator_id=contact.operator_id, actor=by, verb="contact.requeued", target=contact.reference, at=now
        )


def assign_contact(*, contact_id: int, agent_id: int, by: User, seen: Seen | None = None, now: datetime) -> Assignment:
    """A supervisor gives a contact to an agent, or takes it: without an offer, whoever waits or works on it.

    Of two supervisors who decide at once on what both saw, the second is told. Raises ContactMoved when it was closed
    meanwhile or is no longer with whom it was seen, NowhereToTransfer for an agent of another floor.
    """
    with write():
        contact = _open(contact_id)
        check_target(contact, None, agent_id, agent_id=None)
        active = _active(contact)
        if active and active.agent_id == agent_id:
            return active
        _as_seen(active, seen)
        if active:
            _end(active, why="reassigned", now=now)
            facts.tell(contact.floor_id, AssignmentClosed(assignment=active.pk, wrap_up=False))
        assignment = give(contact, agent_id, now=now)
        record_audit(
            operator_id=contact.operator_id,
            actor=by,
            verb="contact.assigned",
            target=contact.reference,
            data={"agent": agent_id},
            at=now,
        )
    return assignment


def give(contact: Contact, agent_id: int, *, now: datetime) -> Assignment:
    """The contact is this agent's without an offer; in the open transaction."""
    Contact.objects.filter(pk=contact.pk).update(state=Contact.State.ACTIVE)
    contact.state = Contact.State.ACTIVE
    assignment = Assignment.objects.create(contact=contact, agent_id=agent_id, queue_id=contact.queue_id, opened_at=now)
    opened = AssignmentOpened(assignment=assignment.pk, contact=contact.pk, agent=agent_id, queue=contact.queue_id)
    facts.tell(contact.floor_id, opened)
    events.work_opened(assignment, at=now)
    events.contact_changed(contact, agent_id=agent_id, at=now)
    events.customer_told(contact, agent_first_name=people.agent(agent_id).first_name, at=now)
    return assignment


def _open(contact_id: int) -> Contact:
    try:
        contact = lock_contact(contact_id)
    except Contact.DoesNotExist:
        raise NotFound from None
    if contact.state == Contact.State.CLOSED:
        raise ContactMoved
    return contact


def _active(contact: Contact) -> Assignment | None:
    found = Assignment.objects.filter(contact=contact, state=Assignment.State.ACTIVE).select_related("agent", "queue")
    active = found.first()
    if active:
        active.contact = contact
    return active


def _as_seen(active: Assignment | None, seen: Seen | None) -> Assignment | None:
    """The active assignment. Raises ContactMoved when it is not what a supervisor saw."""
    if seen is not None and seen.agent_id != (active.agent_id if active else None):
        raise ContactMoved
    return active


def check_target(contact: Contact, queue_id: int | None, to_agent_id: int | None, *, agent_id: int | None) -> None:
    """Raises NowhereToTransfer when the contact cannot go to this queue or this agent from the hands of `agent_id`."""
    if queue_id is not None:
        known = {queue.id: queue for queue in brands.queues_of_operator(contact.operator_id)}
        queue = known.get(queue_id)
        same = queue and queue.active and queue.channel == contact.channel and queue.brand_id == contact.brand_id
        if not same or floor_of_queue(queue_id) != contact.floor_id:
            raise NowhereToTransfer
    if to_agent_id is not None:
        colleague = next((one for one in people.agents_of_operator(contact.operator_id) if one.id == to_agent_id), None)
        gone = colleague is None or not colleague.active or to_agent_id == agent_id
        if gone or floor_of_agent(to_agent_id) != contact.floor_id:
            raise NowhereToTransfer


def _end(assignment: Assignment, *, why: str, now: datetime) -> None:
    assignment.state, assignment.why = Assignment.State.ENDED, why
    assignment.closed_at = assignment.ended_at = now
    assignment.save(update_fields=["state", "why", "closed_at", "ended_at"])
    events.work_ended(assignment, at=now)


def wait_again(assignment: Assignment, *, queue_id: int, why: str, preferred: int | None, now: datetime) -> None:
    """The assignment ends and its contact waits, with the place that its arrival gives it; in the open transaction."""
    contact = assignment.contact
    _end(assignment, why=why, now=now)
    _place(contact, queue_id, preferred=preferred)
    requeued = AssignmentRequeued(
        assignment=assignment.pk,
        contact=contact.pk,
        queue=queue_id,
        arrived_at=to_milliseconds(contact.arrived_at),
        due_at=to_milliseconds(contact.due_at),
        priority=contact.priority,
        preferred_agent=preferred,
        not_agents=() if preferred == assignment.agent_id else (assignment.agent_id,),
    )
    facts.tell(contact.floor_id, requeued)
    events.contact_changed(contact, at=now)
    events.customer_told(contact, at=now)


def move_waiting(contact: Contact, queue_id: int, *, now: datetime) -> None:
    """A contact that no agent holds waits in another queue, with the place its arrival gives it, or is scheduled there.

    In the open transaction. To another floor goes only what is offered to nobody: its offer would be left behind.
    """
    before, contact.floor_id = contact.floor_id, hold_floor_of_queue(queue_id)
    arrived_at = to_milliseconds(contact.arrived_at)
    again: ContactScheduled | ContactArrived
    if contact.state == Contact.State.SCHEDULED:
        contact.queue_id = queue_id
        contact.save(update_fields=["queue", "floor"])
        again = ContactScheduled(contact.pk, queue_id, arrived_at, arrived_at, priority=contact.priority)
    else:
        _place(contact, queue_id, preferred=None)
        again = ContactArrived(contact.pk, queue_id, arrived_at, contact.priority, to_milliseconds(contact.due_at))
    facts.tell(before, ContactCancelled(contact=contact.pk, why="moved"))
    facts.tell(contact.floor_id, again)
    events.contact_changed(contact, at=now)


def _place(contact: Contact, queue_id: int, *, preferred: int | None) -> None:
    """Put the contact in a queue, waiting, due by its arrival and that queue's target."""
    queue = brands.queue_rules(queue_id)
    contact.queue_id, contact.state = queue_id, Contact.State.WAITING
    policy = policy_of_floor(contact.floor_id)
    contact.due_at = due_at(queue, arrived_at=contact.arrived_at, priority=contact.priority, policy=policy)
    contact.preferred_agent_id = preferred
    contact.save(update_fields=["queue", "floor", "state", "due_at", "preferred_agent"])
