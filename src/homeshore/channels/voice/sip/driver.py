"""The driver of calls from telephones. Like a customer's page, the telephone follows the call by itself (see `steps`)."""

from django.conf import settings

from homeshore.channels.voice.embedded.driver import EmbeddedDriver

NAME = "sip"


class SipDriver(EmbeddedDriver):
    """A telephone at one end, an agent's browser at the other, rtpengine between them."""

    name = NAME

    @property
    def tells_of_recording(self) -> bool:
        """Where no keys are heard nobody could refuse by one."""
        return settings.KEYS_LISTEN is not None
