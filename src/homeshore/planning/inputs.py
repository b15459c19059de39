"""What a child process is given for each kind of work: everything it needs, read before it starts."""

from typing import Any

from django.conf import settings as conf

from homeshore.foundation import clock
from homeshore.planning import platform
from homeshore.planning.models import Material, Plan, StepName, Work
from homeshore.planning.queries import figures_of, routing_policy


def inputs_of(work: Work) -> dict[str, Any]:
    """The keyword arguments of the work's task."""
    plan = work.plan
    match work.kind:
        case Work.Kind.LOOK:
            return {"content": _content(plan, Material.Kind.FILE), "most_bytes": conf.PLANNING_FILE_BYTES}
        case Work.Kind.READ if plan.source == Plan.Source.FILE:
            return {
                "content": _content(plan, Material.Kind.FILE),
                "most_bytes": conf.PLANNING_FILE_BYTES,
                "mapping": plan.mapping,
                "settings": settings_of(plan),
            }
        case Work.Kind.READ:
            return {"settings": settings_of(plan), **platform.contacts_of(plan.operator_id)}
        case Work.Kind.FORECAST:
            return {"settings": settings_of(plan), "history": _kept(plan)}
        case Work.Kind.SCHEDULE:
            given = {"settings": settings_of(plan), "history": _kept(plan), "people": rows_of_people(plan)}
            if plan.source == Plan.Source.PLATFORM:
                given["past"] = platform.past_of(plan.operator_id, now=clock.now())
            return given
        case Work.Kind.MIX:
            people = rows_of_people(plan)
            if people is None and plan.source == Plan.Source.PLATFORM:
                people = platform.people_of(plan.operator_id, zone=plan.operator.time_zone, now=clock.now()) or None
            return {"settings": settings_of(plan), "history": _kept(plan), "people": people, "asked": work.asked}
        case Work.Kind.REPAIR:
            found = figures_of(plan, StepName.SCHEDULE, StepName.INCOME)
            planned, promised = found[StepName.SCHEDULE], found.get(StepName.INCOME, {})
            return {"settings": settings_of(plan), "history": _kept(plan), "people": rows_of_people(plan),
                    "planned": planned, "promised": promised, "asked": work.asked}  # fmt: skip
        case Work.Kind.COMPARE:
            on = clock.now().date().isoformat()
            return {"settings": settings_of(plan), "history": _kept(plan), "changes": plan.assumptions, "on": on}
    raise ValueError(f"nothing is known of work called {work.kind}")


def settings_of(plan: Plan) -> dict[str, Any]:
    """What the planner asks; queues of the platform add up to their brands, are served as their rules say, and pay as
    their acts have paid."""
    given = {"memory_bytes": conf.PLANNING_MEMORY_BYTES, "policy": routing_policy(plan)}
    if plan.source == Plan.Source.PLATFORM:
        known: dict[str, Any] = {
            "brands": platform.brand_of_queue(plan.operator_id),
            "effort": True,
            "queues": platform.terms_of_queues(plan.operator_id),
            "tariffs": platform.tariffs_of(plan.operator_id),
        }
        said = plan.settings.get("queues", {})
        queues = {name: {**known["queues"].get(name, {}), **said.get(name, {})} for name in {**known["queues"], **said}}
        return {**known, **plan.settings, "queues": queues, **given}
    return {**plan.settings, **given}


def rows_of_people(plan: Plan) -> list[dict[str, Any]] | None:
    """The people planned with; None: supposed ones."""
    return plan.people.get("rows") if plan.people else None


def _content(plan: Plan, kind: Material.Kind) -> bytes:
    return bytes(Material.objects.get(plan=plan, kind=kind).content)


def _kept(plan: Plan) -> Any:
    """The cleaned history, with what its step says of its grid."""
    from homeshore.planning.kept import Kept

    history = figures_of(plan, StepName.HISTORY)[StepName.HISTORY]
    found = dict(Material.objects.filter(plan=plan).exclude(kind=Material.Kind.FILE).values_list("kind", "content"))
    contacts = found.get(Material.Kind.CONTACTS)
    return Kept(history["zone"], history["interval_minutes"], bytes(found[Material.Kind.VOLUMES]),
                None if contacts is None else bytes(contacts))  # fmt: skip
