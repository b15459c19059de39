"""Who a conversation is with: an address that somebody typed is theirs once they answered from it, or an agent vouched for it.

Until then it stands on the conversation alone, and the customer who has that address stays out of sight: whoever types
another person's address learns nothing of them, nor does the agent show it by mistake.
"""

from datetime import datetime

from homeshore.contacts import events
from homeshore.contacts.models import Assignment, Conversation, Customer
from homeshore.contacts.refusals import NoAddressToConfirm
from homeshore.contacts.services.locking import lock_work
from homeshore.foundation import audit
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write


def confirm_address(*, agent_id: int, contact_id: int, by: User, now: datetime) -> None:
    """The agent has made sure that the address typed is the customer's: the conversation joins who has it. On record.

    Raises NotYours when the agent does not have the contact, NoAddressToConfirm when nothing waits to be confirmed.
    """
    with write():
        contact = lock_work(agent_id=agent_id, contact_id=contact_id).contact
        if not contact.conversation.unverified_email:
            raise NoAddressToConfirm
        before = contact.conversation.customer_id
        join_owner_of_address(contact.conversation, now=now)
        audit.record(
            operator_id=contact.operator_id,
            actor=by,
            verb="customer.address_confirmed",
            target=contact.reference,
            data={"was": before, "is": contact.conversation.customer_id},
            at=now,
        )


def join_owner_of_address(conversation: Conversation, *, now: datetime) -> None:
    """Inside a transaction, on a locked conversation: its customer is from now on the one who has the address.

    This conversation alone: whoever answers a mail has shown nothing of who wrote in the chat before it.
    """
    address, unknown = conversation.unverified_email, conversation.customer
    owner, _ = Customer.objects.get_or_create(
        brand_id=conversation.brand_id,
        email=address,
        defaults={
            "operator_id": conversation.operator_id,
            "name": unknown.name,
            "phone": unknown.phone,
            "language": unknown.language,
            "simulated": unknown.simulated,
            "created_at": now,
        },
    )
    conversation.customer, conversation.unverified_email = owner, ""
    conversation.save(update_fields=["customer", "unverified_email"])
    if not unknown.conversations.exists():
        unknown.delete()
    _show_to_agents(conversation, now=now)


def _show_to_agents(conversation: Conversation, *, now: datetime) -> None:
    """Whoever has a contact of the conversation sees at once whom they speak with, and what went before."""
    in_hand = Assignment.objects.filter(contact__conversation=conversation).exclude(state=Assignment.State.ENDED)
    for assignment in in_hand.select_related("contact__conversation__customer").order_by("id"):
        events.work_opened(assignment, at=now)
