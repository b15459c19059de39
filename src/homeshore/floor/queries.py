"""What supervisors see: the floor as of one moment, and one agent's day. Each in a number of queries that never grows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeshore.brands import queries as brands
from homeshore.brands.queries import QueueRules
from homeshore.channels.email import queries as mails
from homeshore.channels.voice import queries as calls
from homeshore.contacts.channels import live_channels
from homeshore.contacts.queries import contests as contested
from homeshore.contacts.queries import days, shapes, waits
from homeshore.contacts.queries import floor as contacts
from homeshore.contacts.queries.floor import FloorFacts
from homeshore.contacts.queries.shapes import moment
from homeshore.floor import simulation, tally
from homeshore.foundation import feed
from homeshore.foundation.models import Operator, User
from homeshore.foundation.transactions import snapshot
from homeshore.missions import queries as missions
from homeshore.missions.coverage import meets
from homeshore.pay import earnings
from homeshore.people import queries as people
from homeshore.people.queries import AgentFacts

STILL_IN_SIGHT = timedelta(minutes=10)
"""Contacts closed so lately are sent one by one: an event about them that comes twice cannot be counted twice."""
EVENTS_SHOWN, EVENTS_SEARCHED = 50, 400


def floor_snapshot(floor: FloorFacts, operator: Operator, *, user: User, now: datetime) -> dict[str, Any]:
    """All that the floor's screen draws, with the grant to follow it; docs/reference/floor.md has the shape."""
    position = feed.position()
    begins, ends = bounds_of_day(now.astimezone(ZoneInfo(operator.time_zone)).date(), operator.time_zone)
    in_sight = max(begins, now - STILL_IN_SIGHT)
    with snapshot():
        queues = [
            queue for queue in brands.queues_of_operator(operator.pk) if queue.id in floor.queues and queue.active
        ]
        agents = people.agents_of_operator(operator.pk)
        engaged = missions.queues_by_agent(operator.pk)
        mails_waiting = mails.counts(operator.pk)
        me = next((agent.id for agent in agents if agent.user_id == user.pk and agent.active), None)
        counted = tally.count(
            contacts.ends(floor.id, arrived_since=begins, closed_before=in_sight),
            since=begins,
            targets={queue.id: queue.target for queue in queues},
        )
        return {
            "position": str(position),
            "grant": feed.grant(principal=f"user:{user.pk}", topics=[f"floor:{floor.id}"]),
            "now": moment(now),
            "day": {"begins": moment(begins), "ends": moment(ends)},
            "floor": {"id": floor.id, "name": floor.name},
            "operator": {"id": operator.pk, "time_zone": operator.time_zone, "currency": operator.currency},
            "me": me,
            "simulation": _simulation(),
            "queues": _queues(queues, agents, engaged, operator.pk),
            "agents": _agents(agents, queues, engaged, operator.pk, floor.id, begins=begins, now=now),
            "contacts": contacts.contacts(floor.id, closed_since=in_sight),
            "assignments": contacts.work_in_hand(floor.id),
            "offers": contacts.open_offers(floor.id),
            "callbacks": contacts.callbacks(floor.id),
            "calls": calls.calls_on_floor(floor.queues),
            "waits": waits.waits_of_floor(floor.id, channels=live_channels(), now=now),
            "tally": counted.as_json(),
            "concerns": {
                "gaps": earnings.gaps(operator.pk, since=begins),
                "contests": [
                    earnings.contest_for_floor(each, each.act) for each in earnings.contests_to_answer(operator.pk)
                ],
                "choices": [shapes.contest_for_floor(each) for each in contested.to_answer(operator.pk)],
                "set_aside": mails_waiting["set_aside"],
                "undelivered": mails_waiting["failed"],
            },
            "events": _last_events(operator.pk, floor.id),
        }


def agent_day(agent: AgentFacts, operator: Operator, *, day: date, now: datetime) -> dict[str, Any]:
    """One agent's day: presence, offers with their outcome, work with wrap-up, and acts."""
    begins, ends = bounds_of_day(day, operator.time_zone)
    with snapshot():
        return {
            "agent": {"id": agent.id, "name": agent.name, "simulated": agent.simulated, "status": agent.status},
            "now": moment(now),
            "day": {"date": day.isoformat(), "begins": moment(begins), "ends": moment(ends)},
            "presence": [
                {"state": span.state, "reason": span.reason, "since": moment(span.since), "until": moment(span.until)}
                for span in days.spans(agent.id, since=begins, until=ends)
            ],
            "offers": days.offers_made(agent.id, since=begins, until=ends),
            "work": days.work_done(agent.id, since=begins, until=ends),
            "acts": earnings.acts_between(agent.id, since=begins, until=ends),
            "currency": operator.currency,
        }


def bounds_of_day(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """The first moment of a local day and of the next one, in UTC."""
    zone = ZoneInfo(time_zone)
    following = day + timedelta(days=1)
    return (
        datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC),
        datetime(following.year, following.month, following.day, tzinfo=zone).astimezone(UTC),
    )


def _simulation() -> dict[str, bool] | None:
    switch = simulation.switch()
    return {"on": switch.is_running()} if switch else None


def _queues(
    queues: list[QueueRules], agents: list[AgentFacts], engaged: Mapping[int, Sequence[int]], operator_id: int
) -> list[dict[str, Any]]:
    """The queues; `unmet` tells the needs of those that nobody engaged on them meets."""
    brand_names, skill_names = brands.brand_names(operator_id), people.skill_names(operator_id)
    return [
        {
            "id": queue.id,
            "name": queue.name,
            "brand": queue.brand_id,
            "brand_name": brand_names[queue.brand_id],
            "channel": queue.channel,
            "target_seconds": queue.target_seconds,
            "target_percent": queue.target_percent,
            "priority": queue.priority,
            "unmet": [
                {"skill": skill_names.get(skill, ""), "level": least, "best": best}
                for skill, least, best in unmet_needs(
                    queue, [each for each in agents if each.active and queue.id in engaged.get(each.id, ())]
                )
            ],
        }
        for queue in queues
    ]


def _agents(
    agents: list[AgentFacts],
    queues: list[QueueRules],
    engaged: Mapping[int, Sequence[int]],
    operator_id: int,
    floor_id: int,
    *,
    begins: datetime,
    now: datetime,
) -> list[dict[str, Any]]:
    """The agents who work on these queues; `queues` are those whose needs they meet."""
    stand = contacts.presences(operator_id)
    finished = contacts.last_work_ended(floor_id, since=begins)
    weak = calls.weak_lines(operator_id)
    on_floor = {queue.id: queue for queue in queues}
    return [
        {
            "id": agent.id,
            "name": agent.name,
            "simulated": agent.simulated,
            "places": agent.places,
            "queues": [queue_id for queue_id in theirs if meets(agent, on_floor[queue_id].needs)],
            "finished_at": moment(finished.get(agent.id)),
            "line": weak.get(agent.id),
            **{
                name: value
                for name, value in (stand.get(agent.id) or contacts.offline(now)).items()
                if name != "lease_seconds"
            },
        }
        for agent in agents
        if agent.active and (theirs := [each for each in engaged.get(agent.id, []) if each in on_floor])
    ]


def unmet_needs(queue: QueueRules, agents: Sequence[AgentFacts]) -> list[tuple[int, int, int]]:
    """(skill, least level, best level held) of the needs that nobody meets; none when somebody meets them all.

    Where each need is met by somebody and all of them by nobody, all are told.
    """
    if any(meets(agent, queue.needs) for agent in agents):
        return []
    needs = [
        (skill, least, max((agent.skills.get(skill, 0) for agent in agents), default=0))
        for skill, least in sorted(queue.needs.items())
    ]
    return [need for need in needs if need[2] < need[1]] or needs


def _last_events(operator_id: int, floor_id: int) -> list[dict[str, Any]]:
    """The last events of the floor that are still kept, the oldest first."""
    return [
        {"position": str(event.position), "kind": event.kind, "payload": event.payload, "at": moment(event.at)}
        for event in feed.last(operator_id=operator_id, topic=f"floor:{floor_id}", search=EVENTS_SEARCHED)[
            -EVENTS_SHOWN * 3 :
        ]
    ]
