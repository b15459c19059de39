"""What people observed, held against what the tables say in the end: nothing lost, nothing doubled, nobody overruled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

Rows = Callable[[str], list[tuple[Any, ...]]]
"""Asks the database."""


@dataclass
class History:
    """What agents were shown and told, and what customers were told is kept."""

    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    acknowledged: list[str] = field(default_factory=list)
    shown: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Contact and agent by offer."""
    contradictions: list[str] = field(default_factory=list)
    """Offers shown once with one contact or agent, and once with another."""
    accepted: dict[str, str] = field(default_factory=dict)
    """By offer, the agent who was told that they have it."""

    def show(self, offer: str, *, contact: int, agent: str) -> None:
        """An agent is shown an offer: pushed, or found on the desk."""
        if self.shown.setdefault(offer, (contact, agent)) != (contact, agent):
            self.contradictions.append(offer)


TABLES = {
    "an active contact is with somebody": """
        SELECT id FROM contacts_contact c WHERE state = 'active' AND NOT EXISTS (
            SELECT 1 FROM contacts_assignment a WHERE a.contact_id = c.id AND a.state = 'active')""",
    "a closed contact is with nobody": """
        SELECT id FROM contacts_contact c WHERE state = 'closed' AND EXISTS (
            SELECT 1 FROM contacts_assignment a WHERE a.contact_id = c.id AND a.state = 'active')""",
    "an offered contact has its offer": """
        SELECT id FROM contacts_contact c WHERE state = 'offered' AND NOT EXISTS (
            SELECT 1 FROM contacts_offer o WHERE o.contact_id = c.id AND o.state = 'open')""",
    "an offer is accepted once": """
        SELECT offer_id FROM contacts_assignment WHERE offer_id IS NOT NULL GROUP BY offer_id HAVING COUNT(*) > 1""",
    "every handled contact is paid once": """
        SELECT id FROM contacts_contact c WHERE outcome = 'handled' AND 1 <> (
            SELECT COUNT(*) FROM pay_act a WHERE a.contact_id = c.id)""",
    "one conversation a thread": """
        SELECT thread_key FROM contacts_conversation GROUP BY brand_id, channel, thread_key HAVING COUNT(*) > 1""",
    "epochs never fall along the sequence": """
        SELECT a.seq FROM contacts_journalentry a JOIN contacts_journalentry b
            ON b.floor_id = a.floor_id AND b.seq = a.seq + 1 WHERE b.epoch < a.epoch""",
}
"""Invariants of the tables alone, each with the question that finds what breaks it."""


def violations(history: History, rows: Rows) -> dict[str, list[Any]]:
    """Everything that broke a promise, by the promise; empty when all were kept."""
    kept = Counter(said for (said,) in rows("SELECT client_id FROM contacts_message WHERE kind = 'inbound'"))
    offers = {
        id: _Span(id, contact, agent, _moment(begun), _moment(ended))
        for id, contact, agent, begun, ended in rows(
            """SELECT o.id, o.contact_id, lower(u.email), o.offered_at, o.ended_at FROM contacts_offer o
            JOIN people_agent a ON a.id = o.agent_id JOIN foundation_user u ON u.id = a.user_id"""
        )
        if _moment(begun) >= history.since
    }
    assignments = _assignments(rows, since=history.since)
    assigned = {offer for (offer,) in rows("SELECT offer_id FROM contacts_assignment WHERE offer_id IS NOT NULL")}
    found: dict[str, list[Any]] = {
        "what a customer was told is kept, is kept once": [said for said in history.acknowledged if kept[said] != 1],
        "an offer shown is durable, and says the same to everybody": history.contradictions
        + [
            id
            for id, (contact, agent) in history.shown.items()
            if id not in offers or (offers[id].contact, offers[id].agent) != (contact, agent.lower())
        ],
        "who was told to have accepted has the contact": [id for id in history.accepted if id not in assigned],
        "a contact is offered to one agent at a time": _overlaps(offers.values(), lambda offer: offer.contact),
        "an agent is offered one contact at a time": _overlaps(offers.values(), lambda offer: offer.agent),
        "a contact is with one agent at a time": _overlaps(assignments, lambda each: each.contact),
        "an agent never holds more than their places": _over_capacity(rows, [*offers.values(), *assignments]),
    }
    found |= {promise: rows(question) for promise, question in TABLES.items()}
    return {promise: broken for promise, broken in found.items() if broken}


@dataclass(frozen=True)
class _Span:
    """An offer, or an assignment: from when to when an agent had a contact before them."""

    id: Any
    contact: int
    agent: str
    begun: datetime
    ended: datetime | None


def _assignments(rows: Rows, *, since: datetime) -> list[_Span]:
    return [
        _Span(id, contact, agent, _moment(begun), _moment(ended))
        for id, contact, agent, begun, ended in rows(
            """SELECT s.id, s.contact_id, lower(u.email), s.opened_at, s.closed_at FROM contacts_assignment s
            JOIN people_agent a ON a.id = s.agent_id JOIN foundation_user u ON u.id = a.user_id"""
        )
        if _moment(begun) >= since
    ]


def _overlaps(spans: Iterable[_Span], whose: Callable[[_Span], Any]) -> list[tuple[Any, Any]]:
    """Pairs of spans of the same contact or agent of which the second began before the first had ended."""
    by_owner = defaultdict(list)
    for span in spans:
        by_owner[whose(span)].append(span)
    broken = []
    for mine in by_owner.values():
        for before, after in pairwise(sorted(mine, key=lambda span: (span.begun, span.ended or _NEVER))):
            if (before.ended or _NEVER) > after.begun:
                broken.append((before.id, after.id))
    return broken


def _over_capacity(rows: Rows, spans: Iterable[_Span]) -> list[tuple[str, datetime]]:
    """Moments at which an agent had more contacts, in hand or offered, than places for chats."""
    places = dict(
        rows(
            """SELECT lower(u.email), a.chat_places FROM people_agent a
            JOIN foundation_user u ON u.id = a.user_id"""
        )
    )
    changes: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for span in spans:
        changes[span.agent] += [(span.begun, 1), (span.ended or _NEVER, -1)]
    broken = []
    for agent, steps in changes.items():
        held = 0
        for at, change in sorted(steps):
            held += change
            if held > places[agent]:
                broken.append((agent, at))
    return broken


_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def _moment(value: Any) -> Any:
    """A time as SQLite (text) or PostgreSQL gives it."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
