"""Rows taken for a change: on PostgreSQL they are locked, on SQLite the one writer's turn is enough.

Always in the order conversation, contact, assignment, offer: no two services can wait for each other. A presence may be
held before any of them; whoever needs it after them does not wait for it (`hold_presence`).
"""

from django.db import connection

from homeshore.contacts.models import Assignment, Contact, Conversation, Presence
from homeshore.contacts.refusals import NotYours


def lock_conversation(conversation_id: int) -> Conversation:
    """The conversation, with its customer, held until the transaction ends."""
    return Conversation.objects.select_related("customer").select_for_update(of=("self",)).get(pk=conversation_id)


def lock_contact(contact_id: int) -> Contact:
    """The contact, with its conversation, held until the transaction ends; Contact.DoesNotExist when there is none."""
    return Contact.objects.select_related("conversation__customer").select_for_update(of=("self",)).get(pk=contact_id)


def lock_work(*, agent_id: int, contact_id: int) -> Assignment:
    """The agent's active assignment of a contact, contact and all, held; NotYours when they have none."""
    try:
        contact = lock_contact(contact_id)
    except Contact.DoesNotExist:
        raise NotYours from None
    assignment = (
        Assignment.objects.filter(contact=contact, agent_id=agent_id, state=Assignment.State.ACTIVE)
        .select_related("agent", "queue")
        .first()
    )
    if assignment is None:
        raise NotYours
    assignment.contact = contact
    return assignment


def hold_presence(agent_id: int) -> Presence | None:
    """The agent's presence, held; None when they have never said any.

    Raises OperationalError (503, and the desk tries again) while somebody changes it, who may be waiting for our contact.
    """
    return (
        Presence.objects.filter(agent_id=agent_id).select_for_update(nowait=connection.vendor == "postgresql").first()
    )


def active_agent(contact: Contact) -> int | None:
    """The id of the agent who has the contact, or None."""
    active = Assignment.objects.filter(contact=contact, state=Assignment.State.ACTIVE)
    return active.values_list("agent_id", flat=True).first()
