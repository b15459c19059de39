"""What supervisors are told on their floors: that a mail was set aside, or one of ours not delivered, and how many wait.

Ids and counts only, no words.
"""

from datetime import datetime
from typing import Any

from homeshore.channels.email import queries
from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail
from homeshore.contacts.queries.floor import floors_of_operator
from homeshore.foundation import feed


def mail_set_aside(inbound: InboundMail, *, at: datetime) -> None:
    """A mail waits for a decision of a supervisor."""
    payload = {"mail": inbound.pk, "mailbox": inbound.mailbox_id, "queue": inbound.mailbox.queue_id, "why": inbound.why}
    _tell(inbound.mailbox, "mail.set_aside", payload, at)
    mails_waiting(inbound.operator_id, at=at)


def delivery_failed(outbound: OutboundMail, *, at: datetime) -> None:
    """A mail of ours did not arrive, or may not have."""
    message = outbound.message
    payload = {
        "mail": outbound.pk,
        "mailbox": outbound.mailbox_id,
        "queue": outbound.mailbox.queue_id,
        "contact": message.contact_id if message else None,
        "state": outbound.state,
    }
    _tell(outbound.mailbox, "delivery.failed", payload, at)
    mails_waiting(outbound.operator_id, at=at)


def mails_waiting(operator_id: int, *, at: datetime) -> None:
    """How many mails now wait for a supervisor: said whenever one comes to them, or has been dealt with."""
    counts = queries.counts(operator_id)
    payload = {"set_aside": counts["set_aside"], "undelivered": counts["failed"]}
    topics = [f"floor:{floor}" for floor in floors_of_operator(operator_id)]
    feed.record(operator_id=operator_id, topics=topics, kind="mail.waiting", payload=payload, at=at)


def _tell(mailbox: Mailbox, kind: str, payload: dict[str, Any], at: datetime) -> None:
    floor_id = mailbox.queue.on_floor.floor_id
    feed.record(operator_id=mailbox.operator_id, topics=[f"floor:{floor_id}"], kind=kind, payload=payload, at=at)
