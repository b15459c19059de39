"""Pieces of a report: frame, facts, notes, tables, numbers as the reader's language writes them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from importlib.resources import files
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from homeshore.planning.report.language import clock, figure, short_day
from homeshore.planning.report.words import said


def framed(title: str, body: str) -> str:
    """A page of the report's style around ``body``."""
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    language = (get_language() or "en")[:2]
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f"<body><main>{body}</main></body></html>\n"
    )


def percent(share: float | None, digits: int = 0) -> str:
    return "–" if share is None else _("%(number)s%%") % {"number": figure(100 * share, digits)}


def whole_euros(amount: float) -> str:
    return _("€%(amount)s") % {"amount": figure(amount)}


def euros(cents: float) -> str:
    return _("€%(amount)s") % {"amount": figure(cents / 100, 2)}


def seconds(value: float | None) -> str:
    return "–" if value is None else f"{figure(value)}\N{NO-BREAK SPACE}s"


def delay(value: float) -> str:
    """A time to answer in, in its largest whole unit: 20 s, 5 min, 8 h."""
    for unit, size in (("h", 3600), ("min", 60)):
        if value >= 2 * size and value % size == 0:
            return f"{figure(value / size)}\N{NO-BREAK SPACE}{unit}"
    return seconds(value)


def goal(share: float, within: float) -> str:
    """A service level: 80% within 20 s."""
    return _("%(share)s within %(delay)s") % {"share": percent(share), "delay": delay(within)}


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    return (
        "<dl>"
        + "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)
        + "</dl>"
    )


def gap_in_words(gap: Mapping[str, Any], first_day: str) -> str:
    """What nobody's offer covers, with the day's own name instead of its number in the plan."""
    values = gap["values"]
    day = date.fromisoformat(first_day) + timedelta(days=values["day"] - 1)
    told = (
        _("%(day)s, %(start)s–%(end)s: up to %(worst)d agents are missing for %(skills)s, even if all who offered work")
        if values["worst"] > 1
        else _("%(day)s, %(start)s–%(end)s: an agent is missing for %(skills)s, even if all who offered work")
    )
    return told % {
        **values, "day": short_day(day), "start": clock(values["start"]), "end": clock(values["end"]),
    }  # fmt: skip


def notes(problems: Sequence[Mapping[str, Any]], kind: str = "") -> str:
    return listed([said(problem) for problem in problems], kind)


def listed(sentences: Sequence[str], kind: str = "") -> str:
    """Sentences as a list; nothing where there are none."""
    if not sentences:
        return ""
    return f'<ul class="notes {kind}">' + "".join(f"<li>{escape(each)}</li>" for each in sentences) + "</ul>"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int = 1) -> str:
    def cells(values: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{tag}{'' if k < text_columns else ' class=number'}>{escape(v)}</{tag}>" for k, v in enumerate(values)
        )

    lines = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return (
        f"<div class=scroll><table><thead><tr>{cells(headers, 'th')}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
