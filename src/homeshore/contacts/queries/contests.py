"""Choices of the router that agents contest: those that wait for a person, and those of one agent with their answers."""

from datetime import datetime
from typing import Any

from homeshore.contacts.models import ContestedOffer
from homeshore.contacts.queries import shapes


def to_answer(operator_id: int) -> list[ContestedOffer]:
    """Those that wait for a person, the oldest first."""
    found = ContestedOffer.objects.filter(offer__contact__operator=operator_id, answered_at__isnull=True)
    return list(
        found.select_related("offer__contact", "offer__queue__brand", "offer__agent", "agent").order_by("at", "id")
    )


def of_agent(agent_id: int, *, since: datetime) -> list[dict[str, Any]]:
    """What an agent contested since a moment, the latest first, with the answers."""
    found = ContestedOffer.objects.filter(agent_id=agent_id, at__gte=since)
    return [
        shapes.contest_for_agent(each) for each in found.select_related("offer", "answered_by").order_by("-at", "-id")
    ]
