from homeshore.foundation.models.accounts import Membership, Operator, Role, User
from homeshore.foundation.models.records import AuditEntry, Event, IdempotentAnswer, OutboxMessage

__all__ = ["AuditEntry", "Event", "IdempotentAnswer", "Membership", "Operator", "OutboxMessage", "Role", "User"]
