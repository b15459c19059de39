"""An agent calls a customer by themselves: the contact is theirs from its first moment."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from homeshore.brands import queries as brands
from homeshore.contacts.models import Contact
from homeshore.contacts.queries import taking
from homeshore.contacts.queries.taking import Hindrance
from homeshore.contacts.refusals import AlreadyInTouch, NotFreeToCall
from homeshore.contacts.services.locking import hold_presence
from homeshore.contacts.services.receiving import CustomerFacts, new_contact, thread_of
from homeshore.contacts.services.transfers import give
from homeshore.foundation.errors import NotFound
from homeshore.foundation.transactions import write
from homeshore.missions import queries as missions

WHY_NOT = {
    Hindrance.AWAY: _("choose “ready” first."),
    Hindrance.LINE: _("calls are not for you, or your line is too weak for them just now."),
    Hindrance.CONSULTED: _("a colleague is asking you about a call."),
    Hindrance.OFFER: _("a contact is being offered to you; answer that first."),
    Hindrance.CALL: _("finish your call and its wrap-up first."),
    Hindrance.CHAT: _("finish your chats first."),
    Hindrance.WORK: _("finish what you have in hand first."),
}


def open_outgoing(*, agent_id: int, queue_id: int, thread_key: str, customer: CustomerFacts, now: datetime) -> Contact:
    """A contact that the agent begins, in one of their queues: theirs at once, without an offer; routing counts it as work of theirs.

    Raises NotFound for a queue that is none of theirs, NotFreeToCall when a call could not be offered to them now, AlreadyInTouch.
    """
    if queue_id not in missions.queues_of_agent(agent_id):
        raise NotFound
    queue = brands.receiving_queue(queue_id)
    with write():
        hold_presence(agent_id)
        if hindrance := taking.why_no_call(agent_id):
            raise NotFreeToCall(why=WHY_NOT[hindrance])
        conversation = thread_of(queue, thread_key, customer, now=now)
        if Contact.objects.filter(conversation=conversation).exclude(state=Contact.State.CLOSED).exists():
            raise AlreadyInTouch
        contact = new_contact(
            conversation,
            queue,
            arrived_at=now,
            due_at=now,
            preferred_agent_id=None,
            direction=Contact.Direction.OUTBOUND,
        )
        give(contact, agent_id, now=now)
    return contact
