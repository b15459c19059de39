"""Whether an agent could take a call now, by what the tables say: as routing would judge them."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from django.db.models import QuerySet

from homeshore.contacts.models import Assignment, Offer, Presence, Reservation
from homeshore.contacts.models.work import PresenceState
from homeshore.foundation import bulk
from homeshore.people import queries as people

VOICE, CHAT = "voice", "chat"


class Hindrance(StrEnum):
    """Why no call could be given to an agent."""

    AWAY = "away"
    LINE = "line"
    CONSULTED = "consulted"
    OFFER = "offer"
    CALL = "call"
    CHAT = "chat"
    WORK = "work"


def why_no_call(agent_id: int) -> Hindrance | None:
    """What keeps an agent from taking a call, wrap-up included; None when nothing does."""
    operator_id = people.agent(agent_id).operator_id
    return hindrances(operator_id, among=[agent_id]).get(agent_id, Hindrance.AWAY)


def hindrances(operator_id: int, *, among: Collection[int]) -> dict[int, Hindrance | None]:
    """What keeps each of these agents of an operator from taking a call."""
    asked = bulk.among(among)
    ready = _agents_of(Presence.objects.filter(agent__in=asked, state=PresenceState.READY, line_lost_at=None))
    reserved = reserved_agents(among)
    offered = _agents_of(Offer.objects.filter(agent__in=asked, state=Offer.State.OPEN))
    held: dict[int, list[tuple[str, bool]]] = {}
    current = Assignment.objects.filter(agent__in=asked).exclude(state=Assignment.State.ENDED)
    for agent_id, channel, interruptible in current.values_list("agent", "contact__channel", "queue__interruptible"):
        held.setdefault(agent_id, []).append((channel, interruptible))
    found: dict[int, Hindrance | None] = {}
    for agent in people.agents_of_operator(operator_id):
        if agent.id not in among:
            continue
        if not agent.active or agent.id not in ready:
            found[agent.id] = Hindrance.AWAY
        elif agent.places.get(VOICE, 0) < 1 or not agent.voice_line_ok:
            found[agent.id] = Hindrance.LINE
        elif agent.id in reserved or agent.id in offered:
            found[agent.id] = Hindrance.CONSULTED if agent.id in reserved else Hindrance.OFFER
        else:
            found[agent.id] = _work(held.get(agent.id, ()))
    return found


def reserved_agents(among: Collection[int]) -> set[int]:
    """Those of these agents whom a colleague is asking about a contact."""
    return _agents_of(Reservation.objects.filter(agent__in=bulk.among(among)))


def _agents_of(rows: QuerySet[Presence] | QuerySet[Reservation] | QuerySet[Offer]) -> set[int]:
    return set(rows.values_list("agent_id", flat=True))


def _work(held: Iterable[tuple[str, bool]]) -> Hindrance | None:
    held = list(held)
    channels = {channel for channel, _ in held}
    if VOICE in channels:
        return Hindrance.CALL
    if CHAT in channels:
        return Hindrance.CHAT
    return None if all(interruptible for _, interruptible in held) else Hindrance.WORK
