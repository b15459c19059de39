"""All writes of contacts: facts about customers, agents and their work. Decisions are the router's alone.

Each function is one transaction: it changes rows by conditional UPDATE, records the events that screens follow, and tells
the floor's router what became true.
"""

from homeshore.contacts.services.callbacks import (
    ask_callback,
    called_by_themselves,
    customer_not_reached,
    schedule_callback,
)
from homeshore.contacts.services.closing import (
    abandon_contact,
    cancel_contact,
    close_contact,
    close_for_absent_agent,
    close_left_behind,
    end_wrap_up,
)
from homeshore.contacts.services.contests import answer_contested_offer, contest_offer
from homeshore.contacts.services.floors import split_floors
from homeshore.contacts.services.forgetting import Forgotten, erase_customer
from homeshore.contacts.services.identity import confirm_address
from homeshore.contacts.services.messages import (
    mark_read,
    record_answer,
    record_delivery,
    say_as_system,
    send_message,
    write_note,
)
from homeshore.contacts.services.offers import accept_offer, decline_offer
from homeshore.contacts.services.outgoing import open_outgoing
from homeshore.contacts.services.presence import lapse_presences, renew_lease, set_presence
from homeshore.contacts.services.receiving import (
    CustomerFacts,
    NewAttachment,
    Received,
    arrive_contact,
    receive_message,
)
from homeshore.contacts.services.reservations import release_agent, reserve_agent
from homeshore.contacts.services.transfers import (
    Seen,
    assign_contact,
    hand_back,
    hand_over,
    requeue_contact,
    transfer_contact,
)

__all__ = [
    "CustomerFacts",
    "Forgotten",
    "NewAttachment",
    "Received",
    "Seen",
    "abandon_contact",
    "accept_offer",
    "answer_contested_offer",
    "arrive_contact",
    "ask_callback",
    "assign_contact",
    "called_by_themselves",
    "cancel_contact",
    "close_contact",
    "close_for_absent_agent",
    "close_left_behind",
    "confirm_address",
    "contest_offer",
    "customer_not_reached",
    "decline_offer",
    "end_wrap_up",
    "erase_customer",
    "hand_back",
    "hand_over",
    "lapse_presences",
    "mark_read",
    "open_outgoing",
    "receive_message",
    "record_answer",
    "record_delivery",
    "release_agent",
    "renew_lease",
    "requeue_contact",
    "reserve_agent",
    "say_as_system",
    "schedule_callback",
    "send_message",
    "set_presence",
    "split_floors",
    "transfer_contact",
    "write_note",
]
