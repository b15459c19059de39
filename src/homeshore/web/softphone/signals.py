"""What one page of a call says to another, as requests bring it."""

from typing import Any

from django.http import HttpRequest

from homeshore.channels.voice.embedded.ends import KINDS, SIGNAL_BYTES
from homeshore.foundation.errors import Invalid, TooLarge
from homeshore.web.asked import fields_of, number, text


def signal_of(request: HttpRequest) -> dict[str, Any]:
    """What a page says to another: `round`, `kind` and `body`. Raises TooLarge, Invalid."""
    if len(request.body) > SIGNAL_BYTES:
        raise TooLarge
    asked = fields_of(request)
    kind = text(asked, "kind")
    if kind not in KINDS:
        raise Invalid(fields={"kind": ", ".join(KINDS)})
    return {"round": number(asked, "round", needed=True) or 0, "kind": kind, "body": asked.get("body")}
