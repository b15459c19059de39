"""The audit trail: who did what to what, written in the transaction that did it."""

from datetime import datetime
from typing import Any

from homeshore.foundation.models import AuditEntry, User


def record(
    *, operator_id: int, actor: User | None, verb: str, target: object, data: dict[str, Any] | None = None, at: datetime
) -> AuditEntry:
    """Add an entry: `verb` like `contact.requeued`; `target` a model instance (kept as `app.model:id`) or a text.

    `actor` is None when the house itself acted. `data` holds ids and facts, not what customers wrote.
    """
    return AuditEntry.objects.create(
        operator_id=operator_id, actor=actor, verb=verb, target=_name_of(target), data=data or {}, at=at
    )


def _name_of(target: object) -> str:
    meta = getattr(target, "_meta", None)
    return f"{meta.label_lower}:{target.pk}" if meta is not None else str(target)  # type: ignore[attr-defined]
