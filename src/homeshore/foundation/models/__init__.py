from homeshore.foundation.models.accounts import ApiToken, Membership, Operator, Role, User
from homeshore.foundation.models.limits import Allowance, SharedValue
from homeshore.foundation.models.records import AuditEntry, Event, GrantRevocation, IdempotentAnswer, OutboxMessage
from homeshore.foundation.models.retention import RetentionRule

__all__ = [
    "Allowance",
    "ApiToken",
    "AuditEntry",
    "Event",
    "GrantRevocation",
    "IdempotentAnswer",
    "Membership",
    "Operator",
    "OutboxMessage",
    "RetentionRule",
    "Role",
    "SharedValue",
    "User",
]
