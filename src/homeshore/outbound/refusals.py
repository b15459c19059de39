"""What the gate refuses, in words for the person who would call."""

from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import NotFound, Refused


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
