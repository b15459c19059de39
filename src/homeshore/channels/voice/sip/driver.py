"""The driver of calls from telephones. Like a customer's page, the telephone follows the call by itself (see `steps`)."""

from homeshore.channels.voice.embedded.driver import EmbeddedDriver

NAME = "sip"


class SipDriver(EmbeddedDriver):
    """A telephone at one end, an agent's browser at the other, rtpengine between them."""

    name = NAME
    tells_of_recording = False
