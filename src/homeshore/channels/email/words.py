"""Why a mail was set aside, in words for whoever decides about it."""

from django.utils.translation import gettext as _

from homeshore.channels.email.parsing import Why
from homeshore.foundation.sizes import size_in_words


def why_in_words(why: str, detail: str) -> str:
    """One sentence: the reason, with what was found."""
    sentences = {
        Why.EMPTY: _("The mail is empty."),
        Why.NO_SENDER: _("The mail names no sender."),
        Why.TOO_MANY_PARTS: _("The mail has too many parts, or too many inside one another."),
        Why.BROKEN: _("The mail is so broken that it cannot be read (%(detail)s)."),
        Why.TOO_LARGE: _("The mail is too large to be read (%(size)s)."),
        Why.LOOP: _("Programs seem to be answering each other: too many mails came from %(detail)s."),
        Why.REFUSED: _("The mail could not become a message: %(detail)s"),
    }
    sentence = sentences.get(Why(why)) if why in set(Why) else None
    if sentence is None:
        return detail or why
    return sentence % {"detail": detail, "size": size_in_words(int(detail)) if detail.isdigit() else detail}
