"""The engine's words in the reader's language: problems, methods, statuses, risks, rules, models."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from homeshore.planning.report.language import clock, figure, shortest, written_day
from homeshore.routing.policy import LEAST_COST, LONGEST_IDLE

if TYPE_CHECKING:
    from homeshore.planning.engine.problems import Problem


def said(problem: "Mapping[str, Any] | Problem") -> str:
    """A problem of the engine, or one kept as data, in the reader's language."""
    if not isinstance(problem, Mapping):
        problem = asdict(problem)
    where = []
    if problem["line"] is not None:
        where.append(_("line %(line)d") % {"line": problem["line"]})
    if problem["field"] is not None:
        where.append(_("field “%(field)s”") % {"field": field_name(problem["field"])})
    words = {
        "rest day": _("rest day"), "half day": _("half day"), "above 0": _("above 0"), "0 or more": _("0 or more"),
        "usual day with your factor": _("usual day with your factor"),
    }  # fmt: skip
    values = {name: _value(value, words) for name, value in problem["values"].items()}
    if "form" in values:
        values["form"] = pattern_in_words(values["form"])
    if "separator" in values:
        values["separator"] = known(SEPARATORS, values["separator"])
    one, text = problem.get("one"), problem["text"]
    text = ngettext(one, text, problem["values"]["count"]) if one else _(text)
    return (", ".join(where) + _(": ") if where else "") + _filled(text, values)


def _filled(text: str, values: Mapping[str, Any]) -> str:
    """A text with its values in place: numbers as the reader's language writes them, hours of a day as a clock shows them."""

    def put(place: re.Match[str]) -> str:
        hour, name, digits, kind = place.groups()
        if hour:
            return clock(values[hour])
        if name is None:
            return "%"
        value = values[name]
        if isinstance(value, str) or (kind == "s" and not isinstance(value, float)):
            return str(value)
        if digits or kind == "d":
            return figure(value, int(digits or 0))
        return shortest(value)

    return _PLACE.sub(put, text)


def _value(value: Any, words: Mapping[str, str]) -> Any:
    """A value as people read it: a known word translated, an ISO date written out."""
    if not isinstance(value, str):
        return value
    return written_day(value, "j F Y") if _ISO_DAY.fullmatch(value) else words.get(value, value)


def only_queue() -> str:
    """The name of the queue of a file in which no column names one."""
    return _("all calls")


def layout_in_words(layout: str) -> str:
    """How a file was read: its encoding and separator, or its kind."""
    encoding, cut, separator = layout.partition(", separated by ")
    if not cut:
        return known(LAYOUTS, layout)
    return _("%(encoding)s, separated by %(separator)s") % {
        "encoding": encoding,
        "separator": known(SEPARATORS, separator),
    }


def source_in_words(source: str) -> str:
    """Where an assumption comes from; of an official table its reference, as the table gives it."""
    official, cut, reference = source.partition(f"{OFFICIAL_HOUR}: ")
    if official or not cut:
        return known(SOURCES, source)
    table, _cut, since = reference.rpartition(", rates since ")
    program, _cut, made = table.rpartition(", made ")
    return _("employer's cost of 1.1 times the minimum wage, 35 h a week, at rates since %(since)s: %(program)s, table of %(made)s") % {
        "since": _value(since, {}), "program": program.replace("MIT licence", _("MIT licence")), "made": _value(made, {}),
    }  # fmt: skip


def method_name(name: str) -> str:
    """A forecasting method."""
    names = {
        "same day last week": _("same day last week"),
        "mean of four same weekdays": _("mean of four same weekdays"),
        "weekday profile": _("weekday profile"),
        "weekday profile at last week's level": _("weekday profile at last week's level"),
        "calendar regression": _("calendar regression"),
        "calendar regression with place in month": _("calendar regression with place in month"),
        "mean of the best three": _("mean of the best three"),
    }
    base, comma, half_life = name.partition(", half-life ")
    if not comma:
        return names.get(base, base)
    return _("%(method)s, half-life %(days)s days") % {"method": names.get(base, base), "days": half_life.split()[0]}


_PLACE = re.compile(r"%\((first|last|opens|closes|opening|closing|start|end)\)g h|%\((\w+)\)(?:\.(\d))?([dfgs])|%%")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

STATUSES = {
    "micro_bnc": gettext_lazy("micro-entrepreneur"),
    "micro_bic_services": gettext_lazy("micro-entrepreneur (services)"),
    "micro_artisan": gettext_lazy("craft micro-entrepreneur"),
    "employee": gettext_lazy("employee"),
    "portage": gettext_lazy("portage"),
    "company": gettext_lazy("own company"),
}
RISKS = {
    "few_calls": gettext_lazy("few calls"),
    "own_pace": gettext_lazy("longer calls than most"),
    "chance": gettext_lazy("chance"),
}
GIVEN_OUT = {
    LEAST_COST: gettext_lazy("by least cost"),
    LONGEST_IDLE: gettext_lazy("to who is idle longest"),
}
"""The rules of routing, after “contacts are given out …”."""
RULES = {
    "least hours of the week": gettext_lazy("least hours of the week"),
    "availability": gettext_lazy("availability"),
    "shortest shift": gettext_lazy("shortest shift"),
    "longest shift": gettext_lazy("longest shift"),
    "most hours of the week": gettext_lazy("most hours of the week"),
    "rest between shifts": gettext_lazy("rest between shifts"),
    "most days": gettext_lazy("most days"),
    "obligatory shifts": gettext_lazy("obligatory shifts"),
}
MODELS = {
    "on_site": gettext_lazy("on site"),
    "offshore": gettext_lazy("offshore"),
    "home_employee": gettext_lazy("homes, employees"),
    "home_independent": gettext_lazy("homes, independents"),
    "home_mixed": gettext_lazy("homes, mixed"),
    "home_portage": gettext_lazy("homes, portage"),
}
ASSUMPTIONS = {
    "paid_hour": gettext_lazy("cost of an hour paid"),
    "contact_second": gettext_lazy("cost of a second of contact"),
    "overhead": gettext_lazy("overhead"),
    "shortest_shift": gettext_lazy("shortest shift"),
    "shrinkage": gettext_lazy("paid time not at work"),
    "handling_factor": gettext_lazy("handling time, times"),
    "turnover": gettext_lazy("turnover"),
    "hiring": gettext_lazy("cost of hiring"),
    "ramp_up": gettext_lazy("time to learn"),
    "extra_agents": gettext_lazy("agents who come in a peak"),
    "share_of_employees": gettext_lazy("share of employees"),
}
KINDS = {"call": gettext_lazy("calls"), "chat": gettext_lazy("chats"), "mail": gettext_lazy("e-mails")}
UNITS = {
    "€ an hour paid": gettext_lazy("€ an hour paid"),
    "€ a second of contact": gettext_lazy("€ a second of contact"),
    "€ a month and agent": gettext_lazy("€ a month and agent"),
    "hours": gettext_lazy("hours"),
    "share": gettext_lazy("share"),
    "times": gettext_lazy("times"),
    "share a year": gettext_lazy("share a year"),
    "€ an agent hired": gettext_lazy("€ an agent hired"),
    "months at half pace": gettext_lazy("months at half pace"),
    "share of the usual agents": gettext_lazy("share of the usual agents"),
    "share of hours": gettext_lazy("share of hours"),
}
OFFICIAL_HOUR = "employer's cost of 1.1 times the minimum wage, 35 h a week"
SOURCES = {
    "the user's, to be confirmed": gettext_lazy("the user's, to be confirmed"),
    "given by the user": gettext_lazy("given by the user"),
    "paid by the hour": gettext_lazy("paid by the hour"),
    "paid per act: time without contact is not paid": gettext_lazy("paid per act: time without contact is not paid"),
}
SEPARATORS = {
    "comma": gettext_lazy("commas"),
    "semicolon": gettext_lazy("semicolons"),
    "tab": gettext_lazy("tabs"),
    "bar": gettext_lazy("bars"),
}
LAYOUTS = {"Excel, first sheet": gettext_lazy("Excel, first sheet")}
FIELDS = {
    "arrived": gettext_lazy("date and time of arrival"),
    "day": gettext_lazy("date"),
    "time": gettext_lazy("time of day"),
    "calls": gettext_lazy("number of calls"),
    "queue": gettext_lazy("queue"),
    "wait": gettext_lazy("seconds waited"),
    "handling": gettext_lazy("seconds of handling"),
    "outcome": gettext_lazy("outcome"),
    "agent": gettext_lazy("agent"),
}
SETTINGS = {
    "share": gettext_lazy("service level"),
    "seconds": gettext_lazy("seconds to answer in"),
    "shrinkage": gettext_lazy("scheduled time not at work"),
    "handling_seconds": gettext_lazy("seconds of handling"),
    "windows": gettext_lazy("hours offered"),
    "later": gettext_lazy("queues helped later"),
    "overflow": gettext_lazy("overflow"),
    "queues": gettext_lazy("queues"),
    "people": gettext_lazy("people"),
    "status": gettext_lazy("status"),
    "name": gettext_lazy("name"),
    "country": gettext_lazy("country"),
    "zone": gettext_lazy("time zone"),
    "events": gettext_lazy("events"),
}


def known(words: Mapping[str, Any], code: str) -> str:
    """The word for a code; the code itself where there is none."""
    return str(words.get(code, code))


def field_name(name: str) -> str:
    """A field as people know it: of a mapping, as it is described (a column, the date format, an outcome), or of a plan."""
    if name.startswith("outcome “"):
        return _("outcome “%(value)s”") % {"value": name.removeprefix("outcome “").removesuffix("”")}
    return _("date format") if name == "date format" else known({**SETTINGS, **FIELDS}, name)


def pattern_in_words(form: str) -> str:
    """A date format as people write it: JJ/MM/AAAA HH:MM in French, DD/MM/YYYY HH:MM in English."""
    parts = {
        "%Y": _("YYYY"), "%y": _("YY"), "%m": _("MM"), "%d": _("DD"), "%H": _("HH"), "%M": _("mm"), "%S": _("ss"),
        "%.f": _(".000"), "%z": "+00:00",
    }  # fmt: skip
    return re.sub(r"%\.?\w", lambda part: parts.get(part[0], part[0]), form)


def read_as(name: str, value: str) -> str:
    """What a field of a mapping is taken for: a column by its own name, a date format, or what an outcome means."""
    if name == "date format":
        return pattern_in_words(value)
    return meaning(value) if name.startswith("outcome “") else value


def meaning(word: str) -> str:
    """What an outcome means."""
    return {"answered": _("answered"), "abandoned": _("abandoned"), "ignored": _("ignored")}.get(word, word)
