"""What contacts refuses, and why, in the words of the person who asked."""

from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Invalid, NotFound, Refused


class OfferGone(Refused):
    """The offer was answered, timed out or was taken back before this came."""

    code = "offer_gone"
    message = _("This offer is no longer open. Nothing is held against you.")


class AnsweredAlready(Refused):
    """Somebody answered the contest before."""

    code = "answered_already"
    message = _("This has just been answered by somebody else.")


class NotYours(NotFound):
    """The contact is not in the agent's hands (any more)."""

    code = "not_yours"
    message = _("This contact is not with you, or no longer.")


class NoAddressToConfirm(Refused):
    """No address was typed in the conversation, or it is confirmed already."""

    code = "no_address_to_confirm"
    message = _("There is no address to confirm here (any more).")


class NotWaiting(Refused):
    """The contact waits no more: somebody has it, or it is over."""

    code = "not_waiting"
    message = _("Somebody is just answering you, or the call is over.")


class NotACallback(Refused):
    """Nobody asked to be called back in this contact, or the customer has called by themselves."""

    code = "not_a_callback"
    message = _("This customer is not waiting to be called back (any more).")


class ContactMoved(Refused):
    """Somebody else changed the contact meanwhile."""

    code = "contact_moved"
    message = _("This contact has just been moved or closed by somebody else.")


class DispositionNeeded(Invalid):
    """The queue asks how the contact ended."""

    code = "disposition_needed"
    message = _("Say how this contact ended: its queue asks for it.")


class UnknownDisposition(Invalid):
    """Not one of this brand's dispositions."""

    code = "unknown_disposition"
    message = _("This way of ending a contact does not exist for this brand.")


class DetailNeeded(Invalid):
    """A disposition of the first level that has details."""

    code = "needs_detail"
    message = _("Choose the detail as well: this reason has several.")


class NotFreeToBeAsked(Refused):
    """A colleague is to be asked about a call who could not be given one now."""

    code = "not_free_to_be_asked"
    message = _("This colleague is busy or away just now. Choose another one, or ask again in a moment.")


class NotFreeToCall(Refused):
    """A call could not be offered to the agent now, so they do not place one either; `why` says what keeps them."""

    code = "not_free_to_call"
    message = _("You cannot call now: %(why)s")


class AlreadyInTouch(Refused):
    """The conversation with this customer has a contact that is not closed."""

    code = "already_in_touch"
    message = _("A contact with this customer is open already. Answer it, or wait until it is closed.")


class LiveContacts(Refused):
    """The agent wants to go offline in the middle of a live contact."""

    code = "live_contacts"
    message = _("%(count)d live contacts are with you. Close or transfer them before you go offline.")


class NowhereToTransfer(Invalid):
    """A transfer names a queue or an agent that cannot take the contact."""

    code = "cannot_transfer"
    message = _("The contact cannot go there: choose a queue or a colleague of the same floor.")


class EmptyMessage(Invalid):
    """Nothing to say."""

    code = "empty_message"
    message = _("Write something, or attach a file, before you send.")


class MessageTooLong(Invalid):
    """A text beyond what a conversation carries."""

    code = "message_too_long"
    message = _("The text is too long: at most %(limit)d characters. Send it as a file, or in parts.")


class CustomerInConversation(Refused):
    """Somebody is to be forgotten who is being answered, or waits to be."""

    code = "customer_in_conversation"
    message = _("A contact with this customer is still open: %(contacts)s. Close it first, then erase the customer.")


class FloorsWouldShare(Refused):
    """Floors were to be split so that an agent or an overflow would reach from one to another."""

    code = "floors_would_share"
    message = _("Missions or overflows have changed meanwhile: look at the groups again before splitting the floors.")
