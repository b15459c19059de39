"""Small floors for the tests, and a hand that plays the database beside the core."""

from __future__ import annotations

from typing import Any

from homeshore.routing import State, step
from homeshore.routing.decisions import Decision, Offered
from homeshore.routing.inputs import AgentSet, Input, PolicySet, PresenceSet, QueueSet
from homeshore.routing.invariants import check_invariants, check_offer
from homeshore.routing.policy import AgentRule, Policy, QueueRule

SECOND = 1_000
MINUTE = 60 * SECOND
START = 1_800_000_000_000
"""When every test floor opens, in milliseconds since the epoch."""

FRENCH, PORTUGUESE = 1, 2
CALLS, CHATS, MAILS = 1, 2, 3


class Floor:
    """A floor under test: every input is checked against the invariants, and decisions are kept in order."""

    def __init__(self, *rules: QueueRule | AgentRule | Policy, now: int = START) -> None:
        self.state = State("f")
        self.now = now
        self.decisions: list[Decision] = []
        self.journal: list[tuple[int, Input]] = []
        for rule in rules:
            if isinstance(rule, QueueRule):
                self.tell(QueueSet(rule))
            elif isinstance(rule, Policy):
                self.tell(PolicySet(rule))
            else:
                self.tell(AgentSet(rule))

    def tell(self, *inputs: Input, after: int = 0) -> list[Decision]:
        """Gives the inputs `after` milliseconds from now, and tells what they led to."""
        self.now += after
        decided: list[Decision] = []
        for input in inputs:
            self.journal.append((self.now, input))
            taken = step(self.state, input, self.now)
            for decision in taken.decisions:
                if isinstance(decision, Offered) and decision.id in self.state.offers:
                    check_offer(self.state, self.state.offers[decision.id])
            check_invariants(self.state)
            decided += taken.decisions
        self.decisions += decided
        return decided

    def ready(self, *agents: int, after: int = 0) -> list[Decision]:
        """The agents say they are ready, one after another."""
        return self.tell(*(PresenceSet(agent, True) for agent in agents), after=after)


def agent(id: int, queues: tuple[int, ...] = (CALLS,), **rule: Any) -> AgentRule:
    """An agent with one call, three chats and five mails, engaged on calls unless told otherwise."""
    return AgentRule(id, queues=queues, **{"places": {"voice": 1, "chat": 3, "email": 5}, **rule})


def offered(decisions: list[Decision]) -> list[tuple[int, int]]:
    """(contact, agent) of each offer among the decisions."""
    return [(item.contact, item.agent) for item in decisions if isinstance(item, Offered)]
