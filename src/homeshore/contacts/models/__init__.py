from homeshore.contacts.models.callback import Callback
from homeshore.contacts.models.contest import ContestedOffer
from homeshore.contacts.models.conversation import Attachment, Contact, Conversation, Customer, Message
from homeshore.contacts.models.floor import (
    Checkpoint,
    Fact,
    Floor,
    FloorPolicy,
    JournalEntry,
    QueueOnFloor,
    Router,
)
from homeshore.contacts.models.study import Study
from homeshore.contacts.models.work import Assignment, Offer, Presence, PresenceSpan, Reservation

__all__ = [
    "Assignment",
    "Attachment",
    "Callback",
    "Checkpoint",
    "Contact",
    "ContestedOffer",
    "Conversation",
    "Customer",
    "Fact",
    "Floor",
    "FloorPolicy",
    "JournalEntry",
    "Message",
    "Offer",
    "Presence",
    "PresenceSpan",
    "QueueOnFloor",
    "Reservation",
    "Router",
    "Study",
]
