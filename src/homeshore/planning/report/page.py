"""The page itself: what was read, what is to come, who works when, what it should pay; French or English."""

from datetime import date
from html import escape

import numpy as np
from django.utils.translation import gettext as _

from homeshore.planning.report import charts
from homeshore.planning.report.parts import euros, facts, framed, method_name, notes, percent, short_day, table
from homeshore.planning.results import promise_table
from homeshore.planning.whole_way import Outcome, QueuePlan

SHOWN_PEOPLE = 40


def page(outcome: Outcome, title: str) -> str:
    """The whole page as text, its style inside it."""
    body = [_head(outcome, title), _schedule(outcome), _income(outcome), *map(_queue, outcome.queues), _read(outcome)]
    return framed(title, "".join(body))


def _head(outcome: Outcome, title: str) -> str:
    week, plan = outcome.week, outcome.plan
    expected = [promise.expected for day in outcome.promises for promise in day]
    shown = [
        (_("week planned"), f"{short_day(week[0])} – {short_day(week[-1])} {week[-1].year}"),
        (_("people"), str(len(outcome.homes))),
        (_("shifts"), str(len(plan.shifts))),
        (_("calls expected"), f"{sum(float(q.forecast.mean[: len(week)].sum()) for q in outcome.queues):.0f}"),
        (_("an hour should pay"), euros(float(np.mean(expected))) if expected else "–"),
    ]
    return f"<header><h1>{escape(title)}</h1>{facts(shown)}</header>"


def _schedule(outcome: Outcome) -> str:
    plan, problem = outcome.plan, outcome.plan.problem
    per_hour = max(1, 60 // problem.slot_minutes)
    spare = (plan.cover - problem.needed).sum(axis=0).astype(float)
    hours = -(-spare.shape[1] // per_hour)
    padded = np.pad(spare, ((0, 0), (0, hours * per_hour - spare.shape[1])))
    by_hour = padded.reshape(problem.days, hours, per_hour).mean(axis=2)
    names = [short_day(day) for day in outcome.week]
    columns = [f"{int(problem.first_hour) + h}" for h in range(hours)]
    titles = [
        [_("%(day)s, %(hour)s h") % {"day": names[d], "hour": columns[h]} for h in range(hours)]
        for d in range(problem.days)
    ]
    service = [
        [q.name, percent(float(outcome.service.mean[k]), 1),
         f"{percent(float(outcome.service.low[k]), 1)} – {percent(float(outcome.service.high[k]), 1)}"]
        for k, q in enumerate(outcome.queues)
    ]  # fmt: skip
    need, cover = problem.needed.sum(axis=0).ravel(), plan.cover.sum(axis=0).ravel()
    labels = [(d / problem.days, name) for d, name in enumerate(names)]
    goals = outcome.wishes.goals
    parts = [
        "<section><h2>" + _("Schedule") + "</h2>",
        facts([
            (_("cost at most above the best possible"), percent(max(plan.gap, 0.0), 2)),
            (_("agent intervals missing"), f"{plan.missing} / {int(problem.needed.sum())}"),
            (_("inequality of hours (Gini)"), f"{outcome.fairness.inequality:.2f}"),
            (_("rules broken"), str(len(outcome.faults))),
        ]),
        "<h3>" + _("Need and cover") + "</h3>", charts.need_and_cover(need, cover, labels, _("Need and cover")),
        "<p class=key><span class=bar></span>" + _("covered") + " <span class=short></span>" + _("not enough") + " "
        "<span class=need></span>" + _("needed") + "</p>",
        "<h3>" + _("Agents to spare or missing, by hour") + "</h3>",
        charts.heat_map(by_hour, names, columns, _("Agents to spare or missing, by hour"), titles),
        "<h3>" + _("Service expected of this schedule") + "</h3>",
        "<p>" + escape(_("Share answered within %(seconds)g s, simulated contact by contact over %(count)d futures; the goal is %(goal)s.")
                       % {"seconds": goals.seconds, "count": outcome.wishes.replications, "goal": percent(goals.share)}) + "</p>",
        table([_("queue"), _("service level"), _("95% interval of its mean")], service),
        notes(outcome.gaps[:8], "warn"), notes(outcome.faults, "warn"),
        "<h3>" + _("Who works when") + "</h3>", _grid(outcome, names), "</section>",
    ]  # fmt: skip
    return "".join(parts)


def _grid(outcome: Outcome, names: list[str]) -> str:
    problem = outcome.plan.problem
    length = problem.slots * problem.slot_minutes / 60
    places = {queue: k for k, queue in enumerate(problem.skills)}
    rows: dict[str, list[tuple[float, float, int, str]]] = {home.person.name: [] for home in outcome.homes}
    for shift in outcome.plan.shifts:
        for queue, start, end in shift.tasks:
            title = f"{shift.person}, {names[shift.day]}, {_clock(start)}–{_clock(end)}, {queue}"
            at, to = ((hour - problem.first_hour) / length for hour in (start, end))
            rows[shift.person].append((shift.day + at, shift.day + to, places[queue], title))
    key = "".join(f'<span class="queue-{k % 6}"></span>{escape(queue)} ' for queue, k in places.items())
    shown = list(rows.items())[:SHOWN_PEOPLE]
    more = len(rows) - len(shown)
    note = (
        "<p class=quiet>" + escape(_("and %(count)d more people in schedule.parquet") % {"count": more}) + "</p>"
        if more > 0
        else ""
    )
    return (
        f"<p class=key>{key}</p>"
        + charts.schedule_grid(shown, names, (problem.first_hour, problem.first_hour + length))
        + note
    )


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"


def _income(outcome: Outcome) -> str:
    promised = promise_table(outcome)
    risks = {"few_calls": _("few calls"), "own_pace": _("longer calls than most"), "chance": _("chance")}
    statuses = {"micro_bnc": _("micro-entrepreneur"), "micro_bic_services": _("micro-entrepreneur (services)"),
                "micro_artisan": _("craft micro-entrepreneur"), "employee": _("employee"), "portage": _("portage")}  # fmt: skip
    rows = []
    for (person, status), part in promised.group_by("person", "status", maintain_order=True):
        mean = float(part["expected_cents"].mean() or 0)  # type: ignore[arg-type]
        net = part["net_cents"].drop_nulls().mean()
        risk = part["chief_risk"].drop_nulls().mode().sort()
        rows.append([
            str(person), statuses.get(str(status), str(status)), str(part.height), euros(mean),
            f"{euros(float(part['low_cents'].mean() or 0))} – {euros(float(part['high_cents'].mean() or 0))}",  # type: ignore[arg-type]
            euros(float(net)) if net is not None else "–", risks.get(risk[0], "–") if risk.len() else "–",  # type: ignore[arg-type]
        ])  # fmt: skip
    cost = outcome.floor_cost
    headers = [
        _("person"),
        _("status"),
        _("full hours"),
        _("an hour pays"),
        _("four hours in five"),
        _("net, about"),
        _("chief risk"),
    ]
    paragraph = _(
        "For each full hour worked: what acts should pay, before contributions, and the range that should hold it four times "
        "in five. Net is before income tax, for a month at this week's pace. No earnings are in the file, so these ranges "
        "could not be checked against the past."
    )
    floor_text = _("Guaranteeing %(floor)s an hour would cost %(expected)s this week, %(most)s at most nine times in ten: "
                   "%(share)s of hours would be topped up.") % {
        "floor": euros(cost.floor), "expected": euros(cost.expected), "most": euros(cost.at_most),
        "share": percent(cost.share_of_hours),
    }  # fmt: skip
    shown = rows[:SHOWN_PEOPLE]
    more = len(rows) - len(shown)
    note = (
        "<p class=quiet>" + escape(_("and %(count)d more people in promises.parquet") % {"count": more}) + "</p>"
        if more > 0
        else ""
    )
    return ("<section><h2>" + _("What an hour should pay") + f"</h2><p>{escape(paragraph)}</p><p>{escape(floor_text)}</p>"
            + table(headers, shown, 2) + note + "</section>")  # fmt: skip


def _queue(queue: QueuePlan) -> str:
    told = queue.forecast
    past = queue.series.calls[-28:]
    days = [
        queue.series.first_day.toordinal() + queue.series.calls.shape[0] - len(past) + k
        for k in range(len(past) + len(told.mean))
    ]
    labels = [(k / len(days), short_day(date.fromordinal(days[k]))) for k in range(0, len(days), 7)]
    sums = [np.nansum(past, axis=1), told.mean.sum(axis=1)]
    spread = np.sqrt(told.spread.noise * told.mean.sum(axis=1) + (told.spread.day_spread * told.mean.sum(axis=1)) ** 2)
    low, high = np.maximum(0.0, sums[1] - 1.2816 * spread), sums[1] + 1.2816 * spread
    low, high = np.minimum(low, sums[1]), np.where(told.high.sum(axis=1) > 2.5 * sums[1], told.high.sum(axis=1), high)
    methods = [[method_name(m.name), percent(m.wape, 1), _("chosen") if m.chosen else ""] for m in told.methods]
    patience = "–" if queue.patience_seconds is None else f"{queue.patience_seconds:.0f} s"
    return "".join([
        f"<section><h2>{escape(queue.name)}</h2>",
        facts([
            (_("handling time"), f"{queue.handling_seconds:.0f} s"), (_("mean patience"), patience),
            (_("error of the chosen method"), percent(told.methods[0].wape, 1) if told.methods else "–"),
            (_("of which noise alone"), percent(told.noise_wape, 1) if told.methods else "–"),
        ]),
        charts.history_and_forecast(sums[0], sums[1], low, high, labels, _("Calls a day, seen and expected")),
        "<p class=key><span class=past></span>" + _("seen") + " <span class=mean></span>" + _("expected") + " "
        "<span class=band></span>" + _("four days in five") + "</p>",
        notes(told.warnings, "warn"),
        "<details><summary>" + _("Methods tried on this queue") + "</summary>",
        table([_("method"), _("error by interval, on days not seen"), ""], methods), "</details></section>",
    ])  # fmt: skip


def _read(outcome: Outcome) -> str:
    history = outcome.history
    mapping = [[name, column] for name, column in history.mapping.described()] if history.mapping else []
    marks = [[short_day(m.day), m.queue or "", m.note] for m in outcome.marks]
    return "".join([
        "<section><h2>" + _("What was read, and what was supposed") + f"</h2><p>{escape(history.layout)}</p>",
        table([_("field"), _("column")], mapping, 2), notes(history.problems),
        "<h3>" + _("Supposed") + "</h3>", notes(outcome.assumptions),
        "<h3>" + _("Days marked as unlike the others, left out of learning") + "</h3>" if marks else "",
        table([_("day"), _("queue"), _("why")], marks, 3) if marks else "", "</section>",
    ])  # fmt: skip
