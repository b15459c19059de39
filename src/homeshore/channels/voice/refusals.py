"""What calls refuse, and why, in the words of whoever asked."""

from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import NotFound, Refused


class NoCalls(NotFound):
    """The brand has no queue for calls."""

    code = "no_calls"
    message = _("This brand takes no calls here. Write to it instead.")


class Closed(Refused):
    """The brand is closed."""

    code = "closed"
    message = _("We are closed now. Leave a message, or call again when we open.")


class WithAnAgent(Refused):
    """The customer's conversation is in an agent's hands already."""

    code = "with_an_agent"
    message = _("You are already talking with somebody of our team. Tell them that you would rather speak.")


class NoSuchCall(NotFound):
    """There is no such call, or it is not with the person who asks."""

    code = "no_such_call"
    message = _("This call is over, or not with you.")


class OnAnotherDevice(Refused):
    """The call is carried by another page of the same person."""

    code = "on_another_device"
    message = _("This call is going on in another window or on another device.")


class NotRecorded(Refused):
    """The call is not to be recorded: its queue records none or this one was not drawn, or its customer refused."""

    code = "not_recorded"
    message = _("This call is not recorded.")


class NothingToTell(Refused):
    """An agent says that they told their customer of recording or listening, and there is nothing (more) to tell."""

    code = "nothing_to_tell"
    message = _("There is nothing to tell your customer: nobody has answered yet, or you have told them already.")


class NotListenedTo(Refused):
    """The customer of a call was not told that somebody may listen."""

    code = "not_listened_to"
    message = _(
        "This customer has not been told that somebody may listen. "
        "An administrator allows listening on the page of the queue; it holds for the calls that come after."
    )


class AlreadyConsulting(Refused):
    """The agent is asking somebody already."""

    code = "already_consulting"
    message = _("You are already asking somebody about this call. End that consultation before you begin another one.")


class ConsultationMoved(Refused):
    """What somebody wants to do with who was asked about a call has no place any more, or not yet."""

    code = "consultation_moved"
    message = _("That cannot be done (any more): whoever you asked has left, or has not answered yet.")


class OwnNumber(Refused):
    """A number of the house is asked about a call."""

    code = "own_number"
    message = _(
        "This is a number of this house: it leads to a queue. Transfer the contact there, or consult a colleague."
    )


class NoTelephone(Refused):
    """No driver here can call a number."""

    code = "no_telephone"
    message = _("Homeshore is not connected to a telephone network here. Call with your own telephone.")


class NoNumberToShow(Refused):
    """The brand has no number of its own that a customer could be shown."""

    code = "no_number_to_show"
    message = _(
        "This brand has no telephone number to call from. An administrator adds one on the page of the numbers."
    )


class AlreadyCalling(Refused):
    """The agent has a call that goes on, or somebody is on the line in the contact."""

    code = "already_calling"
    message = _("A call is going on already. End it first.")


class OwnCall(Refused):
    """Somebody wants to listen to themselves."""

    code = "own_call"
    message = _("You are the agent of this call.")
