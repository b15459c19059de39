"""The steps of a plan on screen: where one is, what is made, what waits; and the frame that every step's page has."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles, membership
from homeshore.planning import queries
from homeshore.planning.models import Plan, StepName, Work
from homeshore.planning.report.words import said

for_planners = for_roles(Role.PLANNER, Role.OPERATOR_ADMIN)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step with a screen: its word, and the step that must be made before it can be opened."""

    name: StepName
    label: Promise
    needs: StepName | None


STAGES = (
    Stage(StepName.HISTORY, _("History"), None),
    Stage(StepName.FORECAST, _("Forecast"), StepName.FORECAST),
    Stage(StepName.STAFFING, _("Staffing"), StepName.STAFFING),
    Stage(StepName.SCHEDULE, _("Schedule"), StepName.STAFFING),
    Stage(StepName.INCOME, _("Promise of income"), StepName.INCOME),
    Stage(StepName.COMPARISON, _("Compare models"), StepName.FORECAST),
)

KINDS = {
    StepName.HISTORY: (Work.Kind.LOOK, Work.Kind.READ),
    StepName.FORECAST: (Work.Kind.FORECAST,),
    StepName.STAFFING: (Work.Kind.FORECAST, Work.Kind.MIX),
    StepName.SCHEDULE: (Work.Kind.SCHEDULE, Work.Kind.REPAIR),
    StepName.COMPARISON: (Work.Kind.COMPARE,),
}
"""The work that a step's page asks for, and so whose failure it tells."""

ASKED_ON = {kind: step for step, kinds in reversed(KINDS.items()) for kind in kinds}
"""The first step on whose page work is asked for, and to which one comes back from it."""

DOING = {
    "reading": _("Reading the contacts"),
    "measuring": _("Measuring handling times and patience"),
    "forecasting": _("Trying the methods on each queue’s past"),
    "mixing": _("Trying mixes of skills, contact by contact"),
    "scheduling": _("Looking for the cheapest schedule"),
    "checking": _("Checking past promises against what acts paid"),
    "simulating": _("Simulating the week, contact by contact"),
    "comparing": _("Comparing the models"),
}

WORDS = {
    Work.Kind.LOOK: _("Looking at the file"),
    Work.Kind.READ: _("Reading the history"),
    Work.Kind.FORECAST: _("Forecasting"),
    Work.Kind.MIX: _("Looking for the cheapest mix of skills"),
    Work.Kind.SCHEDULE: _("Making the schedule"),
    Work.Kind.REPAIR: _("Repairing the schedule"),
    Work.Kind.COMPARE: _("Comparing the models"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A stage as one plan's page shows it."""

    number: int
    label: str
    href: str
    current: bool
    open: bool
    made: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Work under way, in words."""

    work: Work
    title: str
    doing: str
    percent: int


def progress_of(work: Work) -> Progress:
    """How far work is, in words; the whole of each kind's parts runs from 0 to 100."""
    begin, size = PARTS.get(work.kind, {}).get(work.doing, (0.0, 1.0))
    return Progress(
        work, str(WORDS[Work.Kind(work.kind)]), str(DOING.get(work.doing, _("Starting") if work.state == Work.State.RUNNING else _("Waiting for its turn"))),
        round(100 * (begin + size * work.share)),
    )  # fmt: skip


PARTS: dict[str, dict[str, tuple[float, float]]] = {
    Work.Kind.READ: {"reading": (0.0, 0.2), "measuring": (0.2, 0.1), "forecasting": (0.3, 0.7)},
    Work.Kind.MIX: {"forecasting": (0.0, 0.2), "mixing": (0.2, 0.8)},
    Work.Kind.SCHEDULE: {
        "forecasting": (0.0, 0.1),
        "scheduling": (0.1, 0.5),
        "checking": (0.6, 0.1),
        "simulating": (0.7, 0.3),
    },
    Work.Kind.REPAIR: {"forecasting": (0.0, 0.2), "scheduling": (0.2, 0.2), "simulating": (0.4, 0.6)},
    Work.Kind.COMPARE: {"forecasting": (0.0, 0.3), "comparing": (0.3, 0.7)},
}
"""Where each part of a kind of work begins, and how much of the whole it is."""


def plan_of(request: HttpRequest, plan_id: int) -> Plan:
    """One of the plans of the planner's operator. Raises NotFound."""
    return queries.plan_of(membership(request).operator_id, plan_id)


def shown(request: HttpRequest, plan: Plan, stage: StepName, template: str, told: dict[str, Any] | None = None,
          status: int = 200) -> HttpResponse:  # fmt: skip
    """A step's page in its frame: the way with its steps, work under way, what failed."""
    made = queries.made_at(plan)
    opened = queries.open_work(plan)
    last = queries.last_work(plan, *KINDS.get(stage, ()))
    failed = last if last and last.state == Work.State.FAILED and stage in KINDS else None
    places = [
        Place(
            number, str(each.label), reverse(f"planning-{each.name.value}", args=[plan.pk]), each.name == stage,
            each.needs is None or each.needs in made, each.name in made,
        )
        for number, each in enumerate(STAGES, 1)
    ]  # fmt: skip
    frame = {
        "plan": plan,
        "stage": stage.value,
        "places": places,
        "following": next((place for place in places if place.number == _number(stage) + 1 and place.open), None),
        "progress": progress_of(opened) if opened else None,
        "problems": [said(each) for each in failed.problems] if failed else [],
        "stale": _stale(stage, made),
        "time_zone": membership(request).operator.time_zone,
    }
    return render(request, f"planner/{template}.html", {**frame, **(told or {})}, status=status)


def _number(stage: StepName) -> int:
    return next(number for number, each in enumerate(STAGES, 1) if each.name == stage)


BEFORE = {
    StepName.SCHEDULE: (StepName.FORECAST, StepName.STAFFING),
    StepName.INCOME: (StepName.FORECAST, StepName.STAFFING),
    StepName.COMPARISON: (StepName.FORECAST, StepName.STAFFING),
}


def _stale(stage: StepName, made: dict[str, Any]) -> bool:
    """Whether what a step hangs on was made anew since."""
    return stage in made and any(made[each] > made[stage] for each in BEFORE.get(stage, ()) if each in made)
