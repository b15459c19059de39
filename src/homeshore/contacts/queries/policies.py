"""What holds on a floor, since when and by whom, and what its queues still hold."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count

from homeshore.contacts.models import Contact, Floor, FloorPolicy
from homeshore.routing.policy import Policy

SET_BY_PEOPLE = (
    "rule",
    "head_start_seconds",
    "rona_limit",
    "reoffer_after_seconds",
    "fairness_seconds",
    "keep_on_lapse",
)
"""What of a floor's policy people set; the rest is the house's."""


def policy_of_floor(floor_id: int) -> Policy:
    """The floor's policy in force; the house's own while nobody has set one."""
    applied = FloorPolicy.objects.filter(floor_id=floor_id, applied_at__isnull=False)
    newest = applied.order_by("-valid_from", "-number").first()
    return Policy() if newest is None else as_policy(newest)


def policies_of_operator(operator_id: int) -> list[Policy]:
    """The policy in force on each of the operator's floors."""
    floors = Floor.objects.filter(operator_id=operator_id).order_by("id").values_list("id", flat=True)
    return [policy_of_floor(floor_id) for floor_id in floors]


def as_policy(version: FloorPolicy) -> Policy:
    """A version in the words of routing."""
    return Policy(**version.rules, version=version.number)


def rules_of(policy: Policy) -> dict[str, Any]:
    """What people set of a policy, as plain values."""
    values = {name: getattr(policy, name) for name in SET_BY_PEOPLE}
    return values | {"keep_on_lapse": dict(policy.keep_on_lapse)}


def versions_of_floor(floor_id: int) -> list[FloorPolicy]:
    """The versions of a floor's policy, the newest first, with who saved them."""
    return list(FloorPolicy.objects.filter(floor_id=floor_id).select_related("saved_by").order_by("-number"))


def open_contacts_by_queue(operator_id: int) -> Mapping[int, Mapping[str, int]]:
    """How many contacts each of the operator's queues holds, by state: waiting, offered, active."""
    rows = Contact.objects.filter(operator_id=operator_id).exclude(state=Contact.State.CLOSED).order_by("queue_id")
    counted: dict[int, dict[str, int]] = {}
    for queue_id, state, number in rows.values_list("queue_id", "state").annotate(Count("id")):
        counted.setdefault(queue_id, {})[state] = number
    return counted
