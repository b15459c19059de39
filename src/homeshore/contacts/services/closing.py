"""How a contact ends."""

from datetime import datetime, timedelta

from homeshore.brands import queries as brands
from homeshore.contacts import events, facts
from homeshore.contacts.models import Assignment, Contact
from homeshore.contacts.refusals import DetailNeeded, DispositionNeeded, NotYours, UnknownDisposition
from homeshore.contacts.services.locking import lock_contact, lock_work
from homeshore.foundation.transactions import write
from homeshore.routing.inputs import AssignmentClosed, ContactCancelled, WrapUpEnded

PROBLEMS = {"unknown_disposition": UnknownDisposition, "needs_detail": DetailNeeded}


def close_contact(
    *, agent_id: int, contact_id: int, disposition_id: int | None, wrap_up: bool = True, now: datetime
) -> Assignment:
    """The agent closes a contact in hand, says how it ended, and wraps up unless told not to.

    What listens to `disposition_recorded` (pay) runs in the same transaction. Closing again what one has closed gives
    the same assignment. Raises NotYours, DispositionNeeded, UnknownDisposition, DetailNeeded.
    """
    with write():
        closed_before = Assignment.objects.filter(
            contact_id=contact_id,
            agent_id=agent_id,
            why="closed",
            contact__disposition_id=disposition_id,  # type: ignore[misc]  # None finds those without one
        ).first()
        if closed_before:
            return closed_before
        assignment = lock_work(agent_id=agent_id, contact_id=contact_id)
        contact = assignment.contact
        _check_disposition(contact, disposition_id, required=assignment.queue.disposition_required)
        wraps_up = wrap_up and assignment.queue.wrap_up_seconds > 0
        _handled(assignment, disposition_id=disposition_id, wraps_up=wraps_up, now=now)
    return assignment


def _handled(assignment: Assignment, *, disposition_id: int | None, wraps_up: bool, now: datetime) -> None:
    contact = assignment.contact
    contact.state, contact.outcome = Contact.State.CLOSED, Contact.Outcome.HANDLED
    contact.closed_at, contact.disposition_id = now, disposition_id
    contact.save(update_fields=["state", "outcome", "closed_at", "disposition"])
    leave_work(assignment, why="closed", wraps_up=wraps_up, now=now)
    for listener in events.disposition_recorded:
        listener(events.DispositionRecorded(contact.operator_id, contact, assignment, now))
    events.contact_changed(contact, agent_id=assignment.agent_id, at=now)
    events.customer_told(contact, at=now)


def end_wrap_up(*, agent_id: int, assignment_id: int, now: datetime) -> None:
    """The agent has finished wrapping up and is free again; once ended, nothing happens."""
    with write():
        assignment = Assignment.objects.select_related("contact__conversation").filter(pk=assignment_id).first()
        if assignment is None or assignment.agent_id != agent_id:
            raise NotYours
        ended = Assignment.objects.filter(pk=assignment_id, state=Assignment.State.WRAP_UP).update(
            state=Assignment.State.ENDED, ended_at=now
        )
        if ended:
            assignment.state, assignment.ended_at = Assignment.State.ENDED, now
            facts.tell(assignment.contact.floor_id, WrapUpEnded(assignment=assignment_id))
            events.work_ended(assignment, at=now)


def abandon_contact(*, contact_id: int, now: datetime) -> bool:
    """The customer left before anybody answered; False when the contact had been taken or closed meanwhile."""
    return _end_unanswered(contact_id, Contact.Outcome.ABANDONED, why="abandoned", now=now)


def cancel_contact(*, contact_id: int, why: str, now: datetime) -> bool:
    """The contact need not be answered (a duplicate, spam, a supervisor's decision); False when it was too late."""
    return _end_unanswered(contact_id, Contact.Outcome.CANCELLED, why=why, now=now)


def close_left_behind(*, contact_id: int, answered: bool, now: datetime) -> bool:
    """The customer has gone and no agent has the contact: it ends as handled when they had been answered, else as abandoned.

    False when an agent has it, or when it is closed.
    """
    outcome = Contact.Outcome.HANDLED if answered else Contact.Outcome.ABANDONED
    return _end_unanswered(contact_id, outcome, why="customer_gone", now=now)


def close_for_absent_agent(*, agent_id: int, contact_id: int, now: datetime) -> bool:
    """The customer has gone, and so has the agent who answered them: the contact ends as the agent's, without disposition.

    What listens to `disposition_recorded` (pay) runs as if they had closed it. False when it is not theirs any more.
    """
    with write():
        try:
            assignment = lock_work(agent_id=agent_id, contact_id=contact_id)
        except NotYours:
            return False
        _handled(assignment, disposition_id=None, wraps_up=False, now=now)
    return True


def _end_unanswered(contact_id: int, outcome: str, *, why: str, now: datetime) -> bool:
    with write():
        contact = lock_contact(contact_id)
        waiting = (Contact.State.SCHEDULED, Contact.State.WAITING, Contact.State.OFFERED)
        changed = Contact.objects.filter(pk=contact_id, state__in=waiting).update(
            state=Contact.State.CLOSED, outcome=outcome, closed_at=now
        )
        if changed:
            contact.state, contact.outcome, contact.closed_at = Contact.State.CLOSED, outcome, now
            facts.tell(contact.floor_id, ContactCancelled(contact=contact_id, why=why))
            events.contact_changed(contact, at=now)
            events.customer_told(contact, at=now)
    return bool(changed)


def _check_disposition(contact: Contact, disposition_id: int | None, *, required: bool) -> None:
    if disposition_id is None:
        if required:
            raise DispositionNeeded
        return
    problem = brands.disposition_problem(brand_id=contact.brand_id, disposition_id=disposition_id)
    if problem:
        raise PROBLEMS[problem]


def leave_work(assignment: Assignment, *, why: str, wraps_up: bool, now: datetime) -> None:
    """The agent's part in a contact is over but for its wrap-up; in the open transaction."""
    assignment.closed_at, assignment.why = now, why
    if wraps_up:
        assignment.state = Assignment.State.WRAP_UP
        assignment.wrap_up_until = now + timedelta(seconds=assignment.queue.wrap_up_seconds)
    else:
        assignment.state, assignment.ended_at = Assignment.State.ENDED, now
    assignment.save(update_fields=["closed_at", "why", "state", "wrap_up_until", "ended_at"])
    if wraps_up:
        events.work_changed(assignment, at=now)
    else:
        events.work_ended(assignment, at=now)
    facts.tell(assignment.contact.floor_id, AssignmentClosed(assignment=assignment.pk, wrap_up=wraps_up))
