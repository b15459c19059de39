"""What is to happen in a simulation, in the order of time."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Any

Event = tuple[int, int, Callable[[Any], None], Any]
"""(when, number, what to do, its subject): of what happens at one moment, the lower number is first."""

_PAGE_MS = 1_000


class Calendar:
    """Events by the second in which they fall: only the page that is open is kept in order.

    A floor writes down tens of thousands of ends, and most customers' patience in vain. One heap of them all took twice as
    long to keep (measured): each comparison is of events that nobody has looked at for minutes.
    """

    __slots__ = ("_later", "_open", "_pages", "_until")

    def __init__(self) -> None:
        self._open: list[Event] = []
        self._until = 0
        """The open page holds all there is before this moment."""
        self._later: dict[int, list[Event]] = {}
        self._pages: list[int] = []

    def write(self, event: Event) -> None:
        """Notes an event that is to come."""
        at = event[0]
        if at < self._until:
            heappush(self._open, event)
            return
        page = at // _PAGE_MS
        found = self._later.get(page)
        if found is None:
            self._later[page] = [event]
            heappush(self._pages, page)
        else:
            found.append(event)

    def next_at(self) -> int | None:
        """When the next event is due; None when there is none."""
        if not self._open:
            if not self._pages:
                return None
            page = heappop(self._pages)
            self._open, self._until = self._later.pop(page), (page + 1) * _PAGE_MS
            heapify(self._open)
        return self._open[0][0]

    def take(self) -> Event:
        """The next event, which `next_at` told of; it is written here no more."""
        return heappop(self._open)
