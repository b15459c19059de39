"""The telephone: between the trunk's edge (Kamailio), the sound (rtpengine) and the calls of the house.

`loop` hears, `guests` keeps who is on the telephone, `following` does what the house wants of each, `hearing` sees to it that
they are heard. Its calls outlive it: a telephone that starts at the same address takes them up.
"""

from homeshore.channels.voice.sip.telephone.loop import Telephone

__all__ = ["Telephone"]
