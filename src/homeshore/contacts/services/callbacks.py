"""Customers who are called back: asked for in the line, promised for a moment, tried again, taken back."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from homeshore.brands import queries as brands
from homeshore.contacts import callbacks, events, facts
from homeshore.contacts.models import Assignment, Callback, Contact
from homeshore.contacts.models.conversation import Conversation
from homeshore.contacts.refusals import NotACallback, NotWaiting
from homeshore.contacts.services.locking import lock_contact, lock_work
from homeshore.contacts.services.receiving import CustomerFacts, bring_forward, new_contact, thread_of
from homeshore.foundation.errors import Invalid
from homeshore.foundation.transactions import write
from homeshore.routing.inputs import AssignmentClosed, ContactScheduled
from homeshore.values.clock import to_milliseconds

NOT_REACHED = "not_reached"
_PROBLEMS = {
    "past": _("This moment is past."),
    "too_far": _("A callback can be promised for the next thirty days."),
    "closed": _("We are closed then. Choose a moment within the opening hours."),
}
UNANSWERED = (Contact.State.WAITING, Contact.State.OFFERED)


def ask_callback(*, contact_id: int, number: str, wording: str, now: datetime) -> Callback:
    """Who waits in the line asks to be called back when their turn comes: the contact keeps its place. Asked twice is once.

    Raises NotWaiting when an agent has the contact, or when it is over.
    """
    with write():
        contact = lock_contact(contact_id)
        if contact.state not in UNANSWERED:
            raise NotWaiting
        callback, __ = Callback.objects.update_or_create(
            contact=contact,
            defaults={
                "asked_by": Callback.AskedBy.CUSTOMER,
                "agent": None,
                "asked_at": now,
                "wording": wording,
                "number": number,
                "withdrawn_at": None,
            },
        )
        _announce(contact, callback, now=now)
    return callback


def schedule_callback(
    *,
    queue_id: int,
    thread_key: str,
    customer: CustomerFacts,
    wanted_at: datetime,
    number: str,
    wording: str,
    agent_id: int | None = None,
    with_agent: bool = False,
    now: datetime,
) -> Contact:
    """A callback promised for a moment within opening hours, by an agent (`agent_id`) or asked for by the customer.

    It is a contact of its own, in a thread of its own (`thread_key`), scheduled until then; `with_agent` brings it to
    that agent if they are there. Asked twice under one key it is one. Raises Invalid for a moment that cannot be kept.
    """
    queue = brands.receiving_queue(queue_id)
    problem = callbacks.problem_with(wanted_at, now, lambda at: _opening(queue.brand_id, at))
    if problem:
        raise Invalid(fields={"wanted_at": _PROBLEMS[problem]})
    with write():
        conversation: Conversation = thread_of(queue, thread_key, customer, now=now)
        known = Contact.objects.filter(conversation=conversation).exclude(state=Contact.State.CLOSED).first()
        if known:
            return known
        contact = new_contact(
            conversation,
            queue,
            state=Contact.State.SCHEDULED,
            arrived_at=wanted_at,
            due_at=wanted_at,
            preferred_agent_id=agent_id if with_agent else None,
        )
        callback = Callback.objects.create(
            contact=contact,
            asked_by=Callback.AskedBy.AGENT if agent_id else Callback.AskedBy.CUSTOMER,
            agent_id=agent_id,
            asked_at=now,
            wording=wording,
            number=number,
            wanted_at=wanted_at,
        )
        _tell_scheduled(contact, assignment_id=None)
        _announce(contact, callback, now=now)
    return contact


def customer_not_reached(*, agent_id: int, contact_id: int, now: datetime) -> datetime | None:
    """The agent tried and nobody answered: when it will be tried again, None when that was the last time.

    It is tried again after a quarter of an hour, then after two hours, each within opening hours; after the third
    attempt the contact is closed. Raises NotYours, NotACallback.
    """
    with write():
        assignment = lock_work(agent_id=agent_id, contact_id=contact_id)
        contact = assignment.contact
        callback = Callback.objects.select_for_update().filter(contact=contact, withdrawn_at__isnull=True).first()
        if callback is None:
            raise NotACallback
        callback.attempts, callback.last_attempt_at = callback.attempts + 1, now
        callback.save(update_fields=["attempts", "last_attempt_at"])
        again = callbacks.next_attempt(callback.attempts, now, lambda at: _opening(contact.brand_id, at))
        assignment.state, assignment.why = Assignment.State.ENDED, NOT_REACHED
        assignment.closed_at = assignment.ended_at = now
        assignment.save(update_fields=["state", "why", "closed_at", "ended_at"])
        if again is None:
            contact.state, contact.outcome, contact.closed_at = Contact.State.CLOSED, Contact.Outcome.CANCELLED, now
            contact.save(update_fields=["state", "outcome", "closed_at"])
            facts.tell(contact.floor_id, AssignmentClosed(assignment=assignment.pk, wrap_up=False))
        else:
            contact.state, contact.arrived_at, contact.due_at = Contact.State.SCHEDULED, again, again
            contact.preferred_agent_id = None
            contact.save(update_fields=["state", "arrived_at", "due_at", "preferred_agent"])
            _tell_scheduled(contact, assignment_id=assignment.pk)
        events.work_ended(assignment, at=now)
        _announce(contact, callback, now=now)
    return again


def called_by_themselves(*, contact_id: int, now: datetime) -> None:
    """The customer calls before they were called back: the call is answered as any other, at its place.

    What an agent has taken to call them back stays a callback: the customer's call is how they are reached.
    """
    with write():
        contact = lock_contact(contact_id)
        if contact.state in (*UNANSWERED, Contact.State.SCHEDULED):
            callback = Callback.objects.filter(contact=contact, withdrawn_at__isnull=True).first()
            if callback:
                callback.withdrawn_at = now
                callback.save(update_fields=["withdrawn_at"])
                events.callback_changed(contact, callback, at=now)
        bring_forward(contact, now=now)


def _announce(contact: Contact, callback: Callback, *, now: datetime) -> None:
    events.contact_changed(contact, at=now)
    events.callback_changed(contact, callback, at=now)
    events.customer_told(contact, at=now)


def _tell_scheduled(contact: Contact, *, assignment_id: int | None) -> None:
    moment = to_milliseconds(contact.arrived_at)
    scheduled = ContactScheduled(
        contact=contact.pk,
        queue=contact.queue_id,
        at=moment,
        arrived_at=moment,
        priority=contact.priority,
        preferred_agent=contact.preferred_agent_id,
        assignment=assignment_id,
    )
    facts.tell(contact.floor_id, scheduled)


def _opening(brand_id: int, at: datetime) -> datetime | None:
    opening = brands.openings([brand_id], at=at)[brand_id]
    return at if opening.is_open else opening.opens_at
