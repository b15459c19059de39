"""What the house refuses to do, and why, in words for the person who asked.

A service raises one of these and nothing is changed. `answers` turns it into a page or into JSON; each context names
its own refusals as subclasses, with a `code` that programs read and a message that people read.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Refused(Exception):
    """The request is understood but cannot be done as things stand (409).

    `message` may hold `%(name)s` places, filled from the keyword arguments; `fields` says which inputs are wrong.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[Words] = _("This cannot be done now.")

    def __init__(
        self, message: Words | None = None, *, fields: Mapping[str, Words] | None = None, **values: Any
    ) -> None:
        super().__init__(message)
        self.said = message if message is not None else self.message
        self.fields = dict(fields or {})
        self.values = values

    def __str__(self) -> str:
        said = str(self.said)
        return said % self.values if self.values else said

    def as_json(self) -> dict[str, Any]:
        """What programs are answered: `{"error": {"code", "message", "fields"?}}`."""
        error: dict[str, Any] = {"code": self.code, "message": str(self)}
        if self.fields:
            error["fields"] = {name: str(why) for name, why in self.fields.items()}
        return {"error": error}


class Invalid(Refused):
    """The request itself is wrong: a field is missing, too long, or not what it should be (422)."""

    code = "invalid"
    status = 422
    message = _("Something in what you sent is not right.")


class NotSignedIn(Refused):
    """Nobody is signed in, or no longer (401)."""

    code = "not_signed_in"
    status = 401
    message = _("You are not signed in any more. Sign in, then try again.")


class Forbidden(Refused):
    """The person may not do this (403)."""

    code = "forbidden"
    status = 403
    message = _("You may not do this.")


class NotFound(Refused):
    """There is no such thing in the person's operator (404): what belongs to another operator is not there."""

    code = "not_found"
    status = 404
    message = _("There is no such thing here.")


class TooMany(Refused):
    """Too many requests from one side; `retry_after` is in seconds (429)."""

    code = "too_many"
    status = 429
    message = _("That was a lot at once. Try again in a moment.")

    def __init__(self, message: Words | None = None, *, retry_after: int = 10, **values: Any) -> None:
        super().__init__(message, **values)
        self.retry_after = retry_after


class TooLarge(Refused):
    """What was sent is larger than the house takes (413)."""

    code = "too_large"
    status = 413
    message = _("This is too large to be sent.")


class Busy(Refused):
    """The database could not be written in time; nothing was changed (503)."""

    code = "busy"
    status = 503
    message = _("The service is very busy. Nothing was changed; try again in a moment.")


class DiskFull(Refused):
    """The disk of the server is full; nothing was changed (507)."""

    code = "disk_full"
    status = 507
    message = _("The server's disk is full. Nothing was changed; tell whoever runs this service to free some space.")
