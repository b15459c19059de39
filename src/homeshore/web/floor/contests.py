"""What agents contest, lines of earnings and choices of the router: a person reads them, and answers with a reason."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from homeshore.contacts.queries import contests as choices
from homeshore.contacts.queries import why
from homeshore.contacts.queries.past import PastNotKept
from homeshore.contacts.services import answer_contested_offer
from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid
from homeshore.pay import earnings, services
from homeshore.web.floor.views import for_leaders


@require_GET
@for_leaders
def page(request: HttpRequest) -> HttpResponse:
    """The contests that wait for an answer, the oldest first."""
    return _page(request)


@require_POST
@for_leaders
def answer(request: HttpRequest, contest: int) -> HttpResponse:
    """Answer one; what is wrong with the answer is said beside it, and nothing is lost."""
    accepted = request.POST.get("outcome") == "accepted"
    try:
        services.answer_contest(
            operator_id=request.membership.operator_id,  # type: ignore[attr-defined]
            contest_id=contest,
            by=request.user,  # type: ignore[arg-type]
            accepted=accepted,
            answer=request.POST.get("answer", ""),
            correction_cents=_cents(request.POST.get("correction", "")) if accepted else 0,
            now=clock.now(),
        )
    except Invalid as problem:
        said = {
            "id": contest,
            "answer": request.POST.get("answer", ""),
            "correction": request.POST.get("correction", ""),
        }
        return _page(request, said=said, problems=problem.fields, status=422)
    messages.success(request, _("Your answer is with the agent."))
    return redirect("floor-contests")


@require_POST
@for_leaders
def answer_choice(request: HttpRequest, contested: int) -> HttpResponse:
    """Answer a contested choice of the router; what is wrong with the answer is said beside it."""
    try:
        answer_contested_offer(
            operator_id=request.membership.operator_id,  # type: ignore[attr-defined]
            contest_id=contested,
            by=request.user,  # type: ignore[arg-type]
            accepted=request.POST.get("outcome") == "accepted",
            answer=request.POST.get("answer", ""),
            now=clock.now(),
        )
    except Invalid as problem:
        return _page(request, unanswered=contested, problems=problem.fields, status=422)
    messages.success(request, _("Your answer is with the agent."))
    return redirect("floor-contests")


def _page(
    request: HttpRequest,
    *,
    said: object = None,
    unanswered: int | None = None,
    problems: object = None,
    status: int = 200,
) -> HttpResponse:
    operator = request.membership.operator  # type: ignore[attr-defined]
    shown = {
        "contests": earnings.contests_to_answer(operator.pk),
        "choices": [(each, _explained(each, operator)) for each in choices.to_answer(operator.pk)],
        "said": said,
        "unanswered": unanswered,
        "problems": problems,
        "time_zone": operator.time_zone,
    }
    return render(request, "floor/contests.html", shown, status=status)


def _explained(contest: Any, operator: Any) -> dict[str, Any] | None:
    """The router's own reasons for a contested choice; None when they can no longer be retold."""
    try:
        return why.offer_went_to_another(
            contest.offer_id,
            agent_id=contest.agent_id,
            operator_id=operator.pk,
            of_people=True,
            zone=operator.time_zone,
            now=clock.now(),
        )
    except PastNotKept:
        return None


def _cents(text: str) -> int:
    """Whole cents of a sum as people write it, 1,50 or 1.50; raises Invalid."""
    try:
        cents = Decimal(text.strip().replace(",", ".") or "0") * 100
    except InvalidOperation:
        cents = Decimal(-1)
    if not cents.is_finite() or cents < 0 or cents != cents.to_integral_value() or cents > 10_000_00:
        raise Invalid(fields={"correction": gettext_lazy("Write a sum like 1.50.")})
    return int(cents)
