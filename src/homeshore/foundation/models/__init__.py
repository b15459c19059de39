from homeshore.foundation.models.accounts import ApiToken, Membership, Operator, Role, User
from homeshore.foundation.models.records import AuditEntry, Event, GrantRevocation, IdempotentAnswer, OutboxMessage

__all__ = [
    "ApiToken",
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
