"""Where lists and the people on them stand, in words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeshore.outbound.lists.course import Skip, State
from homeshore.outbound.lists.making import DOUBLE
from homeshore.outbound.words import STOPPED

LIST_STATES: dict[str, Promise] = {
    "draft": _("not started"),
    "running": _("running"),
    "paused": _("paused"),
    "ended": _("ended"),
}
STATES: dict[State, Promise] = {
    State.TO_CALL: _("to be called"),
    State.PREVIEWED: _("an agent reads about them"),
    State.CALLED: _("being called"),
    State.REACHED: _("reached"),
    State.REFUSED: _("refused"),
    State.UNREACHED: _("not reached"),
    State.STOPPED: _("stopped by a rule"),
    State.SKIPPED: _("skipped"),
    State.APART: _("kept apart"),
    State.ERASED: _("erased"),
}
SKIPS: dict[Skip, Promise] = {
    Skip.LATER: _("not now"),
    Skip.KNOWN: _("the agent knows them"),
    Skip.USELESS: _("of no use to call"),
}
KINDS: dict[str, Promise] = {
    "called": _("called"),
    "skipped": _("skipped"),
    "stopped": _("stopped by a rule"),
}
WHY: dict[str, Promise] = {
    **STOPPED,
    **{skip.value: said for skip, said in SKIPS.items()},
    DOUBLE: _("on the list already"),
}


def why_in_words(codes: Iterable[str]) -> str:
    """Codes of rules, of a skip, or of what keeps apart, in a few words."""
    return ", ".join(str(WHY[code]) for code in codes)
