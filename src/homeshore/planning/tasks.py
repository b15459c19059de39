"""What a child process computes for the screens: it is given values, answers values, and touches no database.

Each task gets what it needs as keyword arguments and a ``tell`` that hears how far it is; it returns a ``Found``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from homeshore.planning import figures
from homeshore.planning.engine.erlang import Goals
from homeshore.planning.engine.history import History, guess_mapping, history_of, history_of_contacts, read_table
from homeshore.planning.engine.history import Mapping as Reading
from homeshore.planning.engine.history.dates import formats_like
from homeshore.planning.engine.history.reading import MOST_BYTES
from homeshore.planning.engine.history.sharing import shared_seconds
from homeshore.planning.engine.income import Tariff
from homeshore.planning.engine.problems import unusable
from homeshore.planning.engine.scenarios import compare_models
from homeshore.planning.engine.scheduling.check import check
from homeshore.planning.engine.scheduling.fairness import fairness
from homeshore.planning.engine.scheduling.replanning import Replan, replan
from homeshore.planning.figures.demand import staffed_of
from homeshore.planning.figures.schedule import schedule as schedule_figures
from homeshore.planning.kept import Kept, parquet
from homeshore.planning.people import rows_of_file
from homeshore.planning.way import Event, Wishes, demand_of, demanded, future, scheduled
from homeshore.planning.way.demand import calendar_for
from homeshore.planning.way.mix import MixAsked, mixed
from homeshore.planning.way.past import Checked, Past, checked, paces_of
from homeshore.planning.way.schedule import homes_of, plan_from, the_problem, weekend_of
from homeshore.planning.way.wishes import Tell, Terms, teller
from homeshore.routing.policy import Policy

SHOWN_ROWS = 6
CONTACTS: Any = {
    "id": pl.Int64, "queue": pl.String, "arrived": pl.Datetime("us", "UTC"), "answered": pl.Boolean, "wait": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """Figures by step, and materials by kind."""

    steps: dict[str, Any] = field(default_factory=dict)
    materials: dict[str, bytes] = field(default_factory=dict)


def wishes_of(settings: Mapping[str, Any], people: Sequence[Mapping[str, Any]] | None = None) -> Wishes:
    """Wishes from the settings that a plan keeps. Raises Unusable where one of them cannot be meant."""
    given = dict(settings)
    goals = Goals(given.pop("share", 0.8), given.pop("seconds", 20.0), given.pop("occupancy", 1.0))
    tariffs = {
        name: Tariff([cents for cents, _ in paid], [share for _, share in paid])
        for name, paid in given.pop("tariffs", {}).items()
    }
    policy = Policy(**given.pop("policy", {}))
    queues = {name: Terms(**row) for name, row in given.pop("queues", {}).items()}
    events = tuple(
        Event(row["name"], date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), row["factor"])
        for row in given.pop("events", [])
    )
    return Wishes(
        goals=goals,
        policy=policy,
        queues=queues,
        tariffs=tariffs,
        events=events,
        people=None if people is None else tuple(people),
        **given,
    )


def look(*, content: bytes, most_bytes: int = MOST_BYTES, tell: Tell) -> Found:
    """How a file would be read: its layout, first rows, and the guessed mapping."""
    table = read_table(content, most_bytes)
    reading = guess_mapping(table)
    shown = table.rows.head(SHOWN_ROWS).select(table.columns)
    samples = {
        column: table.rows[column].drop_nulls().unique(maintain_order=True).head(3).to_list()
        for column in table.columns
    }
    return Found({"look": {
        "layout": table.layout, "lines": table.rows.height, "columns": table.columns, "rows": [list(row) for row in shown.iter_rows()],
        "samples": samples, "problems": figures.problems(table.problems),
        "mapping": {"kind": reading.kind, "columns": reading.columns, "date_format": reading.date_format,
                    "outcomes": reading.outcomes},
        "date_formats": formats_like(reading.date_format),
    }})  # fmt: skip


def read(
    *, settings: Mapping[str, Any], tell: Tell, content: bytes = b"", most_bytes: int = MOST_BYTES, mapping: Mapping[str, Any] | None = None,
    contacts: Mapping[str, Sequence[Any]] | None = None, work: Mapping[str, Sequence[Any]] | None = None,
) -> Found:  # fmt: skip
    """The history of a file as its mapping says, or of the platform's contacts; then forecast and staffing."""
    say = teller(tell)
    say("reading", 0)
    wishes = wishes_of(settings)
    if contacts is not None and work is not None:
        history = _of_platform(contacts, work, wishes)
    else:
        assert mapping is not None
        reading = Reading(
            mapping["kind"], mapping["columns"], mapping["date_format"], mapping["outcomes"], guessed=False
        )
        history = history_of(
            read_table(content, most_bytes), reading, zone=wishes.zone, interval_minutes=wishes.interval_minutes,
            queue=mapping.get("only_queue", "all"),
        )  # fmt: skip
    say("measuring", 0)
    told = figures.of_history(history, calendar_for(history, wishes))
    materials = {"volumes": parquet(history.volumes)}
    if history.contacts is not None:
        materials["contacts"] = parquet(history.contacts)
    found = _forecast(history, settings, tell)
    return Found({"history": told, **found}, materials)


def _of_platform(contacts: Mapping[str, Sequence[Any]], work: Mapping[str, Sequence[Any]], wishes: Wishes) -> History:
    """Contacts with the time of agents that each took: what several hold at once is shared among them."""
    if not contacts["id"]:
        raise unusable("no contact has been answered or abandoned yet: there is nothing to learn from")
    taken = shared_seconds(work["agent"], np.array(work["begun"], dtype=float), np.array(work["ended"], dtype=float))
    by_contact = (
        pl.DataFrame({"id": pl.Series(work["contact"], dtype=pl.Int64), "agent": pl.Series(work["agent"], dtype=pl.Int64),
                      "handling": pl.Series(taken, dtype=pl.Float64)})
        .group_by("id").agg(pl.col("handling").sum(), pl.col("agent").last().cast(pl.String))
    )  # fmt: skip
    frame = pl.DataFrame(contacts, schema=CONTACTS).join(by_contact, on="id", how="left").drop("id")
    return history_of_contacts(frame, zone=wishes.zone, interval_minutes=wishes.interval_minutes)


def forecast(*, settings: Mapping[str, Any], history: Kept, tell: Tell) -> Found:
    """The forecast and staffing of a kept history, under other wishes."""
    return Found(_forecast(history.history(), settings, tell))


def _forecast(history: History, settings: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    wishes = replace(wishes_of(settings), interval_minutes=history.interval_minutes)
    told = figures.of_forecast(demanded(history, wishes, teller(tell)))
    return {"forecast": told, "staffing": staffing(told, wishes)}


def staffing(told: Mapping[str, Any], wishes: Wishes) -> dict[str, Any]:
    """The staffing of a forecast kept as figures."""
    return figures.of_staffing(staffed_of(dict(told)), told["interval_minutes"], told["open_slots"], wishes)


def what_if(told: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The same under other settings: answered at once. Raises Unusable."""
    return staffing(told, wishes_of(settings))


def schedule(
    *, settings: Mapping[str, Any], history: Kept, people: Sequence[Mapping[str, Any]] | None, tell: Tell,
    past: Mapping[str, Any] | None = None,
) -> Found:  # fmt: skip
    """The week's schedule, and what it should pay; with a ``past``, promises are checked on it and corrected by it."""
    kept = history.history()
    wishes = replace(wishes_of(settings, people), interval_minutes=kept.interval_minutes)
    say = teller(tell)
    wishes = replace(wishes, people=_paced(kept, wishes.people))
    found = demanded(kept, wishes, say)
    planned = scheduled(found, wishes, say)
    told = checked(kept, past_of(past), wishes, say) if past else None
    correction = told.correction if isinstance(told, Checked) else None
    lived = future(found, planned.homes, planned.plan, wishes, say, correction)
    return Found({
        "schedule": figures.of_schedule(planned, found.first_day.isoformat()),
        "income": figures.of_income(found, planned.homes, planned.plan, lived, wishes, told),
    })  # fmt: skip


def past_of(columns: Mapping[str, Any]) -> Past:
    """The platform's past from its columns."""
    acts = pl.DataFrame(
        columns["acts"], schema={"agent": pl.String, "at": pl.Float64, "cents": pl.Int64, "queue": pl.String}
    )
    ready = pl.DataFrame(columns["ready"], schema={"agent": pl.String, "since": pl.Float64, "until": pl.Float64})
    serves = {agent: tuple(queues) for agent, queues in columns["serves"].items()}
    return Past(acts, ready, serves, columns["seen_at"], columns["later"])


def _paced(history: History, people: tuple[Mapping[str, Any], ...] | None) -> tuple[Mapping[str, Any], ...] | None:
    """The platform's people with the paces that their contacts show, where none is given."""
    if people is None:
        return None
    paces = paces_of(history)
    return tuple(
        {"pace": paces[row["agent"]][0], "pace_spread": paces[row["agent"]][1], **row}
        if row.get("agent") in paces
        else row
        for row in people
    )


def mix(
    *, settings: Mapping[str, Any], history: Kept, people: Sequence[Mapping[str, Any]] | None, asked: Mapping[str, Any],
    tell: Tell,
) -> Found:  # fmt: skip
    """The cheapest mix of skills for some hours: ``asked`` are those of ``MixAsked``."""
    kept = history.history()
    wishes = replace(wishes_of(settings, people), interval_minutes=kept.interval_minutes)
    say = teller(tell)
    question = MixAsked(**asked)
    return Found({"mix": figures.of_mix(mixed(demanded(kept, wishes, say), question, wishes, say), question, wishes)})


def repair(
    *, settings: Mapping[str, Any], history: Kept, people: Sequence[Mapping[str, Any]] | None,
    planned: Mapping[str, Any], promised: Mapping[str, Any], asked: Mapping[str, Any], tell: Tell,
) -> Found:  # fmt: skip
    """The kept schedule repaired: people absent from a moment on, or calls above what was expected on one day.

    ``asked``: day, hour, absent (names), peak (calls times this, from ``hour`` on), change_cost.
    """
    kept = history.history()
    wishes = replace(wishes_of(settings, people), interval_minutes=kept.interval_minutes)
    wishes = replace(wishes, people=_paced(kept, wishes.people))
    say = teller(tell)
    found = demanded(kept, wishes, say)
    homes, _ = homes_of(found, wishes)
    given = the_problem(found, homes, wishes)
    plan = plan_from(given, planned)
    needed = {name: given.needed[s].copy() for s, name in enumerate(given.skills)}
    day, hour = int(asked["day"]), float(asked["hour"])
    if asked.get("peak", 1.0) != 1.0:
        raised = demanded(kept, replace(wishes, calls_factor=wishes.calls_factor * asked["peak"]), say)
        more = the_problem(raised, homes, wishes, open_slots=found.open_slots).needed
        begun = max(0, int(np.floor((hour - given.first_hour) * 60 / given.slot_minutes + 1e-9)))
        for s, name in enumerate(given.skills):
            needed[name][day, begun:] = more[s, day, begun:]
    say("scheduling", 0.2)
    result: Replan = replan(
        plan, day=day, hour=hour, absent={name: {day} for name in asked.get("absent", [])}, needed=needed,
        notice_hours=float(asked.get("notice", 1.0)), change_cost=float(asked.get("change_cost", 0.5)),
    )  # fmt: skip
    whole = plan_from(
        replace(given, needed=np.stack([needed[name] for name in given.skills])),
        planned,
        (*result.plan.shifts, *result.worked),
    )
    lived = future(found, homes, whole, wishes, say, figures.correction_of(promised))
    fair = fairness(whole, weekend_of(found.first_day, given.days))
    first_day = found.first_day.isoformat()
    return Found({"repair": {
        **figures.of_repair(result), "asked": dict(asked),
        "schedule": schedule_figures(homes, whole, fair, first_day, faults=check(whole).faults if not asked.get("absent") else ()),
        "income": figures.of_income(found, homes, whole, lived, wishes) | {
            name: promised[name] for name in ("calibrated", "calibration", "not_calibrated") if name in promised
        },
    }})  # fmt: skip


def compare(
    *, settings: Mapping[str, Any], history: Kept, changes: Mapping[str, Mapping[str, float]], on: str, tell: Tell
) -> Found:  # fmt: skip
    """On site, offshore and homes on the week to come."""
    kept = history.history()
    wishes = replace(wishes_of(settings), interval_minutes=kept.interval_minutes)
    demand, supposed = demand_of(kept, wishes)
    teller(tell)("comparing", 0.3)
    return Found({
        "comparison": figures.of_comparison(compare_models(demand, date.fromisoformat(on), changes), supposed)
    })  # fmt: skip


def people_of_file(content: bytes) -> tuple[dict[str, Any], ...]:
    """The rows of a file of people. Raises Unusable."""
    return rows_of_file(content)


Task = Callable[..., Found]
TASKS: dict[str, Task] = {
    "look": look, "read": read, "forecast": forecast, "schedule": schedule, "mix": mix, "repair": repair,
    "compare": compare,
}  # fmt: skip
