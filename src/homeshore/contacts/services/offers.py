"""What an agent answers to an offer."""

from datetime import datetime

from homeshore.contacts import events, facts
from homeshore.contacts.models import Assignment, Contact, Offer
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.refusals import OfferGone
from homeshore.contacts.services.locking import hold_presence, lock_contact
from homeshore.foundation.errors import NotFound
from homeshore.foundation.transactions import write
from homeshore.routing.inputs import OfferAccepted, OfferDeclined


def accept_offer(*, agent_id: int, offer_id: str, now: datetime) -> Assignment:
    """The agent takes the contact. Accepting again what one has accepted gives the same assignment.

    Raises NotFound when the offer was not made to this agent, OfferGone when it is no longer open, has just run out, or
    its agent went offline in another window.
    """
    with write():
        offer = _own_offer(agent_id, offer_id)
        contact = lock_contact(offer.contact_id)
        taken = Offer.objects.filter(pk=offer.pk, state=Offer.State.OPEN, expires_at__gt=now).update(
            state=Offer.State.ACCEPTED, ended_at=now
        )
        if not taken:
            done = Assignment.objects.filter(offer_id=offer.pk).first()
            if done:
                return done
            raise OfferGone
        changed = Contact.objects.filter(pk=contact.pk, state=Contact.State.OFFERED).update(state=Contact.State.ACTIVE)
        presence = hold_presence(agent_id)
        if not changed or (presence and presence.state == PresenceState.OFFLINE):
            raise OfferGone
        offer.state, offer.ended_at = Offer.State.ACCEPTED, now
        contact.state = Contact.State.ACTIVE
        assignment = Assignment.objects.create(
            contact=contact, agent_id=agent_id, offer=offer, queue_id=offer.queue_id, opened_at=now
        )
        accepted = OfferAccepted(offer=offer.pk, contact=contact.pk, agent=agent_id, assignment=assignment.pk)
        facts.tell(offer.floor_id, accepted)
        events.offer_ended(offer, operator_id=contact.operator_id, at=now)
        events.work_opened(assignment, at=now)
        events.contact_changed(contact, agent_id=agent_id, at=now)
        events.customer_told(contact, agent_first_name=offer.agent.first_name, at=now)
    return assignment


def decline_offer(*, agent_id: int, offer_id: str, why: str = "", now: datetime) -> None:
    """The agent does not take the contact, which goes back to its place and costs them nothing."""
    with write():
        offer = _own_offer(agent_id, offer_id)
        contact = lock_contact(offer.contact_id)
        changed = Offer.objects.filter(pk=offer.pk, state=Offer.State.OPEN).update(
            state=Offer.State.DECLINED, ended_at=now, why=why[:60]
        )
        if not changed:
            if Offer.objects.filter(pk=offer.pk, state=Offer.State.DECLINED).exists():
                return
            raise OfferGone
        Contact.objects.filter(pk=contact.pk, state=Contact.State.OFFERED).update(state=Contact.State.WAITING)
        offer.state, offer.why, offer.ended_at = Offer.State.DECLINED, why[:60], now
        contact.refresh_from_db(fields=["state"])
        facts.tell(offer.floor_id, OfferDeclined(offer=offer.pk, why=why[:60]))
        events.offer_ended(offer, operator_id=contact.operator_id, at=now)
        events.contact_changed(contact, at=now)


def _own_offer(agent_id: int, offer_id: str) -> Offer:
    offer = Offer.objects.select_related("agent").filter(pk=offer_id, agent_id=agent_id).first()
    if offer is None:
        raise NotFound
    return offer
