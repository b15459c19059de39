"""The report itself: what was read, what is to come, who works when, what it should pay; French or English."""

from html import escape
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeshore.planning.report import calibration, charts, shapes
from homeshore.planning.report.comparison import comparison
from homeshore.planning.report.language import clock, figure, short_day
from homeshore.planning.report.parts import (
    euros,
    facts,
    framed,
    gap_in_words,
    goal,
    listed,
    notes,
    percent,
    seconds,
    table,
)
from homeshore.planning.report.shapes import Figures
from homeshore.planning.report.words import (
    GIVEN_OUT,
    KINDS,
    RISKS,
    STATUSES,
    field_name,
    known,
    layout_in_words,
    method_name,
    read_as,
    said,
)
from homeshore.routing.policy import LONGEST_IDLE

SHOWN_PEOPLE = 40


def page(told: Figures, title: str) -> str:
    """The whole page as text, its style inside it. ``told`` holds the figures of the steps that were made."""
    parts = [_head(told, title)]
    if "schedule" in told:
        parts.append(_schedule(told))
    if "mix" in told and "forecast" in told:
        parts.append(_mix(told["mix"], told["forecast"]["first_day"]))
    if "income" in told:
        parts.append(_income(told["income"]))
    if "forecast" in told:
        parts += [_queue(queue, told["forecast"]) for queue in told["forecast"]["queues"]]
    if "comparison" in told:
        parts.append(comparison(told["comparison"]))
    parts.append(_read(told))
    return framed(title, "".join(parts))


def _head(told: Figures, title: str) -> str:
    shown = []
    if "forecast" in told:
        calls = sum(sum(queue["daily"][:7]) for queue in told["forecast"]["queues"])
        week = shapes.days_from(told["forecast"]["first_day"], 7)
        shown += [(_("week planned"), f"{short_day(week[0])} – {short_day(week[-1])} {week[-1].year}"),
                  (_("calls expected"), figure(calls))]  # fmt: skip
    if "staffing" in told:
        shown.append((_("agent hours needed"), figure(told["staffing"]["week_hours"])))
    if "schedule" in told:
        people = told["schedule"]["people"]
        shown += [(_("people"), str(len(people))), (_("shifts"), str(sum(len(each["shifts"]) for each in people)))]
    if told.get("income", {}).get("hours"):
        hours = told["income"]["hours"]
        shown.append((_("an hour should pay"), euros(sum(each["expected"] for each in hours) / len(hours))))
    return f"<header><h1>{escape(title)}</h1>{facts(shown)}</header>"


def _schedule(told: Figures) -> str:
    found = told["schedule"]
    names = [short_day(day) for day in shapes.week_of(found)]
    need, cover = shapes.flat(shapes.summed(found["needed"])), shapes.flat(shapes.summed(found["cover"]))
    labels = [(d / found["days"], name) for d, name in enumerate(names)]
    columns, spare = shapes.spare_by_hour(found)
    titles = [[_("%(day)s, %(hour)s h") % {"day": name, "hour": column} for column in columns] for name in names]
    parts = [
        "<section><h2>" + _("Schedule") + "</h2>",
        facts([
            (_("cost at most above the best possible"), percent(found["gap"], 2)),
            (_("agent intervals missing"), f"{found['missing']} / {figure(sum(need))}"),
            (_("inequality of hours (Gini)"), figure(found["inequality"], 2)),
            (_("rules broken"), str(len(found["faults"]))),
        ]),
        "<h3>" + _("Need and cover") + "</h3>",
        charts.need_and_cover(need, cover, labels, _("Need and cover"), found["days"]),
        "<p class=key><span class=promised></span>" + _("covered") + " <span class=bad></span>" + _("not enough") + " "
        "<span class=need></span>" + _("needed") + "</p>",
        "<h3>" + _("Agents to spare or missing, by hour") + "</h3>",
        charts.heat_map(spare, names, columns, _("Agents to spare or missing, by hour"), titles),
        _service(told.get("income")),
        listed([gap_in_words(each, found["first_day"]) for each in found["cannot_be_covered"][:8]], "warn"), notes(found["faults"], "warn"),
        "<h3>" + _("Who works when") + "</h3>", _grid(found, names), "</section>",
    ]  # fmt: skip
    return "".join(parts)


def _service(income: Figures | None) -> str:
    if not income:
        return ""
    rows = [
        [row["name"], known(KINDS, row.get("kind", "call")), goal(row["goal"], row["seconds"]) if "seconds" in row else percent(row["goal"]),
         percent(row["service_level"], 1), f"{percent(row['low'], 1)} – {percent(row['high'], 1)}"]
        for row in income["service"]
    ]  # fmt: skip
    words = _("Share answered in time, over %(count)d futures.") % {"count": income["replications"]}
    return ("<h3>" + _("Service expected of this schedule") + f"</h3><p>{escape(words)} {escape(routed_in_words(income))}</p>"
            + table([_("queue"), _("what comes"), _("goal"), _("service level"), _("95% interval of its mean")], rows, 3))  # fmt: skip


def routed_in_words(income: Figures) -> str:
    """By which rule contacts were given out where the schedule was lived, and what that means for promises where it is not
    the floor's."""
    rule = income.get("rule", LONGEST_IDLE)
    said = _("Simulated contact by contact, given out %(rule)s; calls alone, chats side by side as the agent holds them, e-mails in between.") % {
        "rule": known(GIVEN_OUT, rule)
    }  # fmt: skip
    if not income.get("as_routed", True):
        said += " " + _(
            "So many contacts take too long to give out as the floor does, by its own rule, with overflow and reserved agents: by least cost, who "
            "serves one queue will have more of them than said here, who serves several fewer."
        )  # fmt: skip
    return said


def _mix(found: Figures, first_day: str) -> str:
    """Which people, by the queues they serve, some hours need."""
    groups = [
        [who_serves(row), str(row["agents"]), str(row["scheduled"]), figure(row["cost"], 2)]
        for row in found["groups"] if row["agents"]
    ]  # fmt: skip
    queues = [
        [row["name"], goal(row["goal"], row["seconds"]), percent(row["service_level"], 1), percent(row["kept"])]
        for row in found["queues"]
    ]
    return "".join([
        "<section><h2>" + _("The cheapest mix of skills") + f"</h2><p>{escape(mix_in_words(found, first_day))}</p>",
        table([_("who serves"), _("at work"), _("to schedule"), _("cost, in hours of one queue")], groups),
        table([_("queue"), _("goal"), _("in time, on average"), _("days on which the goal is kept")], queues, 2),
        f"<p>{escape(rule_in_words(found))}</p>", notes(found["assumptions"]), "</section>",
    ])  # fmt: skip


def who_serves(group: Figures) -> str:
    """The queues of a group of the mix, those that they serve later with the moment."""
    later = [
        _("%(queue)s after %(seconds)d s") % {"queue": queue, "seconds": after}
        for queue, after in group.get("later", {}).items()
    ]
    return ", ".join([*group["queues"], *later])


def mix_in_words(found: Figures, first_day: str) -> str:
    """What was asked of the mix, and how many people it takes, in a sentence."""
    return _("%(day)s, %(first)s–%(last)s: %(agents)d agents at work let each queue keep its goal on at least %(probability)s of such days.") % {
        "day": short_day(shapes.days_from(first_day, found["day"] + 1)[-1]), "first": clock(found["first_hour"]),
        "last": clock(found["last_hour"]), "agents": found["agents"], "probability": percent(found["probability"]),
    }  # fmt: skip


def rule_in_words(found: Figures) -> str:
    """By which rule contacts were given out in the search, and what decided; how far the search went."""
    if "settled" not in found:
        return ""  # kept by an earlier version, which did not say
    told = {"kernel": figure(found["by_kernel"]), "core": figure(found["by_core"]), "days": found["replications"],
            "rule": known(GIVEN_OUT, found["rule"])}  # fmt: skip
    if found["by_core"]:
        how = _(
            "The fast simulation came near with %(kernel)s mixes, giving each contact to the agent idle longest. From there the routing core itself "
            "decided, %(rule)s as the floor routes: %(core)s mixes, each on up to %(days)d possible days."
        ) % told  # fmt: skip
    else:
        how = _(
            "Contacts go to the agent idle longest: %(kernel)s mixes were tried, each on up to %(days)d possible days, in the fast simulation that "
            "takes the routing core's decisions."
        ) % told  # fmt: skip
    end = _("Every neighbouring mix that costs less breaks a goal.") if found["settled"] else _(
        "The search was ended at its limit: a cheaper neighbour may be left."
    )  # fmt: skip
    left_out = _(
        "Widening, help from other queues, reserved agents and the spreading of acts, where queues have them, are not played in the search."
    )
    return f"{how} {end} {left_out}"


def _grid(found: Figures, names: list[str]) -> str:
    begin, end = found["first_hour"], found["first_hour"] + found["slots"] * found["slot_minutes"] / 60
    places = {queue: k for k, queue in enumerate(found["queues"])}
    rows = []
    for person in found["people"][:SHOWN_PEOPLE]:
        cells = [""] * found["days"]
        for shift in person["shifts"]:
            tasks = [
                (start, stop, places[queue], f"{queue} {clock(start)}–{clock(stop)}")
                for queue, start, stop in shift["tasks"]
            ]
            cells[shift["day"]] = (
                charts.bar_of_day(tasks, begin, end) + f"{clock(shift['start'])}–{clock(shift['end'])}"
            )
        cells = [f"<td>{cell}</td>" for cell in cells]
        rows.append(
            f"<tr><td>{escape(person['name'])}</td>{''.join(cells)}<td class=number>{figure(person['hours'], 1)}</td></tr>"
        )
    key = "".join(f'<span class="queue-{k % shapes.SHADES}"></span>{escape(queue)} ' for queue, k in places.items())
    heads = "".join(f"<th>{escape(name)}</th>" for name in names)
    more = len(found["people"]) - SHOWN_PEOPLE
    note = _more(_more_people(more)) if more > 0 else ""
    return (f"<p class=key>{key}</p><div class=scroll><table class=grid><thead><tr><th>{_('person')}</th>{heads}"
            f"<th class=number>{_('hours')}</th></tr></thead><tbody>{''.join(rows)}</tbody></table></div>{note}")  # fmt: skip


def _more_people(count: int) -> str:
    return ngettext("and %(count)d more person", "and %(count)d more people", count) % {"count": count}


def _more(words: str) -> str:
    return f"<p class=quiet>{escape(words)}</p>"


def _income(found: Figures) -> str:
    rows = [
        [row["name"], known(STATUSES, row["status"]), str(row["hours"]), euros(row["expected"]),
         f"{euros(row['low'])} – {euros(row['high'])}", "–" if row["net"] is None else euros(row["net"]),
         known(RISKS, row["risk"] or "–")]
        for row in shapes.income_by_person(found)
    ]  # fmt: skip
    headers = [_("person"), _("status"), _("full hours"), _("an hour pays"), _("four hours in five"), _("net, about"),
               _("chief risk")]  # fmt: skip
    paragraph = _(
        "For each full hour worked: what acts should pay, before contributions, and the range that should hold it four times "
        "in five. Net is before income tax, for a month at this week's pace."
    )
    more = len(rows) - SHOWN_PEOPLE
    note = _more(_more_people(more)) if more > 0 else ""
    return ("<section><h2>" + _("What an hour should pay") + f"</h2><p>{escape(paragraph)}</p><p>{escape(floor_in_words(found))}</p>"
            + calibration.section(found) + table(headers, rows[:SHOWN_PEOPLE], 2) + note + "</section>")  # fmt: skip


def floor_in_words(found: Figures) -> str:
    """What guaranteeing a floor would cost, in a sentence."""
    cost = found["floor"]
    return _("Guaranteeing %(floor)s an hour would cost %(expected)s this week, %(most)s at most nine times in ten: "
             "%(share)s of hours would be topped up.") % {
        "floor": euros(cost["cents_an_hour"]), "expected": euros(cost["expected"]), "most": euros(cost["at_most_90"]),
        "share": percent(cost["share_of_hours"]),
    }  # fmt: skip


def _queue(queue: Figures, forecast: Figures) -> str:
    past = queue["past_daily"]
    days = shapes.days_from(forecast["first_day"], len(queue["daily"]))
    first = shapes.days_from(forecast["first_day"], 1)[0].toordinal() - len(past)
    labels = [(k / (len(past) + len(days)), short_day(type(days[0]).fromordinal(first + k)))
              for k in range(0, len(past) + len(days), 7)]  # fmt: skip
    uncertain = [k for k, day in enumerate(days) if day.isoformat() in queue["uncertain_days"]]
    methods = [
        [method_name(m["name"]), percent(m["wape"], 1), _("chosen") if m["chosen"] else ""] for m in queue["methods"]
    ]
    error = next((m["wape"] for m in queue["methods"] if m["chosen"]), None)
    return "".join([
        f"<section><h2>{escape(queue['name'])}</h2>",
        facts([
            (_("handling time"), seconds(queue["handling_seconds"])), (_("mean patience"), seconds(queue["patience_seconds"])),
            (_("error of the chosen method"), percent(error, 1)), (_("of which noise alone"), percent(queue["noise_wape"], 1)),
        ]),
        charts.past_and_forecast(past, queue["daily"], queue["daily_low"], queue["daily_high"], labels,
                                 _("Calls a day, seen and expected"), _("forecast"), uncertain),
        "<p class=key><span class=fact></span>" + _("seen") + " <span class=plan></span>" + _("expected") + " "
        "<span class=band></span>" + _("four days in five") + "</p>",
        notes(queue["warnings"], "warn"),
        "<details><summary>" + _("Methods tried on this queue") + "</summary>",
        table([_("method"), _("error by interval, on days not seen"), ""], methods), "</details></section>",
    ])  # fmt: skip


def _read(told: Figures) -> str:
    history = told["history"]
    mapping = [[field_name(name), read_as(name, value)] for name, value in history["mapping"]]
    marks = [
        [short_day(mark["day"]), queue["name"], said(mark["note"])]
        for queue in history["queues"] for mark in queue["marks"]
    ]  # fmt: skip
    supposed: list[Any] = [
        *told.get("forecast", {}).get("assumptions", []),
        *told.get("schedule", {}).get("assumptions", []),
    ]
    return "".join([
        "<section><h2>" + _("What was read, and what was supposed") + f"</h2><p>{escape(layout_in_words(history['layout']))}</p>",
        table([_("field"), _("column")], mapping, 2) if mapping else "", notes(history["problems"]),
        "<h3>" + _("Supposed") + "</h3>" if supposed else "", notes(supposed),
        "<h3>" + _("Days marked as unlike the others, left out of learning") + "</h3>" if marks else "",
        table([_("day"), _("queue"), _("why")], marks, 3) if marks else "", "</section>",
    ])  # fmt: skip
