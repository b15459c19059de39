"""A colleague is asked about a contact that stays with its agent: meanwhile nothing is offered to them."""

from datetime import datetime

from homeshore.contacts.models import Contact, Reservation
from homeshore.contacts.queries import taking
from homeshore.contacts.refusals import NotFreeToBeAsked
from homeshore.contacts.router import rules
from homeshore.contacts.services.locking import hold_presence
from homeshore.contacts.services.transfers import check_target
from homeshore.foundation.transactions import write


def reserve_agent(*, agent_id: int, contact_id: int, asked_by: int, now: datetime) -> Reservation:
    """Keep an agent free of offers while a colleague, `asked_by`, asks them about a contact; their voice is taken by it.

    Raises NowhereToTransfer when the contact could not be theirs (another floor), NotFreeToBeAsked when a call could not be
    offered to them now.
    """
    with write():
        check_target(Contact.objects.get(pk=contact_id), None, agent_id, agent_id=asked_by)
        hold_presence(agent_id)
        if taking.why_no_call(agent_id) is not None:
            raise NotFreeToBeAsked
        reserved = Reservation.objects.create(agent_id=agent_id, contact_id=contact_id, since=now)
        rules.agent_changed(agent_id)
    return reserved


def release_agent(*, agent_id: int) -> bool:
    """The colleague has been asked: contacts are offered to the agent again. False when they were not kept free."""
    with write():
        released, _ = Reservation.objects.filter(agent_id=agent_id).delete()
        if released:
            rules.agent_changed(agent_id)
    return bool(released)
