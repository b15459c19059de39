"""What is known of the way of a mail of ours, told to agents and supervisors as it becomes known."""

from datetime import datetime

from homeshore.channels.email import notices
from homeshore.channels.email.models import OutboundMail
from homeshore.contacts.services import record_delivery
from homeshore.foundation.transactions import write


def sent(outbound: OutboundMail, *, now: datetime) -> None:
    """The server has taken the mail."""
    with write():
        _save(outbound, state=OutboundMail.State.SENT, sent_at=now, last_error="", handing_over_since=None)
        if outbound.message_id:
            record_delivery(message_id=outbound.message_id, delivery="sent", now=now)


def delayed(outbound: OutboundMail, error: str, *, now: datetime) -> None:
    """This try failed; there will be another."""
    with write():
        _save(outbound, state=OutboundMail.State.PREPARED, last_error=error[:300], handing_over_since=None)
        if outbound.message_id:
            record_delivery(message_id=outbound.message_id, delivery="queued", error=error, now=now)


def fail(outbound: OutboundMail, error: str, *, now: datetime) -> None:
    """The mail is not delivered, and nothing more will be tried by itself."""
    _give_up(outbound, OutboundMail.State.FAILED, error, now=now)


def doubt(outbound: OutboundMail, error: str, *, now: datetime) -> None:
    """Nobody can say whether the mail left; a person decides whether to send it again."""
    _give_up(outbound, OutboundMail.State.UNCERTAIN, error, now=now)


def _give_up(outbound: OutboundMail, state: OutboundMail.State, error: str, *, now: datetime) -> None:
    with write():
        _save(outbound, state=state, failed_at=now, last_error=error[:300], handing_over_since=None)
        if outbound.message_id:
            record_delivery(message_id=outbound.message_id, delivery="failed", error=error, now=now)
        notices.delivery_failed(outbound, at=now)


def _save(outbound: OutboundMail, **fields: object) -> None:
    for name, value in fields.items():
        setattr(outbound, name, value)
    outbound.save(update_fields=list(fields))
