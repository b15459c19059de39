"""What the chat refuses, and why, in the visitor's words."""

from django.utils.translation import gettext_lazy as _

from homeshore.foundation.errors import Forbidden, Invalid, NotFound, Refused


class UnknownBrand(NotFound):
    """No brand's widget carries this key, or the brand has no chat."""

    code = "unknown_brand"
    message = _("No chat has the key “%(key)s”. Copy the script tag again from the brand's settings.")


class OriginNotAllowed(Forbidden):
    """A page on a site that the brand did not name."""

    code = "origin_not_allowed"
    message = _("The site %(origin)s may not carry this chat. Its operator can allow it in the brand's settings.")


class TokenRefused(Forbidden):
    """The visitor's token is false, too old, or of another brand: a new visit gets a new one."""

    code = "token_refused"
    message = _("This conversation can no longer be opened from here. Start a new one.")


class TextTooLong(Invalid):
    """More than a message may hold."""

    code = "text_too_long"
    message = _("Your message is too long: %(limit)d characters at most. Shorten it, or send it as a file.")


class Closed(Refused):
    """The brand is closed, and no conversation is going on."""

    code = "closed"
    message = _("We are closed now. Leave your message by e-mail, or come back when we open.")


class NothingSaid(Invalid):
    """Neither text nor file, or an answer by e-mail asked for without a question."""

    code = "nothing_said"
    message = _("Write something, or attach a file, before you send.")


class NoMail(Refused):
    """The brand does not answer by e-mail."""

    code = "no_mail"
    message = _("This brand does not answer by e-mail.")


class AlreadyTaken(Refused):
    """An agent took the chat just as the visitor wanted to leave the queue."""

    code = "already_taken"
    message = _("Somebody has just taken your chat and is about to answer you here.")
