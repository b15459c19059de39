"""A plan as a planner makes it from a small file: eight weeks of calls of two queues, computed once and kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from homeshore.foundation.models import Operator, User
from homeshore.planning.models import Material, Plan, Step, Work
from homeshore.planning.tasks import TASKS, Found
from tests.clock import MORNING

SETTINGS = {"zone": "Europe/Paris", "country": "FR", "interval_minutes": 30, "replications": 8}


@cache
def calls_file() -> bytes:
    """Single calls from Monday 7 September 2026 on, nine to five, fewer at weekends."""
    rng = np.random.default_rng(1)
    rows = ["queue;arrived_at;wait;handling;outcome;agent"]
    monday = datetime(2026, 9, 7)  # noqa: DTZ001  a clock time in a file
    for d in range(56):
        day = monday + timedelta(days=d)
        for queue, mean in (("Commandes", 160), ("Sinistres", 70)):
            for second in sorted(rng.uniform(0, 8 * 3600, rng.poisson(mean * (0.3 if day.weekday() > 4 else 1)))):
                lost, wait = rng.random() < 0.08, rng.exponential(20)
                rows.append(f"{queue};{day + timedelta(hours=9, seconds=int(second)):%d/%m/%Y %H:%M:%S};{wait:.0f};"
                            f"{0 if lost else rng.exponential(240):.0f};{'abandoned' if lost else 'answered'};a{rng.integers(8)}")  # fmt: skip
    return "\n".join(rows).encode()


def quietly(step: str, share: float) -> bool:
    """Nobody follows."""
    return True


@cache
def looked() -> Found:
    return TASKS["look"](content=calls_file(), tell=quietly)


def mapping() -> dict[str, Any]:
    return dict(looked().steps["look"]["mapping"])


@cache
def read() -> Found:
    return TASKS["read"](content=calls_file(), mapping=mapping(), settings=SETTINGS, tell=quietly)


def kept() -> Any:
    from homeshore.planning.kept import Kept

    materials = read().materials
    return Kept("Europe/Paris", 30, materials["volumes"], materials["contacts"])


@cache
def scheduled() -> Found:
    return TASKS["schedule"](settings=SETTINGS, history=kept(), people=None, tell=quietly)


@cache
def compared() -> Found:
    return TASKS["compare"](settings=SETTINGS, history=kept(), changes={}, on="2026-11-22", tell=quietly)


def plan_in(operator: Operator, by: User, *found: Found, name: str = "Semaine 45") -> Plan:
    """A plan of an operator in which these results stand; the file, and how it is read, are kept too."""
    plan = Plan.objects.create(
        operator=operator, name=name, source=Plan.Source.FILE, file_name="appels.csv", mapping=mapping(),
        settings=SETTINGS, created_by=by, created_at=MORNING, changed_at=MORNING,
    )  # fmt: skip
    Material.objects.create(plan=plan, kind=Material.Kind.FILE, content=calls_file())
    Work.objects.create(plan=plan, kind=Work.Kind.READ, state=Work.State.DONE, asked_at=MORNING, ended_at=MORNING)
    for each in (looked(), *found):
        for step, figures in each.steps.items():
            Step.objects.create(plan=plan, name=step, figures=figures, made_at=MORNING)
        for kind, content in each.materials.items():
            Material.objects.create(plan=plan, kind=kind, content=content)
    return plan


class Inside:
    """A computation done at once in this process, in place of a child's."""

    def __init__(self, kind: str, inputs: dict[str, Any]) -> None:
        from homeshore.planning.child import Answer, computed

        self.answers: list[Answer] = []

        def tell(step: str, share: float) -> bool:
            self.answers.append(Answer("going", step, share))
            return True

        self.answers.append(computed(kind, inputs, tell))

    def answer(self, seconds: float) -> Any:
        return self.answers.pop(0)

    def end(self) -> None:
        self.answers.clear()
