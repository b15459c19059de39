"""My earnings: a month of an agent, line by line; the rates they come from; and the way to contest a line."""

import csv
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from homeshore.brands import rates as cards
from homeshore.foundation import clock
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import Role
from homeshore.foundation.tenancy import for_roles
from homeshore.pay import earnings, services
from homeshore.people import queries as people
from homeshore.people.queries import AgentFacts
from homeshore.web.asked import day_of
from homeshore.web.earnings.chart import draw
from homeshore.web.spreadsheets import plain

for_agents = for_roles(Role.AGENT)


@require_GET
@for_agents
def page(request: HttpRequest) -> HttpResponse:
    """A month of the agent who asks, this one unless `?month=2026-11` names another."""
    agent, today = _agent(request), _today(request)
    month = _month(request, today)
    found = earnings.earnings(agent.id, month=month, now=clock.now())
    whole = earnings.days_of_month(month)
    shown = {
        "agent": agent,
        "earnings": found,
        "month": month,
        "today": today,
        "is_current": month == today.replace(day=1),
        "previous": (month - timedelta(days=1)).replace(day=1),
        "following": (month + timedelta(days=32)).replace(day=1),
        "chart": draw(whole, {day.date: day.cents for day in found.days}, today=today) if found.days else None,
        "worked": sorted(found.days, key=lambda day: day.date),
        "time_zone": _zone(request),
    }
    return render(request, "earnings/earnings.html", shown)


@require_GET
@for_agents
def as_csv(request: HttpRequest) -> HttpResponse:
    """The lines of a month as a table for spreadsheets: semicolons, UTF-8 with its mark, amounts with a comma in French."""
    agent, today = _agent(request), _today(request)
    month = _month(request, today)
    zone = ZoneInfo(_zone(request))
    french = getattr(request, "LANGUAGE_CODE", "fr") == "fr"
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = slugify(_("My earnings"))
    response["Content-Disposition"] = f'attachment; filename="{name}-{month:%Y-%m}.csv"'
    response.write("\ufeff")
    table = csv.writer(response, delimiter=";")
    table.writerow(
        [
            _("Date"),
            _("Time"),
            _("Contact"),
            _("Brand"),
            _("Queue"),
            _("Outcome"),
            _("Rate card"),
            _("Made of"),
            _("Amount"),
            _("Currency"),
        ]
    )
    for day in reversed(earnings.earnings(agent.id, month=month, now=clock.now()).days):
        for line in reversed(day.lines):
            amount = f"{line.cents / 100:.2f}"
            table.writerow(
                [
                    day.date.isoformat(),
                    f"{line.at.astimezone(zone):%H:%M}",
                    line.reference,
                    plain(line.brand),
                    plain(line.queue),
                    _("correction") if line.corrects else plain(line.disposition),
                    f"v{line.version}" if line.version else "",
                    plain(" + ".join(part["label"] for part in line.parts)),
                    amount.replace(".", ",") if french else amount,
                    line.currency,
                ]
            )
    return response


@require_http_methods(["GET", "POST"])
@for_agents
def contest(request: HttpRequest, act: int) -> HttpResponse:
    """Say what is wrong with a line; a person will answer."""
    agent = _agent(request)
    line = earnings.act_for_agent(act, agent_id=agent.id)
    if line is None:
        raise NotFound
    problem = ""
    if request.method == "POST":
        try:
            services.contest_act(agent_id=agent.id, act_id=act, text=request.POST.get("text", ""), now=clock.now())
        except Invalid as refused:
            problem = str(refused.fields["text"])
        else:
            messages.success(request, _("Your contest is with your supervisor. You will read the answer here."))
            return redirect("earnings")
    said = request.POST.get("text") or (line.contest.text if line.contest else "")
    shown = {"line": line, "said": said, "problem": problem, "time_zone": _zone(request)}
    return render(request, "earnings/contest.html", shown, status=422 if problem else 200)


@require_GET
@for_agents
def rates(request: HttpRequest) -> HttpResponse:
    """Every published rate card of the operator's brands, the one in force marked."""
    published = cards.published_cards(_operator(request).pk, at=clock.now())
    return render(request, "earnings/rates.html", {"cards": published, "time_zone": _zone(request)})


def _operator(request: HttpRequest) -> Any:
    return request.membership.operator  # type: ignore[attr-defined]


def _zone(request: HttpRequest) -> str:
    zone: str = _operator(request).time_zone
    return zone


def _today(request: HttpRequest) -> date:
    return clock.now().astimezone(ZoneInfo(_zone(request))).date()


def _agent(request: HttpRequest) -> AgentFacts:
    agent = people.agent_of_user(user_id=request.user.pk, operator_id=_operator(request).pk)  # type: ignore[arg-type]
    if agent is None:
        raise NotFound(_("Your account is not linked to an agent yet. Ask your operator to do it."))
    return agent


def _month(request: HttpRequest, today: date) -> date:
    asked = request.GET.get("month", "")
    if not asked:
        return today.replace(day=1)
    try:
        month = day_of(f"{asked}-01")
    except ValueError as error:
        raise Invalid(fields={"month": _("Write the month like 2026-11.")}) from error
    return min(month, today.replace(day=1))
