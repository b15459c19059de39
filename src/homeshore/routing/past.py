"""What ended lately, so that a duplicate or a late fact is known for what it is.

All but the last `REMEMBER_AT_LEAST` are forgotten after five minutes; a state does not grow with the contacts it has served.
Those stay because five minutes may pass at once: a clock is set, a machine slept, and the answer to the last decision is
still on its way.
"""

from __future__ import annotations

from collections import deque
from typing import Any

REMEMBER_MS = 300_000
REMEMBER_AT_LEAST = 2_000

CONTACTS, ASSIGNMENTS, OFFERS, DECISIONS = range(4)
"""What is remembered: contacts gone, assignments ended, offers the core closed, decisions not yet beyond refusal."""


class Past:
    """Four small memories with one common forgetting."""

    __slots__ = ("_known", "oldest")

    def __init__(self) -> None:
        self._known: tuple[dict[Any, tuple[int, tuple[Any, ...]]], ...] = ({}, {}, {}, {})
        self.oldest: deque[tuple[int, int, Any]] = deque()

    def remember(self, now: int, what: int, whose: int | str, *facts: Any) -> None:
        """Keeps the facts for five minutes, in place of what was known of it."""
        self._known[what][whose] = (now, facts)
        self.oldest.append((now, what, whose))

    def recall(self, what: int, whose: int | str) -> tuple[Any, ...] | None:
        """The facts remembered, or None."""
        entry = self._known[what].get(whose)
        return entry[1] if entry else None

    def drop(self, what: int, whose: int | str) -> None:
        """Forgets one thing before its time."""
        self._known[what].pop(whose, None)

    def forget(self, now: int) -> None:
        """Forgets what is older than five minutes, but for the last of it."""
        order, until = self.oldest, now - REMEMBER_MS
        many = sum(map(len, self._known)) - REMEMBER_AT_LEAST
        while many > 0 and order and order[0][0] <= until:
            at, what, whose = order.popleft()
            entry = self._known[what].get(whose)
            if entry is not None and entry[0] == at:
                del self._known[what][whose]
                many -= 1

    def dump(self) -> list[list[Any]]:
        """Every memory once, oldest first."""
        found: list[list[Any]] = []
        seen: set[tuple[int, Any]] = set()
        for at, what, whose in reversed(self.oldest):
            entry = self._known[what].get(whose)
            if entry is not None and entry[0] == at and (what, whose) not in seen:
                seen.add((what, whose))
                found.append([at, what, whose, list(entry[1])])
        return found[::-1]

    @classmethod
    def load(cls, entries: list[list[Any]]) -> Past:
        """The memories that `dump` wrote."""
        past = cls()
        for at, what, whose, facts in entries:
            past.remember(at, what, whose, *facts)
        return past
