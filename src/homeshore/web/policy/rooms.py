"""What the pages of queues and floors read of the operator, scoped to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext as _

from homeshore.brands import queries as brands
from homeshore.brands.hours import Opening
from homeshore.brands.policy import QueuePolicy
from homeshore.brands.queries import QueueRules
from homeshore.contacts.queries.coverage import widest_coverage
from homeshore.contacts.queries.policies import open_contacts_by_queue
from homeshore.foundation.clock import now
from homeshore.foundation.errors import NotFound
from homeshore.foundation.models import Operator, Role
from homeshore.foundation.tenancy import membership
from homeshore.missions.coverage import Coverage, cover, engaged_agents, meets
from homeshore.people import queries as people
from homeshore.people.queries import AgentFacts
from homeshore.web.policy import words


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue in the list: its rules, its brand, what it holds, who can answer it at first and at the last."""

    queue: QueueRules
    brand: str
    needs: str
    waiting: int
    in_hand: int
    able: int
    widest: int
    lacks: list[str]
    planned: int


def standing(version: Any, in_force: int) -> str:
    """Where a version of a policy stands: planned, in_force, past or withdrawn."""
    if version.withdrawn_at:
        return "withdrawn"
    if not version.applied_at:
        return "planned"
    return "in_force" if version.number == in_force else "past"


class Room:
    """The operator of a request: its queues, skills and agents, each read once."""

    def __init__(self, request: HttpRequest) -> None:
        mine = membership(request)
        self.operator: Operator = mine.operator
        self.user = mine.user
        self.may_change = mine.role == Role.OPERATOR_ADMIN
        self.now: datetime = now()
        self.zone = ZoneInfo(self.operator.time_zone)

    @cached_property
    def queues(self) -> dict[int, QueueRules]:
        """All queues, closed ones included."""
        return {queue.id: queue for queue in brands.queues_of_operator(self.operator.pk)}

    @cached_property
    def brands(self) -> dict[int, str]:
        return brands.brand_names(self.operator.pk)

    @cached_property
    def skills(self) -> dict[int, str]:
        return people.skill_names(self.operator.pk)

    @cached_property
    def engaged(self) -> dict[int, list[AgentFacts]]:
        return engaged_agents(self.operator.pk)

    @cached_property
    def held(self) -> Mapping[int, Mapping[str, int]]:
        return open_contacts_by_queue(self.operator.pk)

    @cached_property
    def queue_names(self) -> dict[int, str]:
        """Each queue by a name that tells it from the others: with its brand."""
        return {queue.id: f"{queue.name}, {self.brands[queue.brand_id]}" for queue in self.queues.values()}

    def queue(self, queue_id: int) -> QueueRules:
        """One of the operator's queues. Raises NotFound."""
        if queue_id not in self.queues:
            raise NotFound
        return self.queues[queue_id]

    def opening(self, queue: QueueRules) -> Opening:
        """How it stands with the hours of the queue's brand."""
        return brands.openings([queue.brand_id], at=self.now)[queue.brand_id]

    def able(self, queue: QueueRules, policy: QueuePolicy) -> list[int]:
        """How many agents may answer at each moment at which the circle grows."""
        own = self.engaged.get(queue.id, [])
        counted = []
        for moment in words.circle_moments(policy):
            needs = policy.needs
            for ring in policy.rings:
                if ring.after_seconds <= moment:
                    needs = ring.needs
            able = {agent.id for agent in own if meets(agent, needs)}
            for step in policy.overflow:
                if step.after_seconds <= moment and step.queue in self.queues:
                    able |= cover(self.queues[step.queue].needs, self.engaged.get(step.queue, [])).able
            counted.append(len(able))
        return counted

    def lacks(self, queue: QueueRules, policy: QueuePolicy) -> tuple[Coverage, list[str]]:
        """Whether anybody can answer under a policy at the last, and in words why nobody can."""
        own = cover(policy.rings[-1].needs if policy.rings else policy.needs, self.engaged.get(queue.id, []))
        able = self.able(queue, policy)
        return own, [] if able[-1] else words.lack_in_words(own, self.skills)

    def said_saved(self, starts: datetime, number: int) -> str:
        """What is said once a version is saved."""
        if starts <= self.now:
            return _("Version %(number)s is in force.") % {"number": number}
        local = starts.astimezone(self.zone)
        return _("Version %(number)s will hold from %(date)s, %(time)s.") % {
            "number": number,
            "date": f"{local:%d/%m/%Y}",
            "time": f"{local:%H:%M}",
        }

    def lines(self) -> list[QueueLine]:
        """The list of queues, by brand and name; closed ones last."""
        planned = brands.planned_versions(self.operator.pk)
        found = []
        for queue in self.queues.values():
            widest = widest_coverage(queue, self.queues, self.engaged)
            held = self.held.get(queue.id, {})
            found.append(
                QueueLine(
                    queue=queue,
                    brand=self.brands[queue.brand_id],
                    needs=words.needs_in_words(queue.needs, self.skills),
                    waiting=held.get("waiting", 0) + held.get("offered", 0),
                    in_hand=held.get("active", 0),
                    able=len(cover(queue.needs, self.engaged.get(queue.id, [])).able),
                    widest=len(widest.able),
                    lacks=[] if widest.able else words.lack_in_words(widest, self.skills),
                    planned=planned.get(queue.id, 0),
                )
            )
        return sorted(found, key=lambda each: (not each.queue.active, each.brand, each.queue.name, each.queue.id))
