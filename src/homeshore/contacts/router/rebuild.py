"""A floor from its tables: what a new owner of it tells a fresh core.

First who is *known*: rules and agents, with the wrap-ups of contacts that have gone on meanwhile (handed to a colleague,
then sent back). Then what *stands*: contacts, who is ready, and what agents hold. None of both can lead to a decision, because
nobody who is there could take a contact that waits; so it needs no journal of its own, and the state it leads to is kept
as a checkpoint. Then what *follows*, and may take an offer back: what was given to somebody to whom something is offered, what
became of contacts that were being offered, breaks, wrap-ups that may be over, contacts that wait, lines that are lost. These are
inputs like all others.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from homeshore.contacts.models import Assignment, Contact, Offer, Presence
from homeshore.contacts.models.work import PresenceState
from homeshore.contacts.queries import days
from homeshore.contacts.queries.policies import policy_of_floor
from homeshore.contacts.router.rules import agents_of_floor, queues_of_floor
from homeshore.foundation import bulk, clock
from homeshore.routing.handlers.contacts import MOVED
from homeshore.routing.inputs import (
    AgentSet,
    AssignmentClosed,
    AssignmentOpened,
    ContactArrived,
    ContactCancelled,
    ContactScheduled,
    DayCounted,
    Input,
    OfferStanding,
    PolicySet,
    PresenceLapsed,
    PresenceSet,
    QueueSet,
)
from homeshore.values.clock import to_milliseconds


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a core must be told to stand where the database stands.

    What `known` tells of contacts is past: it is to be forgotten before `standing` says where they are.
    """

    known: list[Input]
    standing: list[Input]
    following: list[Input]


def picture(floor_id: int) -> Picture:
    """What the tables say of a floor; read it in one snapshot, so that all of it is of one moment."""
    agents = agents_of_floor(floor_id)
    offers = _open_offers(floor_id)
    overtaken = _overtaken(offers)
    offered: list[Input] = [
        ContactArrived(id, offers[id].queue, arrived_at, counted=False) for id, (arrived_at, _) in overtaken.items()
    ]
    waiting: list[Input] = []
    for contact in _contacts(floor_id):
        (offered if contact.contact in offers and contact.contact not in overtaken else waiting).append(contact)
    scheduled = _scheduled(floor_id)
    queues = queues_of_floor(floor_id)
    left, opened, taken_on = _assignments(
        floor_id,
        wrapped_up={queue.id for queue in queues if queue.wrap_up_seconds},
        offered={offer.agent for offer in offers.values()},
        overtaken=overtaken,
    )
    ready, away, lost = _presences([agent.id for agent in agents])
    known = [PolicySet(policy_of_floor(floor_id)), *map(QueueSet, queues), *map(AgentSet, agents), *left]
    standing = [
        *(each for each in scheduled if each.contact not in overtaken),
        *offered,
        *offers.values(),
        *opened,
        *ready,
    ]
    counted = [DayCounted(*row) for row in days.done_today(floor_id, now=clock.now())]
    gone = [ContactCancelled(id, why) for id, (_, why) in overtaken.items() if why is not None]
    put_off = [each for each in scheduled if each.contact in overtaken]
    return Picture(known, standing, [*gone, *taken_on, *away, *counted, *put_off, *waiting, *lost])


def _contacts(floor_id: int) -> Iterator[ContactArrived]:
    """Those who wait or are offered, the most urgent first."""
    unanswered = Contact.objects.filter(floor_id=floor_id, state__in=(Contact.State.WAITING, Contact.State.OFFERED))
    rows = unanswered.order_by("due_at", "arrived_at", "id")
    for id, queue, arrived_at, priority, due_at, preferred in rows.values_list(
        "id", "queue", "arrived_at", "priority", "due_at", "preferred_agent"
    ).iterator():
        due = to_milliseconds(due_at)
        yield ContactArrived(id, queue, to_milliseconds(arrived_at), priority, due, preferred, counted=False)


def _overtaken(offers: Collection[int]) -> dict[int, tuple[int, str | None]]:
    """Those of the contacts with an open offer to which something happened that no router heard: when they arrived, and why they
    are no longer there to be offered; None where somebody has them.
    """
    rows = Contact.objects.filter(pk__in=bulk.among(offers)).exclude(state=Contact.State.OFFERED).order_by("id")
    whys = {Contact.State.CLOSED: "closed", Contact.State.ACTIVE: None}
    return {
        id: (to_milliseconds(arrived_at), whys.get(Contact.State(state), MOVED))
        for id, arrived_at, state in rows.values_list("id", "arrived_at", "state")
    }


def _scheduled(floor_id: int) -> list[ContactScheduled]:
    """Those whose moment is to come, or came while nobody owned the floor: their timers are due at once."""
    rows = Contact.objects.filter(floor_id=floor_id, state=Contact.State.SCHEDULED).order_by("arrived_at", "id")
    return [
        ContactScheduled(id, queue, to_milliseconds(at), to_milliseconds(at), None, priority, preferred)
        for id, queue, at, priority, preferred in rows.values_list(
            "id", "queue", "arrived_at", "priority", "preferred_agent"
        )
    ]


def _open_offers(floor_id: int) -> dict[int, OfferStanding]:
    """By contact, and no more than one an agent: nobody can answer two."""
    rows = Offer.objects.filter(floor_id=floor_id, state=Offer.State.OPEN).order_by("offered_at", "id")
    by_agent = {
        agent: OfferStanding(id, contact, agent, queue, to_milliseconds(offered_at), to_milliseconds(expires_at))
        for id, contact, agent, queue, offered_at, expires_at in rows.values_list(
            "id", "contact", "agent", "queue", "offered_at", "expires_at"
        )
    }
    return {offer.contact: offer for offer in by_agent.values()}


def _assignments(
    floor_id: int, *, wrapped_up: set[int], offered: set[int], overtaken: Collection[int]
) -> tuple[list[Input], list[Input], list[Input]]:
    """Wrap-ups whose contact nobody holds any more but that goes on; what is in hand; and what followed: other wrap-ups, the
    work of who took a contact on whose first agent still wraps up, that of who is `offered` something beside it, and contacts that
    were taken while they were offered. `wrapped_up`: queues that give time for it; in others it is over.
    """
    current = Assignment.objects.filter(contact__floor_id=floor_id).exclude(state=Assignment.State.ENDED)
    left: list[Input] = []
    opened: list[Input] = []
    followed: list[Input] = []
    known: set[int] = set()
    rows = current.order_by("id").values_list("id", "contact", "agent", "queue", "state", "contact__state")
    for id, contact, agent, queue, state, contact_state in rows:
        taken = AssignmentOpened(id, contact, agent, queue)
        if contact_state not in (Contact.State.ACTIVE, Contact.State.CLOSED):
            left += [taken, AssignmentClosed(id, wrap_up=True)] if queue in wrapped_up else []
            continue
        late = contact in known or contact in overtaken or agent in offered
        (followed if late else opened).append(taken)
        known.add(contact)
        if state == Assignment.State.WRAP_UP:
            followed.append(AssignmentClosed(id, wrap_up=True))
    return left, opened, followed


def _presences(agent_ids: list[int]) -> tuple[list[Input], list[Input], list[Input]]:
    """Who is ready, the longest first; who takes a break; and whose line is lost."""
    here = Presence.objects.filter(agent__in=agent_ids).exclude(state=PresenceState.OFFLINE)
    rows = list(here.order_by("since", "agent_id").values_list("agent", "state", "reason", "line_lost_at"))
    ready: list[Input] = [PresenceSet(row[0], ready=True) for row in rows if row[1] == PresenceState.READY]
    away: list[Input] = [PresenceSet(row[0], False, row[2]) for row in rows if row[1] != PresenceState.READY]
    return ready, away, [PresenceLapsed(row[0]) for row in rows if row[3] is not None]


def presence_of(agent_id: int) -> list[Input]:
    """What a core is to be told of an agent who has just come to its floor: ready or not, and whether their line is lost.

    Whatever they say from now on comes later among the facts.
    """
    ready, away, lost = _presences([agent_id])
    return [*ready, *away, *lost]
