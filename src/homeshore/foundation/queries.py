"""Reading who works for an operator, and what was done there."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from homeshore.foundation.models import AuditEntry, Membership, Operator, Role

PAGE = 50


@dataclass(frozen=True, slots=True)
class TrailPage:
    """A page of the audit trail, newest first; `older` is the id to go on from, None at the end."""

    entries: list[AuditEntry]
    older: int | None


def members(operator_id: int) -> list[Membership]:
    """Everybody who has or had a role, those with most rights first, then by name."""
    order = list(Role.values)
    found = Membership.objects.filter(operator_id=operator_id).select_related("user").order_by("id")
    return sorted(found, key=lambda each: (not each.active, order.index(each.role), str(each.user).casefold()))


def trail(operator_id: int, *, search: str = "", verbs: Collection[str] = (), before: int | None = None) -> TrailPage:
    """What was done, newest first, 50 entries at a time.

    `search` looks in verbs, targets and who did it; `verbs` are those that the searched words stand for.
    """
    entries = AuditEntry.objects.filter(operator_id=operator_id).select_related("actor").order_by("-id")
    if search:
        entries = entries.filter(
            Q(verb__icontains=search)
            | Q(verb__in=verbs)
            | Q(target__icontains=search)
            | Q(actor__name__icontains=search)
            | Q(actor__email__icontains=search)
        )
    if before is not None:
        entries = entries.filter(pk__lt=before)
    page = list(entries[: PAGE + 1])
    return TrailPage(page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else None)


def operator_by_slug(slug: str) -> Operator | None:
    """An operator by its short name, or None."""
    return Operator.objects.filter(slug=slug).first()
