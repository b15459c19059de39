"""Pure: the words of SIP (RFC 3261). Datagrams and the time go in, datagrams and what they mean come out.

Messages are read and written by aiosipua; transactions and dialogs are ours, so that a dialog can outlive the process
that began it, and so that no test has to wait (see docs/explanation/adr/0017-sip-in-the-house.md).
"""

from homeshore.channels.voice.sip.signalling.dialogs import Address, Dialog
from homeshore.channels.voice.sip.signalling.digest import Account
from homeshore.channels.voice.sip.signalling.events import (
    Agreed,
    Answered,
    Cancelled,
    Confirmed,
    Ended,
    Event,
    Failed,
    Gone,
    HungUp,
    Invited,
    NotRegistered,
    ProxySeen,
    Refused,
    Registered,
    Reinvited,
    Rings,
    There,
)
from homeshore.channels.voice.sip.signalling.messages import Malformed
from homeshore.channels.voice.sip.signalling.resending import Send
from homeshore.channels.voice.sip.signalling.user_agent import UserAgent

__all__ = [
    "Account",
    "Address",
    "Agreed",
    "Answered",
    "Cancelled",
    "Confirmed",
    "Dialog",
    "Ended",
    "Event",
    "Failed",
    "Gone",
    "HungUp",
    "Invited",
    "Malformed",
    "NotRegistered",
    "ProxySeen",
    "Refused",
    "Registered",
    "Reinvited",
    "Rings",
    "Send",
    "There",
    "UserAgent",
]
