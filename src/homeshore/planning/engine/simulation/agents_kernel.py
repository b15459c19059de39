"""What a simulated day remembers of each agent, who of them is idle, and whose contact ends next.

A day of many agents waits for memory more than it counts: all that is kept of one agent fills one line of the
processor's cache. The idle of a group stand in a line in order of time; the working are laid around a ring of short
stretches of time, in which putting in and taking out cost the same however many they are. Source: R. Brown, "Calendar
queues: a fast O(1) priority queue implementation for the simulation event set problem", Communications of the ACM
31(10), 1988.
"""

import numpy as np

from homeshore.planning.engine.compiled import compiled, inlined

NOBODY = -1
AWAY, IDLE, WORKING = 0, 1, 2

AGENT = np.dtype([
    ("ends", "f8"),  # when the contact in hand is done
    ("leaves", "f8"),  # when the shift is over
    ("idle_since", "f8"),
    ("busy", "f8"),  # seconds
    ("group", "i4"),
    ("status", "i4"),
    ("holds", "i4"),  # the contact in hand
    ("behind", "i4"),  # who ends later in the same place of the ring
    ("filling", "f8", 2),
])  # fmt: skip
GROUP = np.dtype([
    ("longest_since", "f8"),  # since when its first is idle: infinite if nobody is
    ("longest", "i8"),
    ("first", "i8"),  # where its line begins and ends,
    ("length", "i8"),
    ("begin", "i8"),  # and the part of the table that is its own, used round and round
    ("room", "i8"),
])  # fmt: skip
IN_LINE = np.dtype([("since", "f8"), ("agent", "i8")])
_FAR = 2.0**52


@compiled
def agents_of(group_of: np.ndarray) -> np.ndarray:
    """All agents, none of them there yet."""
    agents = np.zeros(group_of.size, AGENT)
    for a in range(group_of.size):
        agents[a].group = group_of[a]
        agents[a].leaves = -np.inf
    return agents


@compiled
def idle_lines(groups: int, group_of: np.ndarray, end_agent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The groups with empty lines. Who goes home leaves their place in the line empty: room for that too."""
    lines = np.zeros(groups, GROUP)
    for g in group_of:
        lines[g].room += 1
    for a in end_agent:
        lines[group_of[a]].room += 1
    begin = 0
    for g in range(groups):
        lines[g].begin, lines[g].longest, lines[g].longest_since = begin, NOBODY, np.inf
        begin += lines[g].room
    return lines, np.zeros(begin, IN_LINE)


@inlined
def line_up(agents: np.ndarray, lines: np.ndarray, waiting: np.ndarray, a: int, now: float) -> None:
    """Agent ``a`` is idle from ``now`` on, the last of its group."""
    line = lines[agents[a].group]
    agents[a].status, agents[a].idle_since = IDLE, now
    if line.longest == NOBODY:
        line.longest, line.longest_since, line.first, line.length = a, now, 0, 0
    place = line.first + line.length
    if place >= line.room:
        place -= line.room
    waiting[line.begin + place].agent, waiting[line.begin + place].since = a, now
    line.length += 1


@inlined
def step_out(agents: np.ndarray, lines: np.ndarray, waiting: np.ndarray, a: int, status: int) -> None:
    """Agent ``a`` is idle no more, wherever in the line it stood."""
    agents[a].status = status
    line = lines[agents[a].group]
    if line.longest != a:
        return
    while line.length > 1:
        line.length -= 1
        line.first = line.first + 1 if line.first + 1 < line.room else 0
        head = waiting[line.begin + line.first]
        if agents[head.agent].status == IDLE and agents[head.agent].idle_since == head.since:
            line.longest, line.longest_since = head.agent, head.since
            return
    line.longest, line.longest_since = NOBODY, np.inf


@compiled
def ring_of(agents: int) -> np.ndarray:
    """An empty ring: twice as many places as agents, or a few more."""
    places = 16
    while places < 2 * agents:
        places *= 2
    return np.full(places, NOBODY, np.int32)


@inlined
def stretch_of(time: float, per_second: float) -> int:
    """The stretch of time in which ``time`` lies, of so many in a second."""
    return int(min(time * per_second, _FAR))


@inlined
def put(agents: np.ndarray, ring: np.ndarray, a: int, stretch: int) -> None:
    """Put in agent ``a``, who ends in ``stretch``; of two who end at one instant the lower number is first."""
    mine = agents[a].ends
    place = stretch & (ring.size - 1)
    before, after = NOBODY, ring[place]
    while after != NOBODY and (agents[after].ends < mine or (agents[after].ends == mine and after < a)):
        before, after = after, agents[after].behind
    agents[a].behind = after
    if before == NOBODY:
        ring[place] = a
    else:
        agents[before].behind = a


@inlined
def take(agents: np.ndarray, ring: np.ndarray, a: int, stretch: int) -> None:
    """Take out agent ``a``, the first to end, in ``stretch``."""
    ring[stretch & (ring.size - 1)] = agents[a].behind


@inlined
def earliest(agents: np.ndarray, ring: np.ndarray, stretch: int, per_second: float) -> tuple[int, int]:
    """Who ends first in a ring that is not empty, and in which stretch, none being before ``stretch``."""
    for here in range(stretch, stretch + ring.size):
        a = ring[here & (ring.size - 1)]
        if a != NOBODY and stretch_of(agents[a].ends, per_second) == here:
            return a, here
    first = NOBODY  # a whole turn of the ring is empty: look at the first of every place
    for a in ring:
        if a != NOBODY and (
            first == NOBODY
            or agents[a].ends < agents[first].ends
            or (agents[a].ends == agents[first].ends and a < first)
        ):
            first = a
    return first, stretch_of(agents[first].ends, per_second)
