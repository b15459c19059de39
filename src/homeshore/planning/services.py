"""Every change of a plan. Long work is asked for here and done elsewhere (`work`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from homeshore.foundation import audit, hints
from homeshore.foundation.errors import Refused
from homeshore.foundation.models import User
from homeshore.foundation.transactions import write
from homeshore.planning.models import Material, Plan, Step, StepName, Work

HINT = "plans"
OPEN = (Work.State.WAITING, Work.State.RUNNING)
ASKED = ("settings", "mapping", "people", "assumptions")
"""What of a plan its results are made with."""

AFTER = {
    StepName.HISTORY: (
        StepName.FORECAST,
        StepName.STAFFING,
        StepName.MIX,
        StepName.SCHEDULE,
        StepName.REPAIR,
        StepName.INCOME,
        StepName.COMPARISON,
    ),
    StepName.STAFFING: (StepName.MIX,),
    StepName.SCHEDULE: (StepName.REPAIR,),
}
"""Steps that say nothing any more once another was made from something else."""


class WorkGoesOn(Refused):
    """Another work runs on this plan."""

    code = "work_goes_on"
    message = _("Something is being computed for this plan. Wait for it, or cancel it first.")


def create_plan(
    *, operator_id: int, name: str, source: Plan.Source, settings: Mapping[str, Any], by: User, now: datetime,
    file_name: str = "", content: bytes = b"",
) -> Plan:  # fmt: skip
    """A plan from a file (which is looked at) or from the platform's contacts (which are read)."""
    with write():
        plan = Plan.objects.create(
            operator_id=operator_id, name=name, source=source, file_name=file_name, settings=dict(settings),
            created_by=by, created_at=now, changed_at=now,
        )  # fmt: skip
        audit.record(
            operator_id=operator_id, actor=by, verb="plan.created", target=plan, data={"source": source}, at=now
        )
        if source == Plan.Source.FILE:
            Material.objects.create(plan=plan, kind=Material.Kind.FILE, content=content)
            ask(plan=plan, kind=Work.Kind.LOOK, now=now)
        else:
            ask(plan=plan, kind=Work.Kind.READ, now=now)
    return plan


def delete_plan(*, plan: Plan, by: User, now: datetime) -> None:
    """Forget a plan with all that was made from it."""
    with write():
        audit.record(operator_id=plan.operator_id, actor=by, verb="plan.deleted", target=plan, data={}, at=now)
        plan.delete()


def confirm_mapping(*, plan: Plan, mapping: Mapping[str, Any], settings: Mapping[str, Any], now: datetime) -> Work:
    """Read the file as a person says it is to be read."""
    with write():
        plan.mapping = dict(mapping)
        return change_settings(plan=plan, settings=settings, then=Work.Kind.READ, now=now)


def change_settings(
    *, plan: Plan, settings: Mapping[str, Any], then: Work.Kind, now: datetime, asked: Mapping[str, Any] | None = None
) -> Work:  # fmt: skip
    """Keep what the planner asks, and compute again what hangs on it; cancelled, the plan asks what it asked before."""
    with write():
        before = _asked_so_far(plan)
        plan.settings = {**plan.settings, **settings}
        plan.changed_at = now
        plan.save(update_fields=[*ASKED, "changed_at"])
        return ask(plan=plan, kind=then, now=now, asked=asked, before=before)


def _asked_so_far(plan: Plan) -> dict[str, Any]:
    """What the results of a plan were asked with; nothing while there are none."""
    if not Step.objects.filter(plan=plan).exclude(name=StepName.LOOK).exists():
        return {}
    so_far: dict[str, Any] = Plan.objects.values(*ASKED).get(pk=plan.pk)
    return so_far


def keep_staffing(*, plan: Plan, settings: Mapping[str, Any], figures: Mapping[str, Any], now: datetime) -> None:
    """Keep the answer to a what-if as the plan's staffing. Raises WorkGoesOn: what is computed now would undo it."""
    with write():
        if Work.objects.filter(plan=plan, state__in=OPEN).exists():
            raise WorkGoesOn
        plan.settings = {**plan.settings, **settings}
        plan.changed_at = now
        plan.save(update_fields=["settings", "changed_at"])
        keep(plan, {StepName.STAFFING: figures}, now=now)


def keep_repair(*, plan: Plan, now: datetime) -> None:
    """The repaired schedule becomes the schedule."""
    with write():
        found = Step.objects.filter(plan=plan, name=StepName.REPAIR).first()
        if found is None:
            raise Refused(_("There is no repair to keep any more."))
        plan.changed_at = now
        plan.save(update_fields=["changed_at"])
        keep(plan, {StepName.SCHEDULE: found.figures["schedule"], StepName.INCOME: found.figures["income"]}, now=now)


def drop_repair(*, plan: Plan) -> None:
    """Leave the schedule as it was."""
    with write():
        Step.objects.filter(plan=plan, name=StepName.REPAIR).delete()


def ask(
    *, plan: Plan, kind: Work.Kind, now: datetime, asked: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> Work:  # fmt: skip
    """Ask for long work on a plan. Raises WorkGoesOn while another is open."""
    try:
        with write():
            work = Work.objects.create(
                plan=plan, kind=kind, asked=dict(asked or {}), before=dict(before or {}), asked_at=now
            )
    except IntegrityError as error:
        raise WorkGoesOn from error
    hints.after_commit(HINT)
    return work


def cancel(*, work: Work, now: datetime) -> bool:
    """Cancel work that has not ended; whoever does it stops at its next beat and keeps nothing, and the plan asks again
    what its results were made with."""
    with write():
        changed = Work.objects.filter(pk=work.pk, state__in=OPEN).update(state=Work.State.CANCELLED, ended_at=now)
        if changed and work.before:
            Plan.objects.filter(pk=work.plan_id).update(**work.before)
    hints.after_commit(HINT)
    return bool(changed)


def keep(plan: Plan, steps: Mapping[str, Any], *, now: datetime) -> None:
    """What steps found takes the place of what they found before; later steps that said something else are forgotten."""
    for name, figures in steps.items():
        Step.objects.filter(plan=plan, name__in=AFTER.get(StepName(name), ())).exclude(name__in=steps).delete()
        Step.objects.update_or_create(plan=plan, name=name, defaults={"figures": figures, "made_at": now})
