"""A study as a JSON document: what is asked, and what came of it. One format for files, the command and the screens."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeshore.routing.policy import AgentRule, Policy, QueueRule
from homeshore.routing.simulator.scenario import Shift, poisson_arrivals
from homeshore.routing.simulator.study import EVERYWHERE, Day, Known, Outcome, Variant
from homeshore.routing.vocabulary import build, plain

VERSION = 1


class UnreadableStudy(ValueError):
    """A document that tells no study, with what is wrong in it."""


@dataclass(frozen=True)
class Question:
    """What a document asks: a day, variants of it (the first is what the others are held against), and how often."""

    day: Day
    variants: tuple[Variant, ...]
    replications: int = 20
    seed: int = 1


def write_question(question: Question) -> dict[str, Any]:
    """The question as plain JSON values; `read_question` gives it back."""
    day = question.day
    return {
        "version": VERSION,
        "start": day.start,
        "end": day.end,
        "queues": [plain(queue) for queue in day.queues],
        "agents": [plain(agent) for agent in day.agents],
        "policy": plain(day.policy),
        "shifts": [list(shift) for shift in day.shifts],
        "contacts": [list(contact) for contact in day.contacts],
        "handling": {str(queue): mean for queue, mean in sorted(day.handling.items())},
        "patience": {str(queue): mean for queue, mean in sorted(day.patience.items())},
        "answer": day.answer,
        "guessed": sorted(day.guessed),
        "variants": [
            {
                "name": variant.name,
                "queues": [plain(queue) for queue in variant.queues],
                "policy": plain(variant.policy) if variant.policy else None,
                "volume": variant.volume,
                "agents_away": variant.agents_away,
            }
            for variant in question.variants
        ],
        "replications": question.replications,
        "seed": question.seed,
    }


def read_question(values: Mapping[str, Any]) -> Question:
    """The question that a document asks. Raises UnreadableStudy.

    Instead of `contacts`, `per_hour` may tell Poisson arrivals by queue; without `variants` the day is played as it is.
    """
    if not isinstance(values, Mapping) or values.get("version") != VERSION:
        raise UnreadableStudy(f"This is no study of version {VERSION}: it must be an object with “version”: {VERSION}.")
    try:
        return _question(values)
    except UnreadableStudy:
        raise
    except KeyError as missing:
        raise UnreadableStudy(f"The study lacks {missing}.") from missing
    except (TypeError, ValueError, AttributeError) as error:
        raise UnreadableStudy(f"The study cannot be read: {error}") from error


def _question(values: Mapping[str, Any]) -> Question:
    queues = tuple(build(QueueRule, each) for each in values["queues"])
    known = {queue.id for queue in queues}
    seed = int(values.get("seed", 1))
    day = Day(
        queues=queues,
        agents=tuple(build(AgentRule, each) for each in values["agents"]),
        shifts=tuple(Shift(*map(int, shift)) for shift in values["shifts"]),
        contacts=_contacts(values, seed),
        start=int(values["start"]),
        end=int(values["end"]),
        handling={int(queue): int(mean) for queue, mean in values["handling"].items()},
        patience={
            int(queue): None if mean is None else int(mean) for queue, mean in values.get("patience", {}).items()
        },
        answer=int(values.get("answer", 0)),
        policy=build(Policy, values.get("policy", {})),
        guessed=frozenset(map(int, values.get("guessed", []))),
    )
    for name, means in (("handling", day.handling), ("patience", day.patience)):
        if known - set(means):
            raise UnreadableStudy(f"“{name}” says nothing of queue {min(known - set(means))}.")
    if day.end <= day.start:
        raise UnreadableStudy("“end” does not come after “start”.")
    strangers = {contact.queue for contact in day.contacts} - known
    if strangers:
        raise UnreadableStudy(f"A contact came for queue {min(strangers)}, which is not among “queues”.")
    variants = tuple(
        Variant(
            name=str(each["name"]),
            queues=tuple(build(QueueRule, queue) for queue in each.get("queues", [])),
            policy=build(Policy, each["policy"]) if each.get("policy") else None,
            volume=float(each.get("volume", 1.0)),
            agents_away=int(each.get("agents_away", 0)),
        )
        for each in values.get("variants") or [{"name": "as it is"}]
    )
    return Question(day, variants, int(values.get("replications", 20)), seed)


def _contacts(values: Mapping[str, Any], seed: int) -> tuple[Known, ...]:
    if "per_hour" not in values:
        return tuple(Known(*contact) for contact in values["contacts"])
    chance = random.Random(seed)  # noqa: S311 - a simulation, to be repeated by its seed
    rates = {int(queue): float(number) / 3600 for queue, number in values["per_hour"].items()}
    drawn = poisson_arrivals(chance, rates, int(values["start"]), int(values["end"]))
    return tuple(Known(arrival.at, arrival.queue) for arrival in drawn)


def write_outcomes(outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """Figures by variant and queue (“floor” for the whole), each as [mean, half of the 95 % interval]."""
    return [
        {
            "name": outcome.variant.name,
            "figures": {_place(place): _pairs(figures) for place, figures in outcome.figures.items()},
            "differences": {_place(place): _pairs(figures) for place, figures in outcome.differences.items()},
        }
        for outcome in outcomes
    ]


def _place(place: int) -> str:
    return "floor" if place == EVERYWHERE else str(place)


def _pairs(figures: Mapping[str, Any]) -> dict[str, list[float]]:
    return {name: [round(figure.mean, 6), round(figure.half, 6)] for name, figure in figures.items()}
