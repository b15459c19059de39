"""Calls that have come and that nobody has looked at yet. What is within a call goes first; who waited too long is refused at once.

An answer that comes after the edge has given up (`fr_timer` in deploy/kamailio) is work for nobody, and lets the next one wait too: a
house that takes everybody in answers nobody. Refusing costs a datagram; a call that is taken in costs a hundred times as much.
"""

import logging
from collections import Counter, deque
from datetime import datetime

from homeshore.channels.voice.models import TurnedAway
from homeshore.channels.voice.sip.numbers import number_called
from homeshore.channels.voice.sip.signalling import Invited, UserAgent

logger = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 2.0
"""From a call's arrival at the socket until it is looked at: half of what the edge gives the house to answer."""
FULL = 503
REASON = {"Reason": 'Q.850;cause=42;text="The house is full"'}
"""Congestion, as the telephone network calls it (ITU-T Q.850; RFC 6432 lets an answer say so). Whose sound cannot be carried is refused by 503 too,
without this."""
COUNT_SECONDS = 10.0
"""Between two notes of how many were turned away."""


class Arrivals:
    """Who calls, in the order in which they came. Times are seconds of the telephone's monotonic clock."""

    def __init__(self, agent: UserAgent) -> None:
        self._agent = agent
        self._waiting: deque[tuple[float, Invited]] = deque()
        self._turned_away: Counter[tuple[str, str]] = Counter()
        self._count_at = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def came(self, event: Invited, *, at: float) -> None:
        """Somebody calls, whose datagram arrived at this moment."""
        self._waiting.append((at, event))

    def gave_up(self, tag: str) -> None:
        """They took the call back."""
        self._waiting = deque(each for each in self._waiting if each[1].tag != tag)

    def next(self, *, now: float) -> Invited | None:
        """Who is to be let in now; those before them who waited too long are refused."""
        while self._waiting:
            at, event = self._waiting.popleft()
            if now - at <= LONGEST_WAIT_SECONDS:
                return event
            self._agent.refuse(event.tag, FULL, headers=REASON, now=now)
            self._turned_away[event.called, event.wrote_to] += 1
        return None

    def count_due(self, *, now: float) -> bool:
        """Whether it is to be written down how many were turned away."""
        return bool(self._turned_away) and now >= self._count_at

    def count(self, *, now: float, at: datetime) -> None:
        """Write down how many were turned away, by the number that they called; one that is none of the house's is not counted."""
        self._count_at = now + COUNT_SECONDS
        counted, self._turned_away = self._turned_away, Counter()
        logger.warning("%s calls were refused: the house is full", counted.total())
        for (called, wrote_to), calls in counted.items():
            if number := number_called(called, wrote_to=wrote_to):
                TurnedAway.objects.create(number=number, at=at, calls=calls)
