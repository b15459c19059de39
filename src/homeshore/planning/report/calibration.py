"""How past promises of income held, in words and as a chart: coverage and bias, by hour of the day."""

from html import escape

from django.utils.translation import gettext as _

from homeshore.planning.report import charts
from homeshore.planning.report.language import written_day
from homeshore.planning.report.parts import percent, table
from homeshore.planning.report.shapes import Figures
from homeshore.planning.report.words import said


def in_words(income: Figures) -> str:
    """How often a past week's promises held and how far they were off; or why that is not known."""
    found = income.get("calibration")
    if not found:
        why = income.get("not_calibrated")
        first = _("Not calibrated: these ranges could not be checked against what past promises became.")
        return first + " " + (said(why) if why else _("The history holds no earnings."))
    off = (
        _("on the whole, %(bias)s more was promised than paid")
        if found["bias"] >= 0
        else _("on the whole, %(bias)s less was promised than paid")
    ) % {"bias": percent(abs(found["bias"]), 1)}
    told = _(
        "Checked on the week from %(day)s, promised as it would have been then: %(share)s of %(hours)d full hours fell into their "
        "range, where %(level)s are promised (between %(low)s and %(high)s when chance is allowed for); %(off)s."
    ) % {
        "day": written_day(found["week"], "j F Y"), "share": percent(found["coverage"]["value"]),
        "hours": found["agent_hours"], "level": percent(income["level"]), "low": percent(found["coverage"]["low"]),
        "high": percent(found["coverage"]["high"]), "off": off,
    }  # fmt: skip
    return told + _by_chance(found)


def _by_chance(found: Figures) -> str:
    """How far chance takes a week whose days are as unlike as these; a level missed on all of them is no chance of days."""
    reach = found.get("bias_by_chance")
    if reach is None:
        return ""
    words = (
        _("The chance of seven days explains that: as unlike as these are, it makes up to %(reach)s.")
        if abs(found["bias"]) <= reach
        else _(
            "That is more than the chance of seven days makes (%(reach)s): that week was not as the forecast had it."
        )
    )
    return " " + words % {"reach": percent(reach, 1)}


def chart(income: Figures) -> str:
    """Coverage by hour of the day with its band; nothing where promises were not checked."""
    found = income.get("calibration")
    if not found:
        return ""
    rows = [(f"{row['hour']} h", 100 * row["low"], 100 * row["value"], 100 * row["high"]) for row in found["by_hour"]]
    name = _("How many promises held, by hour of the day")
    return charts.ranges(rows, name, "%", steps=[0, 20, 40, 60, 80, 100])


def section(income: Figures) -> str:
    """The same for the report."""
    words = f"<h3>{escape(_('Did past promises hold?'))}</h3><p>{escape(in_words(income))}</p>"
    if not income.get("calibration"):
        return words
    rows = [
        [f"{row['hour']} h", percent(row["value"]), f"{percent(row['low'])} – {percent(row['high'])}"]
        for row in income["calibration"]["by_hour"]
    ]
    return words + chart(income) + table([_("hour"), _("promises that held"), _("band of chance, 95 per cent")], rows)
