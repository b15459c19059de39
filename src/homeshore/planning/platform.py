"""What the platform itself knows, brought into the shape of a file: contacts as history, agents with their availability."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from homeshore.brands import queries as brands
from homeshore.contacts.queries import history
from homeshore.missions import queries as missions
from homeshore.missions.coverage import meets
from homeshore.pay import queries as pay
from homeshore.people import queries as people
from homeshore.planning.availability import MICRO, WEEKDAYS

WEEKS_SEEN = 4
WEEKS_CHECKED = 12
LEAST_WINDOW = 2.0
MOST_HOURS = 35.0
MOST_PERCENT = 99.9  # no staffing answers every contact in time
KIND = {"voice": "call", "chat": "chat", "social": "chat", "email": "mail", "task": "mail"}
"""How a channel's contacts are planned."""
STATUS = {"auto_entrepreneur": MICRO, "employee": "employee", "portage": "portage", "company": "company"}


def queue_names(operator_id: int) -> dict[int, str]:
    """The operator's queues by id; the brand beside a name that two brands use."""
    rules, of = brands.queues_of_operator(operator_id), brands.brand_names(operator_id)
    used = Counter(rule.name for rule in rules)
    return {rule.id: rule.name if used[rule.name] == 1 else f"{rule.name}, {of[rule.brand_id]}" for rule in rules}


def brand_of_queue(operator_id: int) -> dict[str, str]:
    """The brand of each queue, by the queue's name."""
    names, of = queue_names(operator_id), brands.brand_names(operator_id)
    return {names[rule.id]: of[rule.brand_id] for rule in brands.queues_of_operator(operator_id)}


def served_from(operator_id: int) -> dict[int, dict[int, int]]:
    """By active agent, the queues, by id, that they can be offered, and the second of waiting from which on: of their missions,
    those for whose channel they have a place and whose skills they have, at the level asked at first (0) or in a ring."""
    engaged = missions.queues_by_agent(operator_id)
    rules = {rule.id: rule for rule in brands.queues_of_operator(operator_id)}
    served: dict[int, dict[int, int]] = {}
    for agent in people.agents_of_operator(operator_id):
        for queue in engaged.get(agent.id, ()) if agent.active else ():
            rule = rules[queue]
            circles = [(0, rule.needs), *((ring.after_seconds, dict(ring.needs)) for ring in rule.rings)]
            since = [after for after, needs in circles if meets(agent, needs)]
            if since and agent.places.get(rule.channel, 0) > 0:
                served.setdefault(agent.id, {})[queue] = min(since)
    return served


def served_by(operator_id: int) -> dict[int, list[int]]:
    """The queues, by id, that each active agent can be offered from the first second on."""
    served = {
        agent: [queue for queue, after in queues.items() if after == 0]
        for agent, queues in served_from(operator_id).items()
    }
    return {agent: queues for agent, queues in served.items() if queues}


def served_later(operator_id: int) -> dict[int, dict[str, int]]:
    """By active agent, the queues, by name, that rings open to them, and the second of waiting from which on."""
    names = queue_names(operator_id)
    later = {
        agent: {names[queue]: after for queue, after in queues.items() if after > 0}
        for agent, queues in served_from(operator_id).items()
    }
    return {agent: queues for agent, queues in later.items() if queues}


def terms_of_queues(operator_id: int) -> dict[str, dict[str, Any]]:
    """How each queue is served, by its name: its kind, its service level, and how many chats its agents hold at once."""
    names = queue_names(operator_id)
    places: dict[int, list[int]] = defaultdict(list)
    agents = {agent.id: agent for agent in people.agents_of_operator(operator_id)}
    rules = {rule.id: rule for rule in brands.queues_of_operator(operator_id)}
    for agent_id, queues in served_by(operator_id).items():
        for queue in queues:
            places[queue].append(agents[agent_id].places[rules[queue].channel])
    terms = {}
    for rule in rules.values():
        kind = KIND[rule.channel]
        held = places[rule.id]
        terms[names[rule.id]] = {
            "kind": kind, "share": round(min(rule.target_percent, MOST_PERCENT) / 100, 4), "seconds": float(rule.target_seconds),
            "at_once": max(1, round(median(held))) if held and kind == "chat" else 1, "weight": rule.cost,
            "overflow": [[step.after_seconds, names[step.queue]] for step in rule.overflow], "reserve": rule.reserve,
        }  # fmt: skip
    return terms


def contacts_of(operator_id: int) -> dict[str, Any]:
    """Every contact that tells something, and the work on each, by column; agents are known by their ids."""
    names = queue_names(operator_id)
    contacts: dict[str, list[Any]] = {"id": [], "queue": [], "arrived": [], "answered": [], "wait": []}
    for each in history.pasts(operator_id):
        for name, value in (("id", each.id), ("queue", names[each.queue_id]), ("arrived", each.arrived_at),
                            ("answered", each.answered), ("wait", each.waited)):  # fmt: skip
            contacts[name].append(value)
    work: dict[str, list[Any]] = {"contact": [], "agent": [], "begun": [], "ended": []}
    for stretch in history.stretches(operator_id):
        for name, value in (("contact", stretch.contact_id), ("agent", stretch.agent_id),
                            ("begun", stretch.begun.timestamp()), ("ended", stretch.ended.timestamp())):  # fmt: skip
            work[name].append(value)
    return {"contacts": contacts, "work": work}


def people_of(operator_id: int, *, zone: str, now: datetime) -> list[dict[str, Any]]:
    """The active agents as rows of people: the queues they serve, at once and later, and the hours at which they were there lately.

    Who was not seen on a weekday in the last four weeks offers nothing on it; who was never seen is offered as free all
    day, and marked so.
    """
    names = queue_names(operator_id)
    serves, later = served_by(operator_id), served_later(operator_id)
    seen = history.attendance(operator_id, since=now - timedelta(weeks=WEEKS_SEEN))
    windows = _windows(seen, ZoneInfo(zone))
    rows = []
    for agent in people.agents_of_operator(operator_id):
        if agent.id not in serves:
            continue
        rows.append({
            "agent": str(agent.id),
            "name": agent.name,
            "queues": [names[queue] for queue in serves[agent.id]],
            "later": later.get(agent.id, {}),
            "status": STATUS.get(agent.status, MICRO),
            "windows": windows.get(agent.id) or [[day, 0, 24] for day in WEEKDAYS],
            "most_hours": MOST_HOURS,
            "seen": agent.id in windows,
        })  # fmt: skip
    return rows


def tariffs_of(operator_id: int) -> dict[str, list[tuple[int, float]]]:
    """By queue, the cents that its acts have paid, and the share of acts that paid so much."""
    names = queue_names(operator_id)
    paid: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for queue_id, cents, count in pay.counts_by_amount(operator_id):
        paid[names[queue_id]].append((cents, count))
    return {
        name: [(cents, count / sum(n for _, n in rows)) for cents, count in rows] for name, rows in sorted(paid.items())
    }


def past_of(operator_id: int, *, now: datetime) -> dict[str, Any]:
    """What acts paid and when agents were ready, by column, over the weeks that promises are checked on; and who serves
    what now. Agents are known by their ids, moments in seconds since 1970."""
    since = now - timedelta(weeks=WEEKS_CHECKED)
    names = queue_names(operator_id)
    acts: dict[str, list[Any]] = {"agent": [], "at": [], "cents": [], "queue": []}
    for agent_id, queue_id, cents, at in pay.amounts(operator_id, since=since):
        for name, value in (
            ("agent", str(agent_id)),
            ("at", at.timestamp()),
            ("cents", cents),
            ("queue", names[queue_id]),
        ):
            acts[name].append(value)
    ready: dict[str, list[Any]] = {"agent": [], "since": [], "until": []}
    for each in history.attendance(operator_id, since=since):
        if each.ready:
            ready["agent"].append(str(each.agent_id))
            ready["since"].append(each.since.timestamp())
            ready["until"].append(each.until.timestamp())
    serves = {str(agent): [names[queue] for queue in queues] for agent, queues in served_by(operator_id).items()}
    later = {str(agent): queues for agent, queues in served_later(operator_id).items()}
    return {"acts": acts, "ready": ready, "serves": serves, "later": later, "seen_at": now.timestamp()}


def _windows(seen: Iterable[history.Attendance], zone: ZoneInfo) -> dict[int, list[list[Any]]]:
    """By agent, for each weekday the span from the earliest to the latest hour at which they were there."""
    spans: dict[int, dict[int, list[float]]] = defaultdict(dict)
    for each in seen:
        begun, ended = each.since.astimezone(zone), each.until.astimezone(zone)
        start = begun.hour + begun.minute / 60
        stop = 24.0 if ended.date() > begun.date() else ended.hour + ended.minute / 60
        span = spans[each.agent_id].setdefault(begun.weekday(), [start, stop])
        span[0], span[1] = min(span[0], start), max(span[1], stop)
    found: dict[int, list[list[Any]]] = {}
    for agent_id, days in spans.items():
        rows: list[list[Any]] = [
            [WEEKDAYS[day], _half(start, down=True), _half(stop)] for day, (start, stop) in sorted(days.items())
        ]
        if kept := [row for row in rows if row[2] - row[1] >= LEAST_WINDOW]:
            found[agent_id] = kept
    return found


def _half(hour: float, *, down: bool = False) -> float:
    """To the half hour outside."""
    halves = int(2 * hour) if down else -int(-2 * hour // 1)
    return min(24.0, halves / 2)
