"""Where contacts stand, for a channel that must follow what becomes of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from homeshore.contacts.models import Assignment, Callback, Contact, Conversation, Offer
from homeshore.foundation import bulk


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is waiting, offered, active or closed; the agent is who was offered the contact, or who has it."""

    state: str
    outcome: str
    offer: str
    assignment: int | None
    agent: int | None
    called_back: bool = False
    """The customer asked to be called back: nobody need be on the line."""


@dataclass(frozen=True, slots=True)
class OpenContact:
    """The contact of a thread that is not closed."""

    id: int
    channel: str
    state: str
    arrived_at: datetime


def of_contacts(contact_ids: Iterable[int]) -> dict[int, Standing]:
    """Where each of these contacts stands, as of one moment when asked inside a snapshot or a locked contact."""
    ids = list(contact_ids)
    offers = {
        contact: (offer, agent)
        for contact, offer, agent in Offer.objects.filter(contact__in=ids, state=Offer.State.OPEN).values_list(
            "contact_id", "id", "agent_id"
        )
    }
    taken = {
        contact: (assignment, agent)
        for contact, assignment, agent in Assignment.objects.filter(
            contact__in=ids, state=Assignment.State.ACTIVE
        ).values_list("contact_id", "id", "agent_id")
    }
    called_back = callbacks_among(ids)
    found = {}
    for pk, state, outcome in Contact.objects.filter(pk__in=ids).values_list("id", "state", "outcome"):
        offer, offered_to = offers.get(pk, ("", None))
        assignment, agent = taken.get(pk, (None, None))
        plain = Contact.State.WAITING.value if state == Contact.State.SCHEDULED else str(state)
        found[pk] = Standing(
            plain, outcome, offer, assignment, agent if agent is not None else offered_to, pk in called_back
        )
    return found


def callbacks_among(contact_ids: Iterable[int]) -> set[int]:
    """Which of these contacts are answered by calling the customer back."""
    asked = Callback.objects.filter(contact__in=bulk.among(contact_ids), withdrawn_at__isnull=True)
    return set(asked.values_list("contact_id", flat=True))


@dataclass(frozen=True, slots=True)
class InHand:
    """What a channel must know of a contact in an agent's hands, to call its customer."""

    operator_id: int
    brand_id: int
    queue_id: int
    conversation_id: int
    channel: str


def facts_in_hand(*, agent_id: int, contact_id: int) -> InHand | None:
    """Of a contact that the agent answers now; None when it is not theirs (any more)."""
    active = Assignment.objects.filter(agent_id=agent_id, contact_id=contact_id, state=Assignment.State.ACTIVE)
    of_contact = [f"contact__{name}" for name in ("operator_id", "brand_id", "queue_id", "conversation_id", "channel")]
    found = active.values_list(*of_contact).first()
    return InHand(*found) if found else None


@dataclass(frozen=True, slots=True)
class CallbackAsked:
    """That a customer asked to be called back: on what number (empty: on the open page), when, and in which words."""

    number: str
    asked_at: datetime
    wording: str


def callback_of(contact_id: int) -> CallbackAsked | None:
    """How the customer of a contact asked to be called back; None when they did not, or called by themselves since."""
    found = Callback.objects.filter(contact_id=contact_id, withdrawn_at__isnull=True)
    told = found.values_list("number", "asked_at", "wording").first()
    return CallbackAsked(*told) if told else None


def customer_of_thread(*, brand_id: int, thread_channel: str, thread_key: str) -> int | None:
    """The customer whose conversation a thread is; None when nobody has spoken in it yet."""
    known = Conversation.objects.filter(brand_id=brand_id, channel=thread_channel, thread_key=thread_key)
    return known.values_list("customer_id", flat=True).first()


def open_contact(*, queue_id: int, thread_channel: str, thread_key: str) -> OpenContact | None:
    """The open contact of a thread of the queue's brand, whatever its channel; None when there is none."""
    found = (
        Contact.objects.filter(
            conversation__brand__queues=queue_id,
            conversation__channel=thread_channel,
            conversation__thread_key=thread_key,
        )
        .exclude(state=Contact.State.CLOSED)
        .values_list("id", "channel", "state", "arrived_at")
        .first()
    )
    return OpenContact(*found) if found else None


def floor_of(contact_id: int) -> int:
    """The floor that routes a contact."""
    return Contact.objects.values_list("floor_id", flat=True).get(pk=contact_id)
