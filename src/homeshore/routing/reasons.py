"""Why an offer was made: data that code decided with, to be put in words elsewhere."""

from __future__ import annotations

from homeshore.routing.vocabulary import word

AGENT_WAITED = "agent_waited"
"""An agent had been free when the contact came."""
CONTACT_WAITED = "contact_waited"
"""The contact had been waiting when an agent became free."""


@word
class Ranking:
    """What ranked one agent for one contact. `levels` tells (skill, level held, level asked) for each need.

    `acts` were done today; where the policy spreads them, the agent counted as `handicap_ms` less idle for it.
    """

    agent: int
    idle_since: int
    load: int
    free_places: int
    levels: tuple[tuple[int, int, int], ...]
    preferred: bool
    acts: int = 0
    handicap_ms: int = 0


@word
class Reasons:
    """Why this agent and this contact.

    `rule` and `rule_version` name what ranked; `side` tells which of the two had waited; `stage` is how far the
    circle of agents had grown (0: the queue's own needs). The contact ranked by `due_at`, made of its waiting, its
    priority and the head start that gave. Where the rule weighs prices,
    `worth` is what serving now was worth and `price` what it cost the agent's other queues to have them occupied.
    Counts: agents eligible for the contact who were free, busy or away, the winner among the free;
    and the contacts that waited in the winner's queues, this one among them.
    """

    rule: str
    rule_version: int
    side: str
    queue: int
    queue_version: int
    stage: int
    due_at: int
    waited_ms: int
    priority: int
    head_start_ms: int
    winner: Ranking
    runner_up: Ranking | None
    free: int
    busy: int
    away: int
    waiting: int
    worth: float | None = None
    price: float | None = None
