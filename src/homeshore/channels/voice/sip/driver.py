"""The driver of calls from telephones. Like a customer's page, the telephone follows the call by itself (see `steps`)."""

from datetime import datetime

from homeshore.channels.voice.drivers import CallFacts
from homeshore.channels.voice.embedded.driver import EmbeddedDriver

NAME = "sip"


class SipDriver(EmbeddedDriver):
    """A telephone at one end, an agent's browser at the other, rtpengine between them."""

    name = NAME

    def record(self, call: CallFacts, on: bool, *, now: datetime) -> None:
        """Raises NotImplementedError: recording by rtpengine is not built yet."""
        raise NotImplementedError("The telephone does not record yet.")
