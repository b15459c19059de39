"""What the gate refuses, in words for the person who would call."""

from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Invalid, NotFound, Refused


class NoSuchParty(NotFound):
    """There is no such number in the register, or it is not for the person who asks."""

    code = "no_such_party"
    message = _("There is no such number in the register.")


class MayNotCall(Refused):
    """A rule stands against the call; the message says which."""

    code = "may_not_call"
    message = _("This call may not be placed: %(why)s")


class NoSuchAttempt(NotFound):
    """There is no such attempt, or its result is known already."""

    code = "no_such_attempt"
    message = _("This attempt is not open any more.")


class NoSuchList(NotFound):
    """There is no such list in the person's operator."""

    code = "no_such_list"
    message = _("There is no such list.")


class ListIsOver(Refused):
    """A list that has ended is not changed any more."""

    code = "list_is_over"
    message = _("This list has ended. Make a new one.")


class NothingToCall(Refused):
    """Nobody on a list is to be called."""

    code = "nothing_to_call"
    message = _("Nobody on this list is to be called. Import people first.")


class NotInYourHands(NotFound):
    """The entry of a list is not with the agent (any more)."""

    code = "not_in_your_hands"
    message = _("Somebody else has taken this person meanwhile, or the list was paused.")


class MomentCannotBeKept(Invalid):
    """Somebody cannot be called back then."""

    code = "moment_cannot_be_kept"
    message = _("Choose a moment within the next ninety days.")
