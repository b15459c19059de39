from homeshore.foundation.models.accounts import Membership, Operator, Role, User
from homeshore.foundation.models.records import AuditEntry, Event, GrantRevocation, IdempotentAnswer, OutboxMessage

__all__ = [
    "AuditEntry",
    "Event",
    "GrantRevocation",
    "IdempotentAnswer",
    "Membership",
    "Operator",
    "OutboxMessage",
    "Role",
    "User",
]
