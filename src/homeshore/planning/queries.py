"""What screens read of plans; always of one operator."""

from typing import Any

from django.db.models import QuerySet

from homeshore.contacts.queries import policies
from homeshore.foundation.errors import NotFound
from homeshore.planning.models import Plan, Step, StepName, Work
from homeshore.routing.policy import Policy


def plans_of(operator_id: int) -> QuerySet[Plan]:
    """The operator's plans, the last changed first."""
    return Plan.objects.filter(operator_id=operator_id).order_by("-changed_at", "-id")


def plan_of(operator_id: int, plan_id: int) -> Plan:
    """One of the operator's plans. Raises NotFound."""
    found = Plan.objects.filter(operator_id=operator_id, pk=plan_id).first()
    if found is None:
        raise NotFound
    return found


def figures_of(plan: Plan, *names: StepName) -> dict[str, Any]:
    """What these steps found (every step when none is named); a step that was not made is not among them."""
    steps = Step.objects.filter(plan=plan, name__in=names or StepName.values)
    return dict(steps.values_list("name", "figures"))


def made_at(plan: Plan) -> dict[str, Any]:
    """When each step of the plan was made."""
    return dict(Step.objects.filter(plan=plan).values_list("name", "made_at"))


def steps_of(plans: list[Plan]) -> dict[int, set[str]]:
    """The steps made of each plan."""
    found: dict[int, set[str]] = {plan.pk: set() for plan in plans}
    for plan_id, name in Step.objects.filter(plan__in=plans).values_list("plan_id", "name"):
        found[plan_id].add(name)
    return found


def last_work(plan: Plan, *kinds: Work.Kind) -> Work | None:
    """The last work asked for on a plan, of these kinds when any is named."""
    asked = Work.objects.filter(plan=plan)
    if kinds:
        asked = asked.filter(kind__in=kinds)
    return asked.order_by("-id").first()


def open_work(plan: Plan) -> Work | None:
    """The work that waits or runs on a plan."""
    return Work.objects.filter(plan=plan, state__in=(Work.State.WAITING, Work.State.RUNNING)).first()


def routing_policy(plan: Plan) -> dict[str, Any]:
    """What decides who gets a contact: the rule and the spreading of acts that hold on the operator's floors where the plan
    is of the platform; the house's own otherwise, or where floors differ."""
    if plan.source == Plan.Source.PLATFORM:
        found = {(policy.rule, policy.fairness_seconds) for policy in policies.policies_of_operator(plan.operator_id)}
        if len(found) == 1:
            rule, fairness_seconds = found.pop()
            return {"rule": rule, "fairness_seconds": fairness_seconds}
    return {"rule": Policy().rule}


def work_of(operator_id: int, work_id: int) -> Work:
    """One work on one of the operator's plans. Raises NotFound."""
    found = Work.objects.filter(plan__operator_id=operator_id, pk=work_id).select_related("plan").first()
    if found is None:
        raise NotFound
    return found
