"""What supervisors are told on their floor: that a mail was set aside, or one of ours not delivered. Ids only, no words."""

from datetime import datetime
from typing import Any

from homeshore.channels.email.models import InboundMail, Mailbox, OutboundMail
from homeshore.foundation import feed


def mail_set_aside(inbound: InboundMail, *, at: datetime) -> None:
    """A mail waits for a decision of a supervisor."""
    payload = {"mail": inbound.pk, "mailbox": inbound.mailbox_id, "queue": inbound.mailbox.queue_id, "why": inbound.why}
    _tell(inbound.mailbox, "mail.set_aside", payload, at)


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


def _tell(mailbox: Mailbox, kind: str, payload: dict[str, Any], at: datetime) -> None:
    floor_id = mailbox.queue.on_floor.floor_id
    feed.record(operator_id=mailbox.operator_id, topics=[f"floor:{floor_id}"], kind=kind, payload=payload, at=at)
