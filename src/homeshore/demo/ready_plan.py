"""A plan for the demonstration's planner to open: made after the start, from the invented weeks, step by step."""

import threading

from homeshore.demo import dataset
from homeshore.foundation import clock
from homeshore.foundation.models import Operator, User
from homeshore.foundation.transactions import write
from homeshore.planning import platform, services
from homeshore.planning.models import Plan, Step, StepName, Work

AFTER_START_SECONDS = 4.0
LOOK_SECONDS = 1.0


def run(stop: threading.Event) -> None:
    """Ask for what the plan lacks, one work after the other; then there is nothing left to do."""
    stop.wait(AFTER_START_SECONDS)
    while not stop.is_set() and go_on(Operator.objects.get(slug=dataset.OPERATOR[1])):
        stop.wait(LOOK_SECONDS)
    stop.wait()


def go_on(operator: Operator) -> bool:
    """Whether something is still to be waited for. What somebody cancelled, or saw fail, is left alone."""
    plan = Plan.objects.filter(operator=operator, invented=True).first()
    if plan is None:
        if Plan.objects.filter(operator=operator).exists():
            return False
        _begin(operator)
        return True
    last = Work.objects.filter(plan=plan).order_by("-id").first()
    if last is None or last.state in (Work.State.FAILED, Work.State.CANCELLED):
        return False
    if last.is_open:
        return True
    made = set(Step.objects.filter(plan=plan).values_list("name", flat=True))
    if StepName.SCHEDULE not in made:
        rows = platform.people_of(operator.pk, zone=operator.time_zone, now=clock.now())
        plan.people = {"source": "platform", "rows": rows}
        services.change_settings(plan=plan, settings={}, then=Work.Kind.SCHEDULE, now=clock.now())
        return True
    if StepName.COMPARISON not in made:
        services.ask(plan=plan, kind=Work.Kind.COMPARE, now=clock.now())
        return True
    return False


def _begin(operator: Operator) -> None:
    planner = User.objects.get(email=dataset.PLANNER[1])
    settings = {"zone": operator.time_zone, "country": operator.country, "language": operator.language, "shared": True}
    with write():
        plan = services.create_plan(
            operator_id=operator.pk, name="La semaine prochaine", source=Plan.Source.PLATFORM, settings=settings,
            by=planner, now=clock.now(),
        )  # fmt: skip
        Plan.objects.filter(pk=plan.pk).update(invented=True)
