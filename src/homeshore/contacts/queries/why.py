"""Why a contact waits, why an agent gets nothing, why another and not me: the core's own answers, with names.

The router's picture is laid again from the journal and the core is asked, so that what is answered is what was weighed,
not a guess made afterwards. A supervisor sees who everybody is; an agent sees colleagues only as others, and of
contacts that are not theirs nothing but the queue and the times.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homeshore.brands import queries as brands
from homeshore.contacts.floors import floor_of_agent
from homeshore.contacts.models import Contact, Offer
from homeshore.contacts.queries.past import PastNotKept, floor_after, floor_now
from homeshore.contacts.queries.shapes import moment
from homeshore.contacts.words import OF_THE_AGENT, OF_THE_CONTACT, TO_THE_AGENT, Teller
from homeshore.foundation.errors import NotFound
from homeshore.missions import queries as missions
from homeshore.people import queries as people
from homeshore.routing import State
from homeshore.routing.decisions import Offered
from homeshore.routing.parts import AgentState
from homeshore.routing.why_another import why_another
from homeshore.routing.why_idle import why_idle
from homeshore.routing.why_not import WhyNot, why_not, why_waiting
from homeshore.values.clock import from_milliseconds

AGENTS_SHOWN = 30
_TIMES = frozenset({"until", "due_at", "widens_at", "free_since", "other_free_since"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks and when, and what ids stand for them: without `agents`, colleagues are nobody in particular and other
    contacts have no number.
    """

    now: datetime
    zone: ZoneInfo
    queues: Mapping[int, str]
    skills: Mapping[int, str]
    agents: Mapping[int, str] | None

    @classmethod
    def by(cls, operator_id: int, *, of_people: bool, zone: str, now: datetime) -> "Asked":
        """Somebody of an operator asks; the names of agents are for those who may see them."""
        return cls(
            now=now,
            zone=ZoneInfo(zone),
            queues={queue.id: queue.name for queue in brands.queues_of_operator(operator_id)},
            skills=people.skill_names(operator_id),
            agents={agent.id: agent.name for agent in people.agents_of_operator(operator_id)} if of_people else None,
        )

    @property
    def about_agents(self) -> Teller:
        """Says why somebody does not have a contact: to themselves, or to a supervisor."""
        return Teller(self.now, self.zone, TO_THE_AGENT if self.agents is None else OF_THE_AGENT)

    @property
    def about_contacts(self) -> Teller:
        """Says why a contact waits."""
        return Teller(self.now, self.zone, OF_THE_CONTACT)

    def tell(self, why: WhyNot, teller: Teller, at: datetime | None = None) -> dict[str, Any]:
        """A reason as plain data (its code, its facts with the names of what they are about) and in words."""
        told = self._named(why)
        return {**told, "text": teller.tell(told, at=at)}

    def _named(self, why: WhyNot) -> dict[str, Any]:
        told: dict[str, Any] = {"code": why.code}
        for name, value in why.facts:
            if name in _TIMES:
                told[name] = moment(from_milliseconds(value))
            elif name == "queue":
                told[name] = {"id": value, "name": self.queues.get(value, "")}
            elif name == "skill":
                told[name] = {"id": value, "name": self.skills.get(value, "")}
            elif name in ("agent", "contact"):
                if self.agents is not None:
                    told[name] = {"id": value, "name": self.agents.get(value, "") if name == "agent" else f"C-{value}"}
            else:
                told[name] = value
        return told


def contact_waits(contact_id: int, *, operator_id: int, zone: str, now: datetime) -> dict[str, Any]:
    """For a supervisor: why a contact waits, and for each agent engaged on its queue why they do not have it.

    `offer` tells the last offer made of it, with its reasons. Raises NotFound, PastNotKept.
    """
    contact = Contact.objects.filter(pk=contact_id, operator_id=operator_id).first()
    if contact is None:
        raise NotFound
    asked = Asked.by(operator_id, of_people=True, zone=zone, now=now)
    state = floor_now(contact.floor_id)
    agents = _engaged(state, contact.queue_id)
    offer = Offer.objects.filter(contact=contact).order_by("-offered_at", "-id").first()
    return {
        "contact": contact.pk,
        "at": moment(from_milliseconds(state.now)),
        "why": asked.tell(why_waiting(state, contact.pk), asked.about_contacts),
        "agents": [
            {"agent": agent.id, "why": asked.tell(why_not(state, contact.pk, agent.id), asked.about_agents)}
            for agent in agents[:AGENTS_SHOWN]
        ],
        "more": max(0, len(agents) - AGENTS_SHOWN),
        "offer": _decision(offer, asked) if offer else None,
    }


def agent_gets_nothing(agent_id: int, *, operator_id: int, of_people: bool, zone: str, now: datetime) -> dict[str, Any]:
    """Why nothing is offered to an agent now, and why not each of the contacts that wait in their queues."""
    if all(agent.id != agent_id for agent in people.agents_of_operator(operator_id)):
        raise NotFound
    asked = Asked.by(operator_id, of_people=of_people, zone=zone, now=now)
    state = floor_now(floor_of_agent(agent_id))
    found = why_idle(state, agent_id)
    return {
        "agent": agent_id,
        "at": moment(from_milliseconds(state.now)),
        "why": asked.tell(found.why, asked.about_agents),
        "waits": found.waits,
        "contacts": [
            {
                **({"id": contact, "reference": f"C-{contact}"} if of_people else {}),
                "queue": {"id": waiting.queue, "name": asked.queues.get(waiting.queue, "")},
                "arrived_at": moment(from_milliseconds(waiting.arrived_at)),
                "due_at": moment(from_milliseconds(waiting.due)),
                "why": asked.tell(why, asked.about_agents),
            }
            for contact, why in found.waiting
            for waiting in [state.contacts[contact]]
        ],
    }


def offer_went_to_another(
    offer_id: str, *, agent_id: int, operator_id: int, of_people: bool, zone: str, now: datetime
) -> dict[str, Any]:
    """Why an offer went to its agent and not to this one, decided again up to that offer.

    With what was stored with it, as data and in words: counts, what ranked winner and runner-up, the rule and its
    version; who they are only where `of_people`. An agent may ask about the queues they work for. Raises NotFound,
    PastNotKept.
    """
    offer = Offer.objects.filter(pk=offer_id, contact__operator_id=operator_id).first()
    if offer is None:
        raise NotFound
    if not of_people and offer.agent_id != agent_id and offer.queue_id not in missions.queues_of_agent(agent_id):
        raise NotFound
    past = floor_after(offer.floor_id, seq=_seq_of(offer))
    made = next((each for each in past.decisions if isinstance(each, Offered) and each.id == offer_id), None)
    if made is None:
        raise PastNotKept
    asked = Asked.by(operator_id, of_people=of_people, zone=zone, now=now)
    told = _decision(offer, asked, seen_by=None if of_people else agent_id)
    if offer.agent_id == agent_id:
        return {**told, "why": None}
    why = asked.tell(why_another(past.state, made, agent_id), asked.about_agents, offer.offered_at)
    return {**told, "why": why}


def offers_to_others(agent_id: int, *, since: datetime, limit: int) -> list[dict[str, Any]]:
    """The last offers of the agent's queues that went to others: the queue and the time, nothing of whom or about what."""
    queues = missions.queues_of_agent(agent_id)
    made = Offer.objects.filter(queue_id__in=queues, offered_at__gte=since).exclude(agent_id=agent_id)
    return [
        {"id": offer_id, "queue": queue_id, "offered_at": moment(at)}
        for offer_id, queue_id, at in made.order_by("-offered_at", "-id").values_list("id", "queue_id", "offered_at")[
            :limit
        ]
    ]


def _engaged(state: State, queue_id: int) -> list[AgentState]:
    """The agents engaged on a queue, those who are there first."""
    found = [state.agents[id] for id in state.engaged.get(queue_id, ())]
    return sorted(found, key=lambda agent: (not agent.is_there(), agent.offer is not None, agent.load, agent.id))


def _seq_of(offer: Offer) -> int:
    """The input that led to an offer: its id is made of the floor, the input and the place among its decisions."""
    return int(offer.pk.split("-")[1])


def _decision(offer: Offer, asked: Asked, *, seen_by: int | None = None) -> dict[str, Any]:
    """An offer with what was weighed, as data and in words; for the agent `seen_by`, without whom and about what."""
    reasons = offer.reasons if seen_by is None else _without_people(offer.reasons, seen_by)
    told = {
        "id": offer.pk,
        "queue": {"id": offer.queue_id, "name": asked.queues.get(offer.queue_id, "")},
        "offered_at": moment(offer.offered_at),
        "reasons": reasons,
        "said": asked.about_agents.tell_decision(reasons, at=offer.offered_at),
    }
    if seen_by is None:
        told |= {"agent": offer.agent_id, "contact": offer.contact_id, "state": offer.state}
    return told


def _without_people(reasons: Mapping[str, Any], agent_id: int) -> dict[str, Any]:
    """Stored reasons without who was ranked: an agent may know what ranked a colleague, not which colleague."""
    told = dict(reasons)
    for name in ("winner", "runner_up"):
        if told.get(name):
            told[name] = {**told[name], "agent": None, "me": told[name]["agent"] == agent_id}
    return told
